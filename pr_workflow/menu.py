"""The menu of the admin in the order of the flow; each role sees what it may use (design §1)."""

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from .approval.reading import reading_refusal
from .news.services import writing_refusal
from .notifications.selectors import unread_count
from .people.delegations import roles_to_delegate
from .people.models import Agency
from .people.roles import Role
from .people.selectors import agency_of, delegations_visible_to, roles_of
from .progress.views import progress_refusal
from .publishing.selectors import checks_of, may_post

#: Entries of Wagtail that belong to the administrator of the installation.
FOR_ADMINISTRATORS = frozenset({"reports", "help", "snippets"})


def own_agency(request) -> Agency | None:
    """The agency of the person, or None where there is none; a menu never refuses. Asked once a request."""
    if not hasattr(request, "pr_agency_of_menu"):  # else the wall has asked already
        try:
            request.pr_agency_of_menu = agency_of(request.user)
        except PermissionDenied:
            request.pr_agency_of_menu = None
    return request.pr_agency_of_menu


class MyWorkItem(MenuItem):
    """The start page; for everybody."""


class NoticesItem(MenuItem):
    """What a person was told, with the number of what they have not seen; for everybody."""

    def render_component(self, request):
        component = super().render_component(request)
        if unseen := unread_count(request.user):
            component.label = _("%(label)s (%(count)s new)") % {"label": self.label, "count": unseen}
        return component


class ActivitiesItem(MenuItem):
    """From the plan to an item; for those who write news."""

    def is_shown(self, request):
        agency = own_agency(request)
        return agency is not None and not writing_refusal(request.user, agency)


class ProgressItem(MenuItem):
    """What became of the plan of the running year; for all of the agency who read its plans."""

    def is_shown(self, request):
        return own_agency(request) is not None and not progress_refusal(request.user)


class CurrencyItem(MenuItem):
    """Public pages to look at again; for all of the agency who work on news."""

    def is_shown(self, request):
        agency = own_agency(request)
        return agency is not None and not reading_refusal(request.user, agency)


class CalendarItem(MenuItem):
    """The calendar of the agency; for all its people, and for who serves all agencies."""

    def is_shown(self, request):
        return own_agency(request) is not None or request.user.is_superuser


class NewsItem(MenuItem):
    """The items of the agency; for all who work on news."""

    def is_shown(self, request):
        agency = own_agency(request)
        if agency is None:
            return request.user.is_superuser
        return bool(roles_of(request.user, agency) - {Role.NETWORK_MEMBER})


class PostingItem(MenuItem):
    """The posting queue; for IT officers."""

    def is_shown(self, request):
        return may_post(request.user, own_agency(request))


class ChecksItem(MenuItem):
    """Checks after posting; for those who may check by their role, and whoever has one to answer."""

    def is_shown(self, request):
        if request.user.is_superuser:
            return False
        return request.user.has_perm("pr_workflow.verify_publication") or checks_of(request.user).exists()


class DelegationsItem(MenuItem):
    """Who acts for whom; for those who delegate, and those who act."""

    def is_shown(self, request):
        agency = own_agency(request)
        if agency is None:
            return request.user.is_superuser
        return bool(roles_to_delegate(request.user, agency)) or delegations_visible_to(request.user).exists()


def flow_items() -> list[MenuItem]:
    """Our own entries of the main menu."""
    return [
        MyWorkItem(_("My work"), reverse("wagtailadmin_home"), name="pr-my-work", icon_name="home"),
        NoticesItem(_("Notices"), reverse("pr_admin:notices"), name="pr-notices", icon_name="mail"),
        CalendarItem(_("PR calendar"), reverse("pr_admin:calendar"), name="pr-calendar", icon_name="calendar-alt"),
        ProgressItem(_("Progress by the plan"), reverse("pr_admin:progress"), name="pr-progress", icon_name="table"),
        ActivitiesItem(_("News from the plan"), reverse("pr_admin:activities"), name="pr-activities", icon_name="plus"),
        NewsItem(_("News"), reverse("pr_admin:news_list"), name="pr-news", icon_name="doc-full"),
        PostingItem(_("Posting"), reverse("pr_admin:posting"), name="pr-posting", icon_name="upload"),
        ChecksItem(_("Checks after posting"), reverse("pr_admin:checks"), name="pr-checks", icon_name="tasks"),
        CurrencyItem(
            _("Pages to look at again"), reverse("pr_admin:currency"), name="pr-currency", icon_name="history"
        ),
        DelegationsItem(
            _("Acting in a role"), reverse("pr_admin:delegations"), name="pr-delegations", icon_name="group", order=790
        ),
    ]


def _places() -> dict[str, int]:
    """Where entries stand, by their address: names and labels are translated, addresses are not."""
    flow = [
        "wagtailadmin_home",
        "pr_admin:notices",
        "pr_admin:calendar",
        "wagtailsnippets_pr_workflow_annualplan:list",
        "pr_admin:progress",
        "pr_admin:activities",
        "pr_admin:news_list",
        "wagtailadmin_explore_root",
        "pr_admin:posting",
        "pr_admin:checks",
        "pr_admin:currency",
        "pr_workflow_delivery_modeladmin_index",
        "pr_channels:index",
        "pr_workflow_archiverecord_modeladmin_index",
        "pr_workflow_auditentry_modeladmin_index",
    ]
    places = {reverse(name): 10 * number for number, name in enumerate(flow, start=1)}
    return places | {reverse("wagtailimages:index"): 810, reverse("wagtaildocs:index"): 820}


def in_order_of_the_flow(request, items: list[MenuItem]) -> None:
    """Hook `construct_main_menu`: the flow first; evaluation, people, media and settings follow."""
    if not request.user.is_superuser:
        items[:] = [item for item in items if item.name not in FOR_ADMINISTRATORS]
    items.extend(item for item in flow_items() if item.is_shown(request))
    places = _places()
    for item in items:
        item.order = places.get(item.url, item.order)
