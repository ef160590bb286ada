"""What happens to news and plans around the flow's own verbs stands in the log too, in the same transaction (I4).

The side doors of the admin refuse most of it. What a superuser may still do there, and what commands or other apps do,
ends in these signals. Who did it is the account that Wagtail's admin works for; nobody in a command.
"""

from typing import Any

from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_save, pre_delete
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.log_actions import get_active_log_context
from wagtail.models import PageLogEntry, PageViewRestriction
from wagtail.signals import page_unpublished, post_page_move, unpublished

from ..audit.services import audit_record
from ..gate import is_taking_down
from ..news.models import NewsPageMixin
from ..people.models import Agency
from ..people.selectors import agency_for_page
from ..plan.models import AnnualPlan
from .refresh import Page, news_models
from .sealed_files import news_holding

#: Wagtail logs these acts and sends no signal for them.
LOCKING = {"wagtail.lock": "page_locked", "wagtail.unlock": "page_unlocked"}


@transaction.atomic
def _record(verb: str, target: Model, agency: Agency | None, **data: Any) -> None:
    actor = get_active_log_context().user
    audit_record(actor=actor, verb=verb, target=target, now=timezone.now(), agency=agency, data=data)


def on_page_unpublished(sender, *, instance, **kwargs):
    """News left the site without the verb that asks for a reason."""
    if issubclass(sender, NewsPageMixin) and not is_taking_down():
        _record("page_unpublished_directly", instance, agency_for_page(instance))


def on_page_moved(sender, *, instance, parent_page_before, parent_page_after, **kwargs):
    """News, or a section with news, has another place; when it changed the agency, both agencies' logs say so."""
    if parent_page_before.pk == parent_page_after.pk:
        return
    below = Page.objects.filter(path__startswith=instance.path)
    if not any(issubclass(page.specific_class or Page, NewsPageMixin) for page in below):
        return
    before, after = agency_for_page(parent_page_before), agency_for_page(parent_page_after)
    places = {"from": parent_page_before.url_path, "to": parent_page_after.url_path}
    for agency in dict.fromkeys([before, after]):
        _record("page_moved", instance, agency, **places)


def on_news_deleting(sender, *, instance, **kwargs):
    """News is about to be deleted; only what nobody has signed can be."""
    in_consideration = instance.current_workflow_state is not None
    _record("news_delete", instance, agency_for_page(instance), live=instance.live, in_consideration=in_consideration)


def on_page_restricted(sender, *, instance, raw=False, **kwargs):
    """A page, with all below it, is no longer for everybody, or for others than before."""
    if not raw:
        _record("page_restricted", instance.page, agency_for_page(instance.page), type=instance.restriction_type)


def on_page_restriction_lifting(sender, *, instance, **kwargs):
    """A page, with all below it, is about to be public again."""
    page, kind = instance.page, instance.restriction_type
    _record("page_restriction_lifted", page, agency_for_page(page), type=kind)


def on_act_logged(sender, *, instance, created, raw=False, **kwargs):
    """News was locked or unlocked against changes."""
    page = instance.page
    if raw or not created or instance.action not in LOCKING or page is None:
        return
    if issubclass(page.specific_class or Page, NewsPageMixin):
        _record(LOCKING[instance.action], page, agency_for_page(page))


def on_file_deleting(sender, *, instance, **kwargs):
    """A picture or file under news is about to be deleted: an administrator may, where it must vanish at once (R40)."""
    if titles := news_holding(instance):
        owner = Agency.objects.filter(collection__in=instance.collection.get_ancestors(inclusive=True)).first()
        _record("file_delete", instance, owner, title=instance.title, news=titles, file_hash=instance.get_file_hash())


def on_plan_unpublished(sender, *, instance, **kwargs):
    """A plan is in force no more, without another one in its place."""
    _record("plan_unpublished", instance, instance.agency)


def on_plan_deleting(sender, *, instance, **kwargs):
    """A plan is about to be deleted; only one that nobody has signed can be."""
    _record("plan_delete", instance, instance.agency, in_force=instance.live)


def connect() -> None:
    """Listen to every way around; safe to call again."""
    page_unpublished.connect(on_page_unpublished, dispatch_uid="log_page_unpublished")
    post_page_move.connect(on_page_moved, dispatch_uid="log_page_moved")
    for model in news_models():
        pre_delete.connect(on_news_deleting, sender=model, dispatch_uid=f"log_deleting_{model._meta.label}")
    post_save.connect(on_page_restricted, sender=PageViewRestriction, dispatch_uid="log_restricted")
    pre_delete.connect(on_page_restriction_lifting, sender=PageViewRestriction, dispatch_uid="log_unrestricted")
    post_save.connect(on_act_logged, sender=PageLogEntry, dispatch_uid="log_locking")
    for files in (get_image_model(), get_document_model()):
        pre_delete.connect(on_file_deleting, sender=files, dispatch_uid=f"log_deleting_{files._meta.label}")
    unpublished.connect(on_plan_unpublished, sender=AnnualPlan, dispatch_uid="log_plan_unpublished")
    pre_delete.connect(on_plan_deleting, sender=AnnualPlan, dispatch_uid="log_plan_deleting")
