"""Which step listens to which event. Imported once, when Django is ready."""

from collections.abc import Callable

import swapper
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.dispatch import Signal
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import CollectionViewRestriction
from wagtail.signals import pre_page_move

from . import deletions, signals, thai_moment
from .approval import chain_use, chain_watch, entering, withdrawing
from .approval import clock_holders as approval_holders
from .approval import notices as approval_notices
from .approval import receivers as approval
from .archive import receivers as archive
from .clocks import receivers as clocks
from .distribution import receivers as distribution
from .lead_time import receivers as lead_time
from .news import receivers as news
from .news.selectors import news_page_models
from .notifications import wagtail_mails
from .people import notices as people_notices
from .people import receivers as people
from .plan import notices as plan_notices
from .publishing import address_receivers, beat_signs, sealed_files, search_debt
from .publishing import clock_holders as publishing_holders
from .publishing import correction_receivers as corrections
from .publishing import direct_receivers as direct
from .publishing import notices as publishing_notices
from .publishing import projection_receivers as projection
from .publishing import receivers as publishing
from .working_group import notices as working_group_notices


def connect() -> None:
    """Connect the receivers of every step; safe to call again."""
    page = swapper.load_model("wagtailcore", "Page")
    pre_save.connect(news.on_plain_page_saving, sender=page, dispatch_uid="news_gate_of_plain_pages")
    for model in (get_image_model(), get_document_model()):
        pre_save.connect(sealed_files.on_file_saving, sender=model, dispatch_uid=f"sealed_files_of_{model._meta.label}")
    pre_save.connect(
        sealed_files.on_collection_closing, sender=CollectionViewRestriction, dispatch_uid="sealed_files_stay_open"
    )
    for news_page in news_page_models():
        label = news_page._meta.label
        post_save.connect(search_debt.on_news_saved, sender=news_page, dispatch_uid=f"index_{label}")
        post_delete.connect(search_debt.on_news_deleted, sender=news_page, dispatch_uid=f"no_index_{label}")
    signals.file_change_asked.connect(sealed_files.on_file_change_asked, dispatch_uid="sealed_files_of_forms")
    signals.news_readiness_asked.connect(approval.on_news_readiness_asked, dispatch_uid="approval_unmanned")
    signals.news_readiness_asked.connect(lead_time.on_news_readiness_asked, dispatch_uid="lead_time_note")
    signals.deletion_asked.connect(deletions.on_deletion_asked, dispatch_uid="kept_is_not_deleted")
    signals.chain_asked.connect(approval.on_chain_asked, dispatch_uid="approval_chain_rules")
    for kind in chain_watch.step_kinds():
        uid = f"log_step_groups_{kind._meta.label}"
        m2m_changed.connect(approval.on_step_groups_changed, sender=kind.groups.through, dispatch_uid=uid)
    pre_page_move.connect(approval.on_page_moving, dispatch_uid="approval_chain_of_the_new_place")
    entering.install()
    withdrawing.install()
    wagtail_mails.install()
    thai_moment.install()
    signals.chain_finishing.connect(approval.on_chain_finishing, dispatch_uid="approval_all_signed")
    signals.chain_asked.connect(corrections.on_chain_asked, dispatch_uid="short_way_of_corrections")
    signals.news_submitted.connect(corrections.on_news_submitted, dispatch_uid="short_way_guard")
    signals.news_submitted.connect(publishing.on_news_submitted, dispatch_uid="postings_hold")
    signals.news_approved.connect(publishing.on_news_approved, dispatch_uid="posting_open")
    signals.news_posted.connect(publishing.on_news_posted, dispatch_uid="posting_eta")
    signals.news_went_live.connect(publishing.on_news_went_live, dispatch_uid="index_follows")
    signals.news_went_live.connect(distribution.on_news_went_live, dispatch_uid="deliveries_plan")
    signals.news_taken_down.connect(distribution.on_news_taken_down, dispatch_uid="deliveries_call_back")
    signals.check_findings_asked.connect(distribution.on_check_findings_asked, dispatch_uid="channels_of_a_check")
    signals.delivery_sent.connect(distribution.on_delivery_sent, dispatch_uid="removals_ask")
    signals.publication_verified.connect(archive.archive_soon, dispatch_uid="archive_verified")
    signals.delivery_sent.connect(archive.archive_soon, dispatch_uid="archive_sent")
    signals.clock_pause_asked.connect(approval.on_clock_pause_asked, dispatch_uid="approval_pause")
    signals.clock_pause_asked.connect(publishing.on_clock_pause_asked, dispatch_uid="posting_pause")
    for holders in (approval_holders, publishing_holders, working_group_notices):
        signals.clock_holders_asked.connect(holders.on_clock_holders_asked, dispatch_uid=holders.__name__)
    _connect_notices()
    people.connect()
    chain_watch.connect()
    chain_use.connect()
    clocks.connect()
    beat_signs.connect()
    direct.connect()
    address_receivers.connect()
    projection.connect()


def _connect_notices() -> None:
    """Who is told what. Who has to act comes first: of one event everybody is told once."""
    told: dict[Signal, list[Callable]] = {
        signals.delegation_changed: [people_notices.on_delegation_changed],
        signals.working_group_appointed: [working_group_notices.on_working_group_appointed],
        signals.plan_approved: [plan_notices.on_plan_approved],
        signals.activity_cancelled: [plan_notices.on_activity_cancelled],
        signals.step_started: [approval_notices.on_step_started],
        signals.step_returned: [approval_notices.on_step_returned],
        signals.news_approved: [publishing_notices.on_news_approved, approval_notices.on_news_approved],
        signals.approval_withdrawn: [publishing_notices.on_approval_withdrawn],
        signals.news_posted: [publishing_notices.on_news_posted],
        signals.correction_opened: [publishing_notices.on_correction_opened],
        signals.news_taken_down: [publishing_notices.on_news_taken_down],
        signals.emergency_published: [publishing_notices.on_emergency_published],
        signals.emergency_decided: [publishing_notices.on_emergency_decided],
    }
    for signal, receivers in told.items():
        for receiver in receivers:
            signal.connect(receiver, dispatch_uid=f"tell_{receiver.__module__}_{receiver.__name__}")
