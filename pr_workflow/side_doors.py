"""Wagtail's own ways to publish, take down, move or delete, closed for what goes through the flow (I3, I4, R36).

The gate in `save()` and the database hold these promises too; here the attempt is met before anything is saved, with a
sentence that says which way is the right one. Superusers are nobody special here, but for deleting a file. What is
still possible is logged by `publishing.direct_receivers`, so the request that does it is one transaction.
"""

import re
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model, ProtectedError, RestrictedError
from django.forms import ModelChoiceField
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from wagtail.models import AbstractPage, Collection, Revision, Task, TaskState, Workflow, WorkflowMixin, WorkflowTask

from .agency_wall import rows_named
from .approval.chain_rules import news_stays
from .approval.chain_use import disabling_refusal, task_disabling_refusal
from .attempts import counts_more_rows_than_sent, is_broken_form
from .audit.services import chain_lock
from .deletions import deletion_refusal
from .gate import plan_stays
from .news.wishes import locked_refusal
from .people.selectors import agency_of
from .publishing.sealed_files import closing_refusal, is_file, moving_refusal
from .refusals import broken_form_answer, in_admin, refusal_answer, refusal_reason
from .side_door_reach import form_of, has_own_chain, leaves_its_agency, news_among, pages_acted_on

__all__ = ["PUBLISHING_BUTTONS", "SideDoors", "has_own_chain", "side_door_refusal"]

#: Views, bulk actions and actions of the API behind the admin, by what they do.
PUBLISHING = frozenset({"publish"})
TAKING_DOWN = frozenset({"unpublish", "revisions_unschedule"})
DELETING = frozenset({"delete", "delete_multiple"})
MOVING = frozenset({"move", "move_confirm"})
ALIASING = frozenset({"create_alias"})
#: Going back to an old version writes a new one; Wagtail's interfaces for programs ask for no lock there.
REVERTING = frozenset({"revert", "revert_to_page_revision"})
DISABLING, DISABLING_A_STEP = "disable", "disable_task"
#: Wagtail's screens for collections, which move one with the same form that names it.
COLLECTIONS_NAMESPACE = "wagtailadmin_collections"
#: Wagtail's bulk action for pictures and files; it writes rows without saving them, so no signal tells of it.
INTO_COLLECTION = "add_to_collection"
#: How the token API begins the names of its acts; deleting is a method there.
API_ACTION_PREFIX = "pages_actions_"
#: Acts that Wagtail does in more than one transaction; the log's row must stand or fall with them (I4).
IN_PIECES = TAKING_DOWN | MOVING | {"set_privacy", "lock", "unlock"}
#: Wagtail's screens for the chains themselves; the same holds for all of them (`approval.chain_watch`).
CHAINS_NAMESPACE = "wagtailadmin_workflows"
#: How the form of a chain names the row of a step.
CHAIN_ROW = re.compile(r"workflow_tasks-\d+-id")
#: Wagtail's buttons that hand an item on.
SUBMITTING_BUTTONS = frozenset({"action-submit", "action-restart-workflow"})
#: Wagtail's button that decides a step and saves the form of the editor with it.
DECISION_BUTTON = "action-workflow-action"
#: Wagtail's buttons for publishing in the editors.
PUBLISHING_BUTTONS = frozenset({"action-publish", "action-unpublish"})


def act_of(request, kwargs: dict[str, Any]) -> str:
    """What this request does, by the name of the bulk action, of the API's action or of the view."""
    act = kwargs.get("action") or kwargs.get("action_name") or request.resolver_match.url_name or ""
    act = "delete" if request.method == "DELETE" else act.removeprefix(API_ACTION_PREFIX)
    if request.method == "POST" and "action-publish" in request.POST:
        return "publish"
    if act == "copy" and form_of(request).get("alias"):
        return "create_alias"
    return act


