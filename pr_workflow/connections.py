"""Which step listens to which event. Imported once, when Django is ready."""

import swapper
from django.db.models.signals import pre_save
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from . import signals
from .approval import receivers as approval
from .approval import withdrawing
from .archive import receivers as archive
from .distribution import receivers as distribution
from .news import receivers as news
from .people import receivers as people
from .publishing import direct_receivers as direct
from .publishing import projection_receivers as projection
from .publishing import receivers as publishing
from .publishing import sealed_files


def connect() -> None:
    """Connect the receivers of every step; safe to call again."""
    page = swapper.load_model("wagtailcore", "Page")
    pre_save.connect(news.on_plain_page_saving, sender=page, dispatch_uid="news_gate_of_plain_pages")
    for model in (get_image_model(), get_document_model()):
        pre_save.connect(sealed_files.on_file_saving, sender=model, dispatch_uid=f"sealed_files_of_{model._meta.label}")
    signals.file_change_asked.connect(sealed_files.on_file_change_asked, dispatch_uid="sealed_files_of_forms")
    signals.news_readiness_asked.connect(approval.on_news_readiness_asked, dispatch_uid="approval_unmanned")
    withdrawing.install()
    signals.chain_finishing.connect(approval.on_chain_finishing, dispatch_uid="approval_all_signed")
    signals.news_approved.connect(publishing.on_news_approved, dispatch_uid="posting_open")
    signals.news_posted.connect(publishing.on_news_posted, dispatch_uid="posting_eta")
    signals.news_went_live.connect(distribution.on_news_went_live, dispatch_uid="deliveries_plan")
    signals.news_taken_down.connect(distribution.on_news_taken_down, dispatch_uid="deliveries_call_back")
    signals.publication_verified.connect(archive.archive_soon, dispatch_uid="archive_verified")
    signals.delivery_sent.connect(archive.archive_soon, dispatch_uid="archive_sent")
    people.connect()
    direct.connect()
    projection.connect()
