"""The typed public reading interface, one router a resource (R62)."""