def side_door_refusal(request, view, kwargs: dict[str, Any]) -> str:
    """Why this request may not go on, as a whole sentence; empty when it uses no side door."""
    act = act_of(request, kwargs)
    if {"action_name", "task_state_id"} <= kwargs.keys() and not _is_step_of_its_item(request, view, kwargs):
        return _("This step belongs to another item. Open the item again and decide what waits there.")
    if request.method == "POST" and (reason := _sent_refusal(request, view, kwargs, act)):
        return reason
    if act in MOVING and leaves_its_agency(request, kwargs):
        return news_stays()
    if act in REVERTING:
        news = (page.specific for page in news_among(pages_acted_on(request, kwargs), and_below=False))
        return next((refusal for page in news if (refusal := locked_refusal(request.user, page))), "")
    if act in ALIASING and news_among(pages_acted_on(request, kwargs), and_below=True).exists():
        return _("News has no aliases, because each item goes through its own approval. Make a copy instead.")
    if act not in PUBLISHING | TAKING_DOWN | DELETING:
        return ""
    rows = [_specific(row) for row in rows_named(request, view, kwargs)]
    if act in DELETING:
        pages = pages_acted_on(request, kwargs) if "all" in request.GET.getlist("id") else []
        if request.user.is_superuser:
            # A picture that must vanish at once can vanish; a new one still needs the chain.
            rows = [row for row in rows if not is_file(row)]
        return next((refusal for row in (*rows, *pages) if (refusal := deletion_refusal(row))), "")
    models = _models_of(rows, view, kwargs)
    reached = news_among(pages_acted_on(request, kwargs), and_below=_goes_below(request))
    if act in PUBLISHING and (any(has_own_chain(model) for model in models) or reached.exists()):
        return _("This goes live only through the approval chain. Submit it for consideration instead.")
    return _taking_down_refusal(models, reached) if act in TAKING_DOWN else ""


def _is_in_pieces(request, kwargs: dict[str, Any]) -> bool:
    return act_of(request, kwargs) in IN_PIECES or CHAINS_NAMESPACE in request.resolver_match.namespaces


def _has_rows_of_another_chain(request, kwargs: dict[str, Any]) -> bool:
    """Whether the form of a chain names a row that is none of its own; Wagtail would fail on it, or write it."""
    if request.method != "POST" or CHAINS_NAMESPACE not in request.resolver_match.namespaces:
        return False
    named = {value for name, value in request.POST.items() if CHAIN_ROW.fullmatch(name)} - {""}
    chain = kwargs.get("pk") if request.resolver_match.url_name == "edit" else None
    own = WorkflowTask.objects.filter(workflow=chain).values_list("pk", flat=True) if chain else ()
    return bool(named) and not named <= {str(key) for key in own}


def _is_step_of_its_item(request, view, kwargs: dict[str, Any]) -> bool:
    """Wagtail's addresses for a decision name an item and a step, and it never compares the two.

    A step that does not exist is its own business: 404, logged like any attempt.
    """
    rows = list(rows_named(request, view, kwargs))
    steps = [row for row in rows if isinstance(row, TaskState)]
    items = {(row.get_base_content_type().pk, str(row.pk)) for row in rows if isinstance(row, WorkflowMixin)}
    return all((step.workflow_state.base_content_type_id, step.workflow_state.object_id) in items for step in steps)


def _sent_refusal(request, view, kwargs: dict[str, Any], act: str) -> str:
    """Refusals of forms that are harmless to look at."""
    if DECISION_BUTTON in request.POST and _decides_on_a_chain(request, view, kwargs):
        return _("Decide on the review screen. In the editor an item is locked while it is considered.")
    if act == DISABLING and CHAINS_NAMESPACE in request.resolver_match.namespaces:
        return disabling_refusal(get_object_or_404(Workflow, pk=kwargs["pk"]))
    if act == DISABLING_A_STEP and CHAINS_NAMESPACE in request.resolver_match.namespaces:
        return task_disabling_refusal(get_object_or_404(Task, pk=kwargs["pk"]))
    if COLLECTIONS_NAMESPACE in request.resolver_match.namespaces and "parent" in request.POST and "pk" in kwargs:
        return moving_refusal(get_object_or_404(Collection, pk=kwargs["pk"]), _collection(request.POST["parent"]))
    return _closing_refusal(request, view, kwargs) if act == INTO_COLLECTION else ""


