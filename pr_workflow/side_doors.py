"""Wagtail's own ways to publish, take down or delete, closed for what goes through the flow (I3, I4, R36).

The gate in `save()` and the database hold these promises too; here the attempt is met before anything is saved, with a
sentence that says which way is the right one. Superusers are nobody special here.
"""

from typing import Any

import swapper
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils.translation import gettext as _
from wagtail.models import AbstractPage, Revision

from .agency_wall import rows_named
from .approval.models import ApprovalSeal
from .archive.models import ArchiveRecord
from .refusals import in_admin, refusal_answer

#: Views and bulk actions that make public, and those that take down.
PUBLISHING = frozenset({"publish"})
TAKING_DOWN = frozenset({"unpublish", "revisions_unschedule"})
DELETING = frozenset({"delete"})
#: Wagtail's buttons for them in the editors.
PUBLISHING_BUTTONS = frozenset({"action-publish", "action-unpublish"})


def has_own_chain(model: type) -> bool:
    """Whether content of this class becomes public only at the end of its chain; `finish` looks for the same sign."""
    return callable(getattr(model, "approval_finished", None))


def is_kept(content: Model) -> bool:
    """Whether the content, or a page below it, carries signatures or stands in the archive."""
    numbers = [str(content.pk)]
    base = content
    if isinstance(content, AbstractPage):
        below = content.get_descendants(inclusive=True).values_list("pk", flat=True)
        numbers = [str(pk) for pk in below]
        base = swapper.load_model("wagtailcore", "Page")
        if ArchiveRecord.objects.filter(page_number__in=numbers).exists():
            return True
    content_type = ContentType.objects.get_for_model(base)
    revisions = Revision.objects.filter(base_content_type=content_type, object_id__in=numbers)
    return ApprovalSeal.objects.filter(revision__in=revisions).exists()


def deletion_refusal(content: Model) -> str:
    """Why this may not be deleted, as a whole sentence; empty when it may (R49)."""
    if not is_kept(content):
        return ""
    return _("“%(title)s” has been approved or archived and is kept as evidence. It cannot be deleted.") % {
        "title": content
    }


def side_door_refusal(request, view, kwargs: dict[str, Any]) -> str:
    """Why this request may not go on, as a whole sentence; empty when it uses no side door."""
    match = request.resolver_match
    act = kwargs.get("action") or kwargs.get("action_name") or match.url_name
    is_publishing = act in PUBLISHING or (request.method == "POST" and "action-publish" in request.POST)
    if not is_publishing and act not in TAKING_DOWN | DELETING:
        return ""
    rows = [_specific(row) for row in rows_named(request, view, kwargs)]
    models = [type(row) for row in rows if not isinstance(row, Revision)]
    if "content_type_model_name" in kwargs:
        models = [apps.get_model(kwargs["content_type_app_name"], kwargs["content_type_model_name"])]
    elif not rows and (model := getattr(view, "view_initkwargs", {}).get("model")):
        models = [model]
    if is_publishing and any(has_own_chain(model) for model in models):
        return _("This goes live only through the approval chain. Submit it for consideration instead.")
    if act in TAKING_DOWN and any(has_own_chain(model) and issubclass(model, AbstractPage) for model in models):
        return _("News is taken off the site by the IT officer, with a reason, on the page that shows its course.")
    if act in DELETING:
        return next((refusal for row in rows if (refusal := deletion_refusal(row))), "")
    return ""


def _specific(row: Model) -> Model:
    return row.specific if isinstance(row, AbstractPage) else row


class SideDoors:
    """Middleware, after `AgencyWall`: answers 403 at Wagtail's own doors around the flow."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not in_admin(request) or not request.user.is_authenticated:
            return None
        reason = side_door_refusal(request, view, kwargs)
        return refusal_answer(request, reason) if reason else None
