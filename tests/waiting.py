"""Waiting for another process: until a condition holds, never for a fixed time."""

import time
from collections.abc import Callable


def wait_for(condition: Callable[[], bool], seconds: float = 10) -> bool:
    """Poll ``condition`` until it holds (True) or the time is over (False)."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
