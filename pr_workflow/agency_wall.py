"""The wall between agencies in the admin (I5): no address of it opens an object of another agency.

Wagtail asks for permissions by model and by place in the page tree; several of its views (history, usage, comparison,
workflow status, choosers, bulk actions) ask too little for an installation with more than one agency. So every row that
an address names is looked up here before the view runs. Superusers pass: they serve all agencies.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import swapper
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, Q
from django.http import JsonResponse
from django.utils.translation import gettext as _
from taggit.models import Tag
from wagtail.admin import filters as media_filters
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.views import chooser as image_chooser
from wagtail.models import AbstractPage, Collection, CollectionMember, Revision, TaskState, WorkflowState

from .approval.reading import reading_refusal
from .archive.models import ArchiveRecord, DisposalRequest, LegalHold
from .attempts import BY_ITSELF
from .clocks.selectors import clocked_model
from .distribution.models import Delivery
from .festival_calendar.models import Holiday, ImportantDay, ImportantDayOccurrence
from .festival_calendar.mourning import MourningPeriod
from .lead_time.models import DraftTemplate
from .people.models import Agency, Delegation, StaffProfile
from .people.selectors import agency_of, profile_of
from .people.standing import office_refusal
from .plan.models import AnnualPlan, PlanActivity
from .publishing.models import EmergencyPublication, Posting, PublicationCheck, PublishedLabel
from .refusals import absence_answer, in_admin, refusal_answer

#: Parts of an address that hold the number of a page, in whatever view.
PAGE_PARTS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id", "page_pk")
#: Parts that hold the number of another row.
ROW_PARTS = {
    "revision_id": lambda: Revision,
    "task_state_id": lambda: TaskState,
    "workflow_state_id": lambda: WorkflowState,
    "collection_id": lambda: Collection,
    "image_id": get_image_model,
    "document_id": get_document_model,
    "doc_id": get_document_model,
}
#: Views of these namespaces call their object `pk` and say its model nowhere.
PK_MODELS = {
    "wagtailadmin_pages": lambda: page_model(),
    "pages": lambda: page_model(),
    "images": get_image_model,
    "documents": get_document_model,
}
#: Our own screens about one row, by how their names begin; the first that fits counts.
OUR_SCREENS: dict[str, Callable[[], type[Model]]] = {
    "news_": lambda: page_model(),
    "request_form": lambda: page_model(),
    "posting_": lambda: Posting,
    "check": lambda: PublicationCheck,
    "emergency": lambda: EmergencyPublication,
    "delegation": lambda: Delegation,
    "activity_": lambda: PlanActivity,
    "day_": lambda: ImportantDay,
    "plan_": lambda: AnnualPlan,
    "occurrence_": lambda: ImportantDayOccurrence,
    "removal_": lambda: Delivery,
    "hold_lift": lambda: LegalHold,
    "hold": lambda: ArchiveRecord,
    "disposal_ask": lambda: ArchiveRecord,
    "disposal": lambda: DisposalRequest,
    **dict.fromkeys(("record_form", "dossier", "kept_file"), lambda: ArchiveRecord),
}
#: The screens of a clock say in their address whose clock it is.
CLOCK_SCREENS = "clock_"
#: Parts of Wagtail that show or change something of all agencies and cannot be narrowed.
CLOSED_NAMESPACES = frozenset({"wagtailadmin_reports", "wagtailadmin_workflows"})
#: Where drafts, plans and files are shown or offered: closed to those who read news when it is public (R59).
DRAFTS_NAMESPACES = frozenset(
    {
        "wagtailadmin_api",
        "wagtailadmin_editing_sessions",
        "wagtailadmin_pages",
        "wagtaildocs",
        "wagtaildocs_chooser",
        "wagtailimages",
        "wagtailimages_chooser",
        "wagtailsnippetchoosers_pr_workflow_annualplan",
        "wagtailsnippets_pr_workflow_annualplan",
    }
)
DRAFTS_VIEWS = ("wagtail_bulk_action", "wagtailadmin_choose_page", "wagtailadmin_explore")
#: Rows of the calendar without an agency are national days, for everybody.
NATIONAL = (DraftTemplate, Holiday, ImportantDay, ImportantDayOccurrence, MourningPeriod)
#: Suggestions for tags, which Wagtail keeps in one table for all.
TAG_SUGGESTIONS = frozenset({"wagtailadmin_tag_autocomplete", "wagtailadmin_tag_model_autocomplete"})
SUGGESTED_TAGS = 10
#: What stays open to who is not in office: coming and going, the own account, and what those pages are drawn with.
OWN_ACCOUNT = frozenset(
    {
        "wagtailadmin_account",
        "wagtailadmin_javascript_catalog",
        "wagtailadmin_login",
        "wagtailadmin_logout",
        "wagtailadmin_sprite",
    }
)
RESETTING = "wagtailadmin_password_reset"
#: Where the way from the root down to the own site has to be open.
EXPLORING = frozenset({"wagtailadmin_explore", "wagtailadmin_explore_results", "wagtailadmin_choose_page_child"})


def page_model() -> type[Model]:
    """The page class of this installation."""
    return swapper.load_model("wagtailcore", "Page")


def is_inside(row: Any, agency: Agency) -> bool:
    """Does this row belong to the agency, or to everybody?

    Pages must lie in the agency's site. Of the rows without an agency, national days and shared pictures are for
    everybody; others (the log of the system) are for superusers.
    """
    if isinstance(row, AbstractPage):
        return row.path.startswith(agency.site.root_page.path)
    if isinstance(row, Revision | WorkflowState):
        return is_inside(row.content_object, agency)
    if isinstance(row, TaskState):
        return is_inside(row.revision, agency)
    if isinstance(row, Collection | CollectionMember):
        return _collection_is_open(row if isinstance(row, Collection) else row.collection, agency)
    owner = row.agency_id if hasattr(row, "agency_id") else getattr(getattr(row, "agency", None), "pk", None)
    knows_agencies = hasattr(row, "agency_id") or hasattr(row, "agency")
    return owner == agency.pk or (owner is None and (isinstance(row, NATIONAL) or not knows_agencies))


def _collection_is_open(collection: Collection, agency: Agency) -> bool:
    owner = owner_of_collection(collection)
    return owner is None or owner.pk == agency.pk


def owner_of_collection(collection: Collection) -> Agency | None:
    """The agency whose collection this is or lies in; None for collections of nobody."""
    prefixes = [
        collection.path[:end] for end in range(collection.steplen, len(collection.path) + 1, collection.steplen)
    ]
    return Agency.objects.filter(collection__path__in=prefixes).order_by("-collection__depth").first()


def rows_named(request, view, kwargs: dict[str, Any]) -> Iterator[Model]:
    """Every existing row that the address, its query or its form names."""
    for part in PAGE_PARTS:
        yield from _rows(page_model(), [kwargs.get(part)])
    for part, model in ROW_PARTS.items():
        yield from _rows(model(), [kwargs.get(part)])
    match = request.resolver_match
    if match.namespaces == ["pr_admin"] and "pk" in kwargs:
        ours = (model() for beginning, model in OUR_SCREENS.items() if match.url_name.startswith(beginning))
        clock = clocked_model(kwargs["kind"]) if match.url_name.startswith(CLOCK_SCREENS) else None
        if model := clock or next(ours, None):
            yield from _rows(model, [kwargs["pk"]])
            return
    if "object_id" in kwargs or match.url_name == "wagtail_bulk_action":
        yield from _rows_of_named_model(request, kwargs)
        return
    model = _model_of(view, match.namespaces)
    if model is not None:
        keys = [kwargs.get("pk"), kwargs.get("instance_pk"), *request.GET.getlist("id")]
        yield from _rows(model, keys)
    if match.url_name == "wagtailadmin_choose_page_chosen_multiple":
        yield from _rows(page_model(), request.GET.getlist("id"))
    if "wagtailadmin_pages" in match.namespaces:
        yield from _rows(page_model(), [request.POST.get("new_parent_page"), request.GET.get("childOf")])


def _rows_of_named_model(request, kwargs: dict[str, Any]) -> Iterator[Model]:
    """Bulk actions and editing sessions name the model in the address."""
    try:
        model = apps.get_model(kwargs["app_label"], kwargs["model_name"])
    except LookupError:
        return
    keys = request.GET.getlist("id")
    has_place = issubclass(model, AbstractPage) and request.GET.get("childOf")
    if "all" in keys and not has_place:
        # "All" without a place would be all of the installation.
        raise PermissionDenied(_("Choose the items one by one."))
    yield from _rows(model, [kwargs.get("object_id"), *keys])
    yield from _rows(page_model(), [request.GET.get("childOf")])


def _model_of(view, namespaces: Iterable[str]) -> type[Model] | None:
    """The model a view works on; views are wrapped several times, so each layer is asked."""
    while view is not None:
        given = getattr(view, "view_initkwargs", {}).get("model")
        owners = (getattr(view, "view_class", None), getattr(view, "__self__", None))
        for found in (given, *(getattr(owner, "model", None) for owner in owners)):
            model = apps.get_model(found) if isinstance(found, str) else found
            if isinstance(model, type):
                return model
        view = getattr(view, "__wrapped__", None)
    return next((PK_MODELS[name]() for name in namespaces if name in PK_MODELS), None)


def _rows(model: type[Model], keys: Iterable[Any]) -> Iterator[Model]:
    """The rows of these keys; what is no key of the model is the view's own business."""
    valid = []
    for key in keys:
        try:
            if key not in (None, "", "all"):
                valid.append(model._meta.pk.to_python(key))
        except ValidationError:
            continue
    if valid:
        yield from model._default_manager.filter(pk__in=valid)


