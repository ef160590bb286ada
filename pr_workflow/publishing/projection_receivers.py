"""The doors of the projection: whatever a public row shows, a change of it comes through here (design §3).

Rows change in the transaction of what caused it. Only what is final after the commit (site addresses, picture sizes
that a form throws away after saving) waits for it, and so do changes that touch more pages than one request should
rebuild; those go to a job. Taking away is never put off.
"""

import logging
from collections.abc import Callable, Iterable
from functools import partial

import swapper
from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_delete
from django.utils import timezone
from kombu.exceptions import OperationalError
from taggit.models import Tag
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import CollectionViewRestriction, PageViewRestriction, Site
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from ..festival_calendar.models import ImportantDay
from ..news.models import NewsPageMixin
from ..news.public_content import PHOTO_SPECS
from ..people.models import Agency, StaffProfile, Unit
from ..plan.models import AnnualPlan, PlanActivity
from ..signals import news_posted
from .models import PublishedItem
from .projection import published_item_refresh, published_item_remove
from .projection_jobs import posting_pictures_prepare, published_refresh
from .refresh import (
    live_news,
    news_models,
    pages_below,
    pages_of_agency,
    pages_refresh,
    pages_using,
    pages_with,
    pages_withdraw,
)

logger = logging.getLogger(__name__)

Page = swapper.load_model("wagtailcore", "Page")

#: More pages than this are rebuilt by a job, so that no request waits for them.
AT_ONCE = 50
JOB_SIZE = 200
#: Columns Wagtail fills in by itself when somebody asks for them; they show nothing new.
BOOKKEEPING = frozenset({"file_hash", "file_size"})


def rows_refresh(page_pks: Iterable[int]) -> None:
    """Refresh a few rows now, many by jobs after the commit; without a queue they are all done here."""
    pages = sorted(set(page_pks))
    if len(pages) <= AT_ONCE:
        pages_refresh(pages, now=timezone.now())
        return
    for start in range(0, len(pages), JOB_SIZE):
        part = pages[start : start + JOB_SIZE]
        transaction.on_commit(partial(_order_refresh, part))


def _order_refresh(page_pks: list[int]) -> None:
    try:
        published_refresh.apply_async(args=[page_pks])
    except (OperationalError, OSError) as error:
        logger.warning("no job for %s public rows, refreshing them here: %s", len(page_pks), error)
        pages_refresh(page_pks, now=timezone.now())


def on_news_posted(sender, *, posting, **kwargs):
    """Large pictures take seconds; better now than while the go-live holds its locks. Going live makes what lacks."""
    try:
        posting_pictures_prepare.apply_async(args=[posting.pk])
    except (OperationalError, OSError) as error:
        logger.warning("no job for the pictures of posting %s: %s", posting.pk, error)


def on_page_published(sender, *, instance, **kwargs):
    """Also sent for a mere schedule, with the embargoed text in `instance`: only the database row counts."""
    if issubclass(sender, NewsPageMixin) and not getattr(instance, "row_follows", False):
        published_item_refresh(instance.pk, timezone.now())


def on_page_unpublished(sender, *, instance, **kwargs):
    """Gone at once, also when the page is about to be deleted."""
    published_item_remove(instance.pk)


def on_page_saved(sender, *, instance, raw=False, **kwargs):
    """A page that was switched off without any other signal loses its row."""
    if not raw and not instance.live and PublishedItem.objects.filter(page_id=instance.pk).exists():
        published_item_refresh(instance.pk, timezone.now())


def on_page_moved(sender, *, instance, **kwargs):
    """New address, perhaps another agency or a private section, for the page, all below it, and links to them."""
    rows_refresh(pages_below(instance.path))


def on_page_slug_changed(sender, *, instance, **kwargs):
    """New address for the page, all below it, and links to them."""
    rows_refresh(pages_below(instance.path))


def on_page_restricted(sender, *, instance, raw=False, **kwargs):
    """A private section has no rows (I5)."""
    if not raw:
        pages_withdraw(instance.page.path)


def on_page_restriction_lifted(sender, *, instance, **kwargs):
    """Public again, unless something else still restricts it."""
    page = Page.objects.filter(pk=instance.page_id).first()
    if page:
        rows_refresh(pages_below(page.path))


