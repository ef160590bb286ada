"""The register of draft templates in the admin: national defaults, and the agency's own beside them (R20)."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.permissions import register_permission_policy

from ..festival_calendar.agency_scope import AgencyPermissionPolicy, ScopedViewSet
from ..festival_calendar.viewsets import NationalFilter
from .forms import DraftTemplateForm
from .models import DraftTemplate

register_permission_policy(DraftTemplate, AgencyPermissionPolicy(DraftTemplate))


class DraftTemplateFilterSet(WagtailFilterSet):
    """By kind, and national or own."""

    national = NationalFilter()

    class Meta:
        model = DraftTemplate
        fields = ["kind", "active", "edited"]


class DraftTemplateViewSet(ScopedViewSet):
    """What drafts at lead time start with. A person's change of a default is kept for good."""

    model = DraftTemplate
    icon = "doc-empty"
    menu_label = _("Templates of drafts")
    list_display = [
        "__str__",
        Column("title", label=_("Headline")),
        Column("agency", label=_("Agency")),
        BooleanColumn("edited", label=_("Edited by a person")),
        BooleanColumn("active", label=_("In use")),
    ]
    list_per_page = 50
    filterset_class = DraftTemplateFilterSet
    search_fields = ["title", "lead", "body", "important_day__name_th"]
    inspect_view_fields = ["important_day", "kind", "title", "lead", "body", "tags", "active"]
    edit_handler = ObjectList(
        [
            FieldPanel("agency", permission="superuser"),
            MultiFieldPanel(
                [FieldPanel("important_day"), FieldPanel("kind")], heading=_("For which days"), classname="collapsible"
            ),
            MultiFieldPanel(
                [FieldPanel("title"), FieldPanel("lead"), FieldPanel("body"), FieldPanel("tags")], heading=_("Text")
            ),
            MultiFieldPanel(
                [FieldPanel("target_groups"), FieldPanel("channels"), FieldPanel("media_formats")],
                heading=_("Where the plan says nothing"),
            ),
            FieldPanel("active"),
        ],
        base_form_class=DraftTemplateForm,
    )

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("agency", "important_day")
