"""Which step listens to which event. Imported once, when Django is ready."""

from . import signals
from .archive import receivers as archive
from .publishing import projection_receivers as projection
from .publishing import receivers as publishing


def connect() -> None:
    """Connect the receivers of every step; safe to call again."""
    signals.news_approved.connect(publishing.on_news_approved, dispatch_uid="posting_open")
    signals.news_posted.connect(publishing.on_news_posted, dispatch_uid="posting_eta")
    signals.publication_verified.connect(archive.archive_soon, dispatch_uid="archive_verified")
    signals.delivery_sent.connect(archive.archive_soon, dispatch_uid="archive_sent")
    projection.connect()
