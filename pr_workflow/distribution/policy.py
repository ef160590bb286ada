"""How patient the distribution step is: every limit in one place, so that giving up is a decision that can be read."""

from datetime import timedelta

#: How long a sender may keep a row. Far longer than the slowest request (see ``adapters/http.py``), so that a lease
#: that ran out means a dead or frozen worker and not a slow channel.
LEASE = timedelta(minutes=2)

#: Attempts that were surely refused before the row is given up as failed. The waits below add up to 7.5 minutes, which
#: keeps the last automatic attempt inside the ten minutes of S2 step 5.
MAX_ATTEMPTS = 5
RETRY_WAITS = (timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4))

#: A channel may ask us to come back later (HTTP 429). We listen, within reason.
LONGEST_REQUESTED_WAIT = timedelta(hours=1)

#: How long an unclear post may take to show up in the channel before "not there" is believed.
SETTLE = timedelta(seconds=30)

#: Read-backs of an unclear row before it waits for a person.
MAX_LOOKUPS = 8
LOOKUP_WAITS = (SETTLE, timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=5), timedelta(minutes=15))

#: The tick plans deliveries that the go-live event missed, but only for news younger than this: a channel that was just
#: added or switched on again must never receive the news of past years.
CATCH_UP = timedelta(hours=24)


def retry_wait(attempts: int, requested: timedelta | None = None) -> timedelta:
    """How long to wait after the ``attempts``-th refusal (1 or more), at least as long as the channel asked for."""
    own = RETRY_WAITS[min(attempts, len(RETRY_WAITS)) - 1]
    return max(own, min(requested or timedelta(), LONGEST_REQUESTED_WAIT))


def lookup_wait(lookups: int) -> timedelta:
    """How long to wait after ``lookups`` read-backs (0 or more) of an unclear row."""
    return LOOKUP_WAITS[min(lookups, len(LOOKUP_WAITS) - 1)]