def own_tags(request) -> JsonResponse:
    """What a tag field suggests: tags the own agency has already published. Wagtail would suggest everybody's."""
    agency, term = agency_behind_the_wall(request), request.GET.get("term", "").strip()
    labels = PublishedLabel.objects.filter(kind=PublishedLabel.Kind.TAG, value__istartswith=term)
    if agency is not None:
        labels = labels.filter(item__agency=agency)
    names = labels.order_by("value").values_list("value", flat=True).distinct()[:SUGGESTED_TAGS]
    return JsonResponse(list(names) if term else [], safe=False)


def no_popular_tags(model, count: int = 0):
    """Takes the place of Wagtail's function that counts the tags of all agencies' pictures and files together."""
    return Tag.objects.none()


def shows_drafts(request) -> bool:
    """Is this an address where what is not public yet can be seen?"""
    match = request.resolver_match
    by_view = (match.url_name or "").startswith(DRAFTS_VIEWS)
    return by_view or bool(DRAFTS_NAMESPACES.intersection(match.namespaces))


def own_pages(pages, request):
    """What a page chooser offers: the pages of the own site."""
    agency = agency_behind_the_wall(request)
    return pages if agency is None else pages.descendant_of(agency.site.root_page, inclusive=True)


def explorable_pages(pages, request):
    """What the explorer lists: the own site and the way to it."""
    agency = agency_behind_the_wall(request)
    if agency is None:
        return pages
    root = agency.site.root_page
    way = [root.path[:end] for end in range(root.steplen, len(root.path), root.steplen)]
    return pages.filter(Q(path__startswith=root.path) | Q(path__in=way))


