"""The one gate every way to the public meets (promise I3, R36).

A news page refuses to be saved as live unless the publishing step holds a permit for exactly that page.
Admin buttons, bulk actions, copies, aliases, reverts, APIs and commands all end in `page.save()`, so
one check there covers them all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

_permits: ContextVar[frozenset[tuple[str, int]]] = ContextVar("publication_permits", default=frozenset())
_taking_down: ContextVar[bool] = ContextVar("taking_down", default=False)


class PublicationRefused(PermissionDenied):
    """Somebody tried to make news public around the approval chain; answered as 403."""


@contextmanager
def publication_permit(pk: int, *, kind: str = "page") -> Iterator[None]:
    """Let this page, or this object of another `kind`, become live inside the block; only the end of a chain and the
    publishing step hand this out."""
    token = _permits.set(_permits.get() | {(kind, pk)})
    try:
        yield
    finally:
        _permits.reset(token)


def require_permit(pk: int | None, *, kind: str = "page") -> None:
    """Refuse with a whole sentence unless a permit for this page, or this object of another `kind`, is held.

    Raises `PublicationRefused`.
    """
    if pk is not None and (kind, pk) in _permits.get():
        return
    if kind != "page":
        raise PublicationRefused(
            _("This comes into force only through its approval. Submit it for consideration instead.")
        )
    raise PublicationRefused(
        _("News goes live only through the approval chain and posting. Submit it for consideration instead.")
    )


def require_plan_to_stay(pk: int, *, kind: str) -> None:
    """Refuse to take an object of a `kind` with approvals out of force, unless a permit for it is held.

    Raises `PublicationRefused`.
    """
    if (kind, pk) not in _permits.get():
        raise PublicationRefused(plan_stays())


def plan_stays() -> str:
    """Why a plan is not taken out of force, as a whole sentence."""
    return _("An approved plan stays in force until the director has approved another version of it.")


def require_no_alias(page) -> None:
    """Refuse news that Wagtail would keep equal to another item: it would go live with it, without its own chain.

    Raises `PublicationRefused`.
    """
    if page.alias_of_id is not None:
        raise PublicationRefused(
            _("News has no aliases, because each item goes through its own approval. Make a copy instead.")
        )


@contextmanager
def taking_down() -> Iterator[None]:
    """The flow's own verb takes news off the site inside the block and logs it itself."""
    token = _taking_down.set(True)
    try:
        yield
    finally:
        _taking_down.reset(token)


def is_taking_down() -> bool:
    """Whether the flow's own verb is at work; whoever else takes news down is logged as having gone around it (I4)."""
    return _taking_down.get()
