"""The door to Wagtail's admin: registration only. What is registered lives in the steps."""

from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup
from wagtail_modeladmin.options import modeladmin_register

from . import admin_urls, agency_wall, deletions, media_access, side_doors
from .approval.action_menu import offer_consideration
from .approval.chain_viewsets import ChainRegisters
from .archive.viewsets import ArchiveRecordAdmin
from .audit.viewsets import AuditEntryAdmin
from .clocks.viewsets import StepLimitViewSet
from .dashboard import my_work
from .distribution.channel_viewset import ChannelViewSet
from .distribution.viewsets import DeliveryAdmin
from .explorer import OwnDocumentsAPI, OwnImagesAPI, OwnPageViewSet
from .festival_calendar.days_views import DaysOfYearItem
from .festival_calendar.mourning_register import MourningViewSet
from .festival_calendar.viewsets import HolidayViewSet, ImportantDayViewSet, OccurrenceViewSet
from .lead_time.viewsets import DraftTemplateViewSet
from .menu import in_order_of_the_flow
from .news.models import NewsPageMixin
from .people.receivers import accounts_switched
from .people.viewsets import PeopleRegisters
from .plan.viewsets import AnnualPlanViewSet
from .publishing.correction_receivers import tell_the_way
from .publishing.emergency_panel import emergency_in_editor
from .working_group.viewsets import WorkingGroupViewSet

# -- registers, in the order of the flow


class CalendarRegisters(SnippetViewSetGroup):
    """Important days, their dates, holidays, templates: one entry of the menu."""

    menu_label = gettext_lazy("Calendar")
    menu_icon = "date"
    menu_order = 35  # between the plan's entries and the news
    items = (ImportantDayViewSet, OccurrenceViewSet, HolidayViewSet, MourningViewSet, DraftTemplateViewSet)

    def get_submenu_items(self):
        days = DaysOfYearItem(gettext_lazy("Days of the fiscal year"), reverse("pr_admin:days_of_year"), order=0)
        return [days, *super().get_submenu_items()]


register_snippet(AnnualPlanViewSet)
register_snippet(CalendarRegisters)
modeladmin_register(DeliveryAdmin)
modeladmin_register(ArchiveRecordAdmin)
modeladmin_register(AuditEntryAdmin)


@hooks.register("register_admin_viewset")
def register_channels():
    return ChannelViewSet("pr_channels", url_prefix="pr/channels", add_to_admin_menu=True)


class OfficeRegisters(PeopleRegisters):
    """People and network, with the working groups they form."""

    items = (*PeopleRegisters.items, WorkingGroupViewSet)


@hooks.register("register_admin_viewset")
def register_people():
    registers = OfficeRegisters()
    registers.menu_order = 800
    return registers


@hooks.register("register_admin_viewset")
def register_step_limits():
    return StepLimitViewSet()


@hooks.register("register_admin_viewset")
def register_chains():
    return ChainRegisters()


# -- screens


@hooks.register("register_admin_urls")
def register_screens():
    return [path("pr/", include(admin_urls))]


@hooks.register("insert_global_admin_css")
def look():
    names = ("sarabun/sarabun", "admin", "clocks", "notices", "approval", "publishing", "plan_progress", "phone")
    sheets = (f"pr_workflow/{name}.css" for name in names)
    return format_html_join("", '<link rel="stylesheet" href="{}">', ((static(sheet),) for sheet in sheets))


@hooks.register("insert_global_admin_js")
def small_helps():
    scripts = ((static(f"pr_workflow/{name}.js"),) for name in ("first_error", "field_names"))
    return format_html_join("", '<script src="{}" defer></script>', scripts)


hooks.register("construct_homepage_panels", my_work, order=1000)


@hooks.register("construct_homepage_summary_items", order=1000)
def no_summary(request, items):
    """Counts of pages and pictures help nobody to do the next thing."""
    items.clear()


# -- menu and buttons

hooks.register("construct_main_menu", in_order_of_the_flow, order=1000)


def _course_button(page, priority):
    if not isinstance(page.specific_deferred, NewsPageMixin):
        return []
    url = reverse("pr_admin:news_timeline", args=[page.pk])
    return [Button(_("Course of the item"), url, icon_name="history", priority=priority)]


@hooks.register("register_page_header_buttons")
def course_in_header(page, user, view_name, next_url=None):
    return _course_button(page, priority=5)


@hooks.register("register_page_listing_more_buttons")
def course_in_listing(page, user, next_url=None):
    return _course_button(page, priority=3)


@hooks.register("construct_page_action_menu")
def no_publishing_of_news(menu_items, request, context):
    """News goes live through the chain; superusers would still see Wagtail's buttons for it."""
    page = context.get("page")
    if page is not None and side_doors.has_own_chain(type(page)):
        menu_items[:] = [item for item in menu_items if item.name not in side_doors.PUBLISHING_BUTTONS]
        offer_consideration(menu_items, request.user, page)


@hooks.register("construct_snippet_action_menu")
def no_publishing_of_plans(menu_items, request, context):
    """A plan comes into force when its chain has approved it."""
    if side_doors.has_own_chain(context["model"]):
        menu_items[:] = [item for item in menu_items if item.name not in side_doors.PUBLISHING_BUTTONS]
        offer_consideration(menu_items, request.user, context.get("instance"))


hooks.register("before_edit_page", emergency_in_editor)
hooks.register("before_edit_page", tell_the_way)


# -- what choosers and listings offer (I5)


@hooks.register("register_admin_viewset")
def register_explorer():
    return OwnPageViewSet()


@hooks.register("construct_admin_api", order=1000)
def own_media_behind_the_admin(router):
    router.register_endpoint("images", OwnImagesAPI)
    router.register_endpoint("documents", OwnDocumentsAPI)


hooks.register("construct_page_chooser_queryset", agency_wall.own_pages)
hooks.register("construct_image_chooser_queryset", agency_wall.own_media)
hooks.register("construct_document_chooser_queryset", agency_wall.own_media)
# Before Wagtail's own hook: what is kept back does not offer a login either.
hooks.register("before_serve_document", media_access.document_wall, order=-10)


@hooks.register("construct_explorer_page_queryset")
def pages_on_own_site(parent_page, pages, request):
    return deletions.with_kept(agency_wall.explorable_pages(pages, request))


@hooks.register("after_bulk_action")
def log_accounts_switched(request, action_type, objects, action):
    """Who opened or closed several accounts at once stands in the log."""
    if action_type == "set_active_state":
        accounts_switched(objects, is_active=action.cleaned_form.cleaned_data["mark_as_active"])
