"""A small server that plays the channels: for tests, for the demo, and for trying out failures by hand.

It keeps its own ledger, so that what really arrived can be compared with what our ledger says.
"""

from .ledger import Ledger
from .server import FakeChannels

__all__ = ["FakeChannels", "Ledger"]