def _collection(number: str) -> Collection | None:
    """What Wagtail's own forms make of a choice."""
    try:
        return ModelChoiceField(Collection.objects.all(), required=False).to_python(number)
    except (ValidationError, OverflowError):
        return None


def _closing_refusal(request, view, kwargs: dict[str, Any]) -> str:
    files = (row for row in rows_named(request, view, kwargs) if is_file(row))
    return closing_refusal(files, _collection(request.POST.get("collection", "")))


def _decides_on_a_chain(request, view, kwargs: dict[str, Any]) -> bool:
    return any(has_own_chain(type(_specific(row))) for row in rows_named(request, view, kwargs))


def _taking_down_refusal(models: list[type], reached) -> str:
    chained = [model for model in models if has_own_chain(model)]
    if any(issubclass(model, AbstractPage) for model in chained) or reached.filter(live=True).exists():
        return _("News is taken off the site by the IT officer, with a reason, on the page that shows its course.")
    return plan_stays() if chained else ""


def _models_of(rows: list[Model], view, kwargs: dict[str, Any]) -> list[type]:
    if "content_type_model_name" in kwargs:
        return [apps.get_model(kwargs["content_type_app_name"], kwargs["content_type_model_name"])]
    if not rows and (model := getattr(view, "view_initkwargs", {}).get("model")):
        return [model]
    return [type(row) for row in rows if not isinstance(row, Revision)]


def _goes_below(request) -> bool:
    """Whether the act reaches the pages below; the API behind the admin is not trusted to say so."""
    interfaces = {"wagtailadmin_api", "wagtailapi_v3"}
    return bool(interfaces.intersection(request.resolver_match.namespaces) or request.POST.get("include_descendants"))


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
        if request.method == "POST" and counts_more_rows_than_sent(request.POST):
            return broken_form_answer(request)
        try:
            return self._answer(request, view, args, kwargs)
        except PermissionDenied as refused:
            return refusal_answer(request, refusal_reason(refused))
        except IntegrityError as error:
            # Django hands `process_exception` nothing that is raised in here.
            if answer := self.process_exception(request, error):
                return answer
            raise
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
            if not is_broken_form(request, error):
                raise
            return broken_form_answer(request)

    def _answer(self, request, view, args, kwargs):
        """The refusal, or the view's own answer where it needs one transaction; None: Django goes on."""
        if reason := side_door_refusal(request, view, kwargs):
            return refusal_answer(request, reason)
        if _has_rows_of_another_chain(request, kwargs):
            return broken_form_answer(request)
        if request.method == "POST" and _is_in_pieces(request, kwargs):
            return self._in_one_piece(request, view, args, kwargs)
        if request.method == "POST" and SUBMITTING_BUTTONS.intersection(request.POST):
            return self._submission(request, view, args, kwargs)
        return None

    @staticmethod
    def _in_one_piece(request, view, args, kwargs):
        """Of an act that Wagtail refused half-way nothing stays, not even its row in the log."""
        with transaction.atomic():
            response = view(request, *args, **kwargs)
            if getattr(response, "refusal_reason", None):
                transaction.set_rollback(True)
            return response

    @staticmethod
    def _submission(request, view, args, kwargs):
        """Wagtail saves a version and then submits it. Of two at the same instant the second one must leave nothing:
        its version would lie above the one that is being considered, and void the signatures to come (R40)."""
        with transaction.atomic():
            chain_lock(agency_of(request.user))
            response = view(request, *args, **kwargs)
            if getattr(response, "refusal_reason", None):
                transaction.set_rollback(True)
            return response

    def process_exception(self, request, exception):
        """The database keeps what other records need; without this its refusal would be an error 500."""
        if isinstance(exception, ProtectedError | RestrictedError) and in_admin(request):
            return refusal_answer(request, _("This cannot be deleted, because other records still depend on it."))
        match = request.resolver_match
        if isinstance(exception, IntegrityError) and match and CHAINS_NAMESPACE in match.namespaces:
            # Wagtail writes the rows of a chain one by one, and two that change places meet on the way.
            text = _("Two steps cannot change places in one go. Save one change after the other.")
            return refusal_answer(request, text)
        return None
