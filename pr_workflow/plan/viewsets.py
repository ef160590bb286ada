"""The annual plan in the admin: written by the PR officer, approved by the director (S1 §4.1, S2 §3.3, R18–R22)."""

from functools import wraps

import django_filters
from django.http import Http404, HttpRequest
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, LiveStatusTagColumn
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.chooser import (
    ChooseResultsView,
    ChooseView,
    SnippetChooserViewSet,
    SnippetChosenMultipleView,
    SnippetChosenView,
)
from wagtail.snippets.views.snippets import CreateView, EditView, InspectView, SnippetViewSet

from ..festival_calendar.panels import MourningPanel
from ..people.models import Agency
from ..people.panels import ItSkillPanel
from .copy_views import PlanMovedView, PlanNextYearView
from .coverage_views import PlanCoverageView
from .export_views import PlanExportView
from .festive import plan_mourning_warnings
from .forms import ActivitiesPanel, AnnualPlanForm
from .gaps import plan_gaps
from .import_views import URLS, PlanImportView
from .models import AnnualPlan
from .panels import GapsPanel
from .selectors import plan_moves, plans_visible_to
from .services import may_edit


class AnnualPlanPolicy(ModelPermissionPolicy):
    """The permissions of the role, on plans of the own agency only (I5)."""

    def user_has_permission_for_instance(self, user, action, instance):
        allowed = super().user_has_permission_for_instance(user, action, instance)
        return allowed and plans_visible_to(user).filter(pk=instance.pk).exists()

    def instances_user_has_any_permission_for(self, user, actions):
        return plans_visible_to(user) if self.user_has_any_permission(user, actions) else self.model.objects.none()


register_permission_policy(AnnualPlan, AnnualPlanPolicy(AnnualPlan))


class PlanFilterSet(WagtailFilterSet):
    """By year and by whether the plan is in force; by agency for those who see several."""

    fiscal_year_be = django_filters.NumberFilter(label=_("Fiscal year (B.E.)"))
    live = django_filters.BooleanFilter(label=_("In force"))
    agency = django_filters.ModelChoiceFilter(label=_("Agency"), queryset=lambda request: _agencies(request))

    class Meta:
        model = AnnualPlan
        fields = ["fiscal_year_be", "live", "agency"]


def _agencies(request):
    return Agency.objects.filter(pk__in=plans_visible_to(request.user).values("agency"))


class PlanChoices:
    """Choosers offer and accept plans of the own agency only."""

    request: HttpRequest

    def get_object_list(self):
        return plans_visible_to(self.request.user)

    def get_object(self, pk):
        return plans_visible_to(self.request.user).get(pk=pk)

    def get_objects(self, pks):
        return plans_visible_to(self.request.user).filter(pk__in=pks)


class PlanChooserViewSet(SnippetChooserViewSet):
    choose_view_class = type("PlanChooseView", (PlanChoices, ChooseView), {})
    choose_results_view_class = type("PlanChooseResultsView", (PlanChoices, ChooseResultsView), {})
    chosen_view_class = type("PlanChosenView", (PlanChoices, SnippetChosenView), {})
    chosen_multiple_view_class = type("PlanChosenMultipleView", (PlanChoices, SnippetChosenMultipleView), {})


class GapsTold:
    """Says after a submission what the submitted version leaves out, and what is festive in a period of mourning.

    Neither is a reason to refuse it (R20, R21).
    """

    request: HttpRequest
    object: AnnualPlan

    def submit_action(self):
        # Mixed into Wagtail's editors, which submit.
        answer = super().submit_action()  # type: ignore[misc]
        version = self.object.get_latest_revision_as_object()
        if gaps := plan_gaps(version):
            text = _("The plan was submitted with gaps. %(gaps)s")
            messages.warning(self.request, text % {"gaps": " ".join(gaps)})
        for warning in plan_mourning_warnings(version):
            messages.warning(self.request, warning)
        return answer


class PlanCreateView(GapsTold, CreateView):
    """The editor of a new plan."""


class PlanEditView(GapsTold, EditView):
    """The editor, with the ways in and out of files."""

    @cached_property
    def header_more_buttons(self):
        plan = self.object
        ways = [*reading_buttons(plan), *paper_buttons(plan), *editing_buttons(self.request.user, plan)]
        return [*super().header_more_buttons, *ways]


class PlanInspectView(InspectView):
    """The plan as a sheet to read, for those who do not write it."""

    template_name = "pr_workflow/plan/inspect.html"

    @cached_property
    def header_more_buttons(self):
        return [*super().header_more_buttons, *reading_buttons(self.object), *paper_buttons(self.object)]


def reading_buttons(plan: AnnualPlan) -> list[Button]:
    """Whom the plan reaches in which month, and what became of it."""
    ways = [Button(_("Coverage"), url=reverse(f"{URLS}:coverage", args=[plan.pk]), icon_name="table", priority=30)]
    if plan.live:
        address = reverse("pr_admin:plan_progress", args=[plan.pk])
        ways.append(Button(_("Progress by the plan"), url=address, icon_name="tasks", priority=31))
    return ways


