"""The ways in which the fake channels can be told to misbehave."""

import threading
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What goes wrong, and whether the post is taken before it does."""

    TIMEOUT_AFTER_ACCEPT = "timeout_after_accept"
    TIMEOUT_BEFORE_ACCEPT = "timeout_before_accept"
    ERROR_AFTER_ACCEPT = "error_after_accept"
    ERROR_BEFORE_ACCEPT = "error_before_accept"
    RESET_AFTER_ACCEPT = "reset_after_accept"
    RESET_BEFORE_ACCEPT = "reset_before_accept"
    GARBAGE_AFTER_ACCEPT = "garbage_after_accept"
    TOO_MANY_REQUESTS = "too_many_requests"
    REFUSED = "refused"
    SLOW = "slow"

    @property
    def takes_the_post(self) -> bool:
        """Whether the post counts although the sender is not told so."""
        return self.value.endswith("_after_accept") or self is Fault.SLOW


@dataclass
class Order:
    """One order to misbehave: for requests of a method whose path starts so, a number of times."""

    path: str
    fault: Fault
    times: int = 1
    method: str = "POST"
    seconds: float = 30.0

    @classmethod
    def read(cls, content: dict) -> "Order":
        """Raises ValueError or TypeError when the order is not understood."""
        order = cls(**content)
        order.fault = Fault(order.fault)
        order.times, order.seconds = int(order.times), float(order.seconds)
        return order


class Faults:
    """The open orders. The first that fits is used up once per request."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders: list[Order] = []

    def add(self, order: Order) -> None:
        """Add an order after those that are open."""
        with self._lock:
            self._orders.append(order)

    def clear(self) -> None:
        """Behave again."""
        with self._lock:
            self._orders.clear()

    def take(self, method: str, path: str) -> Order | None:
        """The order for this request, counted down; None to behave."""
        with self._lock:
            for order in self._orders:
                if order.times > 0 and order.method == method and path.startswith(order.path):
                    order.times -= 1
                    return order
        return None