def on_collection_restriction_changed(sender, *, instance, **kwargs):
    """Pictures and files of a collection became private, or public again."""
    collections = instance.collection.get_descendants(inclusive=True)
    pages: set[int] = set()
    for model in (get_image_model(), get_document_model()):
        for row in model.objects.filter(collection__in=collections):
            pages |= pages_using(row)
    rows_refresh(pages)


def on_picture_size_deleted(sender, *, instance, **kwargs):
    """The image form throws the old sizes away after saving the new file: make and show new ones."""
    if instance.filter_spec in PHOTO_SPECS:
        image = instance.image
        transaction.on_commit(lambda: rows_refresh(pages_using(image)))


def on_site_changed(sender, **kwargs):
    """Every address may be another one."""

    def refresh_all():
        Site.clear_site_root_paths_cache()
        rows_refresh(live_news().values_list("pk", flat=True))

    transaction.on_commit(refresh_all)


#: What rows show beside the page itself, and how to find the pages that show it.
SHOWN: dict[type[Model], Callable[..., set[int]]] = {
    Tag: partial(pages_with, "tags"),
    ImportantDay: partial(pages_with, "important_day"),
    PlanActivity: partial(pages_with, "plan_activity"),
    AnnualPlan: partial(pages_with, "plan_activity__plan"),
    StaffProfile: partial(pages_with, "responsible_officer"),
    Unit: partial(pages_with, "responsible_officer__unit"),
    Agency: pages_of_agency,
    get_image_model(): pages_using,
    get_document_model(): pages_using,
}


def _finder(sender) -> Callable[..., set[int]]:
    return pages_using if issubclass(sender, Page) else SHOWN[sender]


def on_shown_saved(sender, *, instance, created=False, raw=False, update_fields=None, **kwargs):
    """Something that rows show was changed. What is new is shown nowhere yet, but an agency takes over a site."""
    if raw or (created and sender is not Agency) or (update_fields and set(update_fields) <= BOOKKEEPING):
        return
    rows_refresh(_finder(sender)(instance))


def on_shown_deleting(sender, *, instance, **kwargs):
    """Remember who shows it while the references still exist."""
    instance.shown_on_pages = _finder(sender)(instance) - {instance.pk if issubclass(sender, Page) else None}


def on_shown_deleted(sender, *, instance, **kwargs):
    """It is gone: the rows that showed it show it no more."""
    rows_refresh(getattr(instance, "shown_on_pages", ()))


def connect() -> None:
    """Connect every door; safe to call again."""
    news_posted.connect(on_news_posted, dispatch_uid="row_pictures")
    page_published.connect(on_page_published, dispatch_uid="row_page_published")
    page_unpublished.connect(on_page_unpublished, dispatch_uid="row_page_unpublished")
    post_page_move.connect(on_page_moved, dispatch_uid="row_page_moved")
    page_slug_changed.connect(on_page_slug_changed, dispatch_uid="row_page_slug")
    for model in (Page, *news_models()):
        post_save.connect(on_page_saved, sender=model, dispatch_uid=f"row_saved_{model._meta.label}")
    post_save.connect(on_page_restricted, sender=PageViewRestriction, dispatch_uid="row_restricted")
    post_delete.connect(on_page_restriction_lifted, sender=PageViewRestriction, dispatch_uid="row_unrestricted")
    for signal in (post_save, post_delete):
        signal.connect(
            on_collection_restriction_changed, sender=CollectionViewRestriction, dispatch_uid="row_collection"
        )
        signal.connect(on_site_changed, sender=Site, dispatch_uid="row_site")
    sizes = get_image_model().get_rendition_model()
    post_delete.connect(on_picture_size_deleted, sender=sizes, dispatch_uid="row_picture_size")
    for model in SHOWN:
        post_save.connect(on_shown_saved, sender=model, dispatch_uid=f"row_shown_{model._meta.label}")
    for model in (*SHOWN, Page):
        pre_delete.connect(on_shown_deleting, sender=model, dispatch_uid=f"row_deleting_{model._meta.label}")
        post_delete.connect(on_shown_deleted, sender=model, dispatch_uid=f"row_deleted_{model._meta.label}")