def own_media(items, request):
    """What a chooser of pictures or files offers: the own collection and those of nobody."""
    agency = agency_behind_the_wall(request)
    if agency is None:
        return items
    others = Agency.objects.exclude(pk=agency.pk).exclude(collection=None).values_list("collection__path", flat=True)
    closed = tuple(others)
    paths = Collection.objects.values_list("pk", "path")
    # By number: a search among the items knows their collection, not its path.
    return items.filter(collection__in=[pk for pk, path in paths if not path.startswith(closed)])


def agency_behind_the_wall(request) -> Agency | None:
    """The agency a person is kept to; None for superusers. Raises PermissionDenied for an account of no agency."""
    return None if request.user.is_superuser else agency_of(request.user)


def is_own_account(request) -> bool:
    """Is this an address for oneself alone: logging in and out, the own account and its password?"""
    name = request.resolver_match.url_name or ""
    return not request.resolver_match.namespaces and (name in OWN_ACCOUNT or name.startswith(RESETTING))


def out_of_office_answer(request, reason: str):
    """The 403 for who is not in office. What an open editor asks by itself every few seconds is no attempt."""
    answer = refusal_answer(request, reason)
    asked_by_itself = bool(BY_ITSELF.intersection(request.resolver_match.namespaces))
    answer.is_refusal_logged = asked_by_itself  # type: ignore[attr-defined]
    return answer


class AgencyWall:
    """Middleware, after `RefusalAnswers`: who is not in office opens nothing (403), and what belongs to another agency
    does not exist (404), before its view runs."""

    def __init__(self, get_response):
        self.get_response = get_response
        # Both ask for the most used tags by model alone, and offer no setting to limit them.
        media_filters.popular_tags_for_model = no_popular_tags
        image_chooser.popular_tags_for_model = no_popular_tags

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        user = request.user
        if not in_admin(request) or not user.is_authenticated or user.is_superuser:
            return None
        person = profile_of(user)
        if person is not None:
            request.pr_agency_of_menu = person.agency  # one query for this wall and the menu together
        if not is_own_account(request) and (reason := office_refusal(person)):
            return out_of_office_answer(request, reason)
        if CLOSED_NAMESPACES.intersection(request.resolver_match.namespaces):
            return refusal_answer(request, _("Only the system administrator opens this part of the admin."))
        try:
            if request.resolver_match.url_name in TAG_SUGGESTIONS:
                return own_tags(request)
            if shows_drafts(request):
                agency = person.agency if person else agency_of(user)
                if reason := reading_refusal(user, agency):
                    return refusal_answer(request, reason)
            return self._refusal(request, view, kwargs, person)
        except PermissionDenied as refused:
            return refusal_answer(request, str(refused))

    def _refusal(self, request, view, kwargs, person: StaffProfile | None):
        rows = list(rows_named(request, view, kwargs))
        if not rows:
            return None
        agency = person.agency if person else agency_of(request.user)
        if agency is None:
            return None
        for row in rows:
            if is_inside(row, agency) or self._is_on_the_way(request, row, agency):
                continue
            return absence_answer(request)
        request.refused_target = rows[0]
        return None

    @staticmethod
    def _is_on_the_way(request, row, agency: Agency) -> bool:
        if request.resolver_match.url_name not in EXPLORING or not isinstance(row, AbstractPage):
            return False
        return agency.site.root_page.path.startswith(row.path)
