"""One calendar of everything the agency's PR has on a date, read from the steps and changed through them (R26)."""
