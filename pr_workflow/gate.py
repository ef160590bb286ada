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

_permits: ContextVar[frozenset[int]] = ContextVar("publication_permits", default=frozenset())


class PublicationRefused(PermissionDenied):
    """Somebody tried to make news public around the approval chain; answered as 403."""


@contextmanager
def publication_permit(page_pk: int) -> Iterator[None]:
    """Let this page become live inside the block; only the publishing step hands this out."""
    token = _permits.set(_permits.get() | {page_pk})
    try:
        yield
    finally:
        _permits.reset(token)


def require_permit(page_pk: int | None) -> None:
    """Refuse with a whole sentence unless a permit for this page is held.

    Raises `PublicationRefused`.
    """
    if page_pk is None or page_pk not in _permits.get():
        raise PublicationRefused(
            _("News goes live only through the approval chain and posting. Submit it for consideration instead.")
        )