def paper_buttons(plan: AnnualPlan) -> list[Button]:
    """The plan on paper: what is in force, and what is still a draft."""
    ways = [(_("Print the plan in force (PDF)"), "plan_paper")] if plan.live else []
    if plan.latest_revision_id and (not plan.live or plan.has_unpublished_changes):
        ways.append((_("Print the draft (PDF)"), "plan_draft_paper"))
    return [
        Button(
            label, url=reverse(f"pr_admin:{name}", args=[plan.pk]), icon_name="doc-full-inverse", priority=60 + place
        )
        for place, (label, name) in enumerate(ways)
    ]


def editing_buttons(user, plan: AnnualPlan) -> list[Button]:
    """What whoever edits the plan can do with it besides."""
    if not may_edit(user, plan):
        return []
    ways = [
        (_("Import activities"), "upload", "import", []),
        (_("Download for Excel (.xlsx)"), "download", "export", ["xlsx"]),
        (_("Download as CSV"), "download", "export", ["csv"]),
        (_("Copy to the next year"), "calendar-alt", "next_year", []),
    ]
    if plan_moves(plan):
        ways.append((_("What moved"), "history", "moved", []))
    return [
        Button(label, url=reverse(f"{URLS}:{name}", args=[plan.pk, *rest]), icon_name=icon, priority=40 + place)
        for place, (label, icon, name, rest) in enumerate(ways)
    ]


ACTIVITY_PANELS = [
    FieldRowPanel([FieldPanel("code"), FieldPanel("origin")]),
    FieldPanel("title"),
    FieldPanel("mission"),
    FieldRowPanel([FieldPanel("start"), FieldPanel("end")]),
    FieldPanel("important_day"),
    FieldRowPanel([FieldPanel("responsible_officer"), FieldPanel("unit")]),
    FieldPanel("target_groups"),
    FieldPanel("channels"),
    FieldPanel("media_formats"),
    FieldRowPanel([FieldPanel("indicator"), FieldPanel("target_value"), FieldPanel("budget_baht")]),
]


class AnnualPlanViewSet(SnippetViewSet):
    """แผนประชาสัมพันธ์ประจำปีงบประมาณ: one per agency and fiscal year, with its activities.

    Nobody publishes a plan by hand: it comes into force when its chain has approved it (`approval_finished`).
    """

    model = AnnualPlan
    icon = "list-ul"
    menu_label = _("Annual plan")
    menu_order = 100
    add_to_admin_menu = True
    url_prefix = "pr/plan"
    copy_view_enabled = False
    inspect_view_enabled = True
    add_view_class = PlanCreateView
    edit_view_class = PlanEditView
    inspect_view_class = PlanInspectView
    inspect_template_name = "pr_workflow/plan/inspect.html"
    chooser_viewset_class = PlanChooserViewSet
    filterset_class = PlanFilterSet
    search_fields = ["title", "objective"]
    list_display = [
        "title",
        "fiscal_year_be",
        Column("agency", label=_("Agency"), sort_key="agency"),
        BooleanColumn("live", label=_("In force"), sort_key="live"),
        LiveStatusTagColumn(),
    ]
    edit_handler = ObjectList(
        [
            MourningPanel(plan_mourning_warnings),
            ItSkillPanel(lambda plan: [activity.responsible_officer for activity in plan.activities.all()]),
            GapsPanel(),
            FieldPanel("agency"),
            FieldPanel("fiscal_year_be"),
            FieldPanel("title"),
            FieldPanel("objective"),
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("doc_number"), FieldPanel("doc_date")])],
                heading=_("Letter"),
            ),
            ActivitiesPanel("activities", panels=ACTIVITY_PANELS, heading=_("Activities"), label=_("Activity")),
        ],
        base_form_class=AnnualPlanForm,
    )

    def get_queryset(self, request):
        return plans_visible_to(request.user)

    def get_urlpatterns(self):
        """The viewset's own screens, and those of files and of the next year."""
        return [
            *super().get_urlpatterns(),
            path("import/<int:pk>/", self.construct_view(PlanImportView), name="import"),
            path("export/<int:pk>/<str:ending>/", self.construct_view(PlanExportView), name="export"),
            path("next-year/<int:pk>/", self.construct_view(PlanNextYearView), name="next_year"),
            path("coverage/<int:pk>/", self.construct_view(PlanCoverageView), name="coverage"),
            path("moved/<int:pk>/", self.construct_view(PlanMovedView), name="moved"),
        ]

    def construct_view(self, view_class, **kwargs):
        """Each view finds its plan among those of the own agency; another one does not exist here (404)."""
        view = super().construct_view(view_class, **kwargs)

        @wraps(view)
        def of_own_agency(request, *args, **view_kwargs):
            if "pk" in view_kwargs and not plans_visible_to(request.user).filter(pk=view_kwargs["pk"]).exists():
                raise Http404
            return view(request, *args, **view_kwargs)

        return of_own_agency
