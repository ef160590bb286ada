"""The calendar registers in the admin: important days, their dates, and holidays."""

import django_filters
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.widgets.button import Button
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import EditView

from ..people.selectors import agency_of
from ..thai_time import thai_date, to_be
from .agency_scope import AgencyPermissionPolicy, BuddhistInspectView, ScopedIndexView, ScopedViewSet
from .choosing import choice_refusal
from .forms import HolidayForm, ImportantDayForm, OccurrenceForm
from .holiday_views import is_changeable
from .models import Holiday, ImportantDay, ImportantDayOccurrence

for model in (ImportantDay, ImportantDayOccurrence, Holiday):
    register_permission_policy(model, AgencyPermissionPolicy(model))


class BuddhistDateColumn(Column):
    """A date in B.E.; sorts by the stored date."""

    def __init__(self, name, label):
        super().__init__(name, label=label, sort_key=name)

    def get_value(self, instance):
        value = getattr(instance, self.name)
        return thai_date(value, "short") if value else ""


class YearFilter(django_filters.ChoiceFilter):
    """The years that occur, shown in B.E."""

    def __init__(self, model, **kwargs):
        super().__init__(field_name="date", lookup_expr="year", label=_("Year"), choices=self._years(model), **kwargs)

    @staticmethod
    def _years(model):
        def choices():
            return [(day.year, str(to_be(day.year))) for day in model.objects.dates("date", "year", order="DESC")]

        return choices


class NationalFilter(django_filters.BooleanFilter):
    """National entries or the agency's own."""

    def __init__(self, field_name="agency", **kwargs):
        super().__init__(field_name=field_name, lookup_expr="isnull", label=_("National"), **kwargs)


class DaysIndexView(ScopedIndexView):
    """The register, with the way to what a person has to do before a fiscal year."""

    @cached_property
    def header_more_buttons(self):
        url = reverse("pr_admin:days_of_year")
        way = Button(_("Days of the fiscal year"), url=url, icon_name="calendar-check", priority=20)
        return [*super().header_more_buttons, way]


class DayInspectView(BuddhistInspectView):
    """A day as it stands for all agencies, with the way to the own agency's choice about it."""

    @cached_property
    def header_more_buttons(self):
        user = self.request.user
        if choice_refusal(user, self.object, agency_of(user)):
            return super().header_more_buttons
        url = reverse("pr_admin:day_choice", args=[self.object.pk])
        way = Button(_("What it means for our agency"), url=url, icon_name="cog", priority=20)
        return [*super().header_more_buttons, way]


class ImportantDayFilterSet(WagtailFilterSet):
    national = NationalFilter()

    class Meta:
        model = ImportantDay
        fields = ["kind", "tone", "gov_holiday", "health_priority", "education_priority", "edited", "active"]


class OccurrenceFilterSet(WagtailFilterSet):
    year = YearFilter(ImportantDayOccurrence)
    national = NationalFilter("important_day__agency")

    class Meta:
        model = ImportantDayOccurrence
        fields = ["status", "important_day__kind", "edited"]


class HolidayFilterSet(WagtailFilterSet):
    year = YearFilter(Holiday)
    national = NationalFilter()

    class Meta:
        model = Holiday
        fields = ["kind", "source", "edited", "active"]


class ImportantDayViewSet(ScopedViewSet):
    """Days to plan for. A person's change of a seeded row marks it as edited, and no import touches it again."""

    model = ImportantDay
    index_view_class = DaysIndexView
    inspect_view_class = DayInspectView
    icon = "date"
    menu_label = _("Important days")
    list_display = [
        "name_th",
        "kind",
        "rule",
        BooleanColumn("gov_holiday", label=_("Offices close"), sort_key="gov_holiday"),
        "lead_time_working_days",
        Column("agency", label=_("Agency")),
        BooleanColumn("edited", label=_("Edited by a person")),
    ]
    list_per_page = 50
    filterset_class = ImportantDayFilterSet
    search_fields = ["name_th", "name_en", "key"]
    inspect_view_fields = [
        "name_th",
        "name_en",
        "kind",
        "tone",
        "rule",
        "gov_holiday",
        "audience",
        "health_priority",
        "education_priority",
        "confidence",
        "lead_time_working_days",
        "note",
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("agency", permission="superuser"),
            MultiFieldPanel(
                [FieldPanel("name_th"), FieldPanel("name_en"), FieldPanel("kind"), FieldPanel("tone")],
                heading=_("Name"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("rule"),
                    FieldPanel("gov_holiday", permission="superuser"),
                    FieldPanel("lead_time_working_days"),
                    FieldPanel("active"),
                ],
                heading=_("Dates"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("audience"),
                    FieldPanel("health_priority"),
                    FieldPanel("education_priority"),
                    FieldPanel("confidence"),
                    FieldPanel("note"),
                ],
                heading=_("For the plan"),
            ),
        ],
        base_form_class=ImportantDayForm,
    )

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("agency")


class OccurrenceEditView(EditView):
    """The form; after a move it says that the new date is to be confirmed."""

    def get_success_message(self):
        if "date" in self.form.changed_data and self.object.status == ImportantDayOccurrence.Status.TO_CONFIRM:
            text = gettext("“%(title)s” is on %(day)s now. This new date still has to be confirmed against its notice.")
            return text % {"title": self.object.important_day, "day": thai_date(self.object.date)}
        return super().get_success_message()


class OccurrenceViewSet(ScopedViewSet):
    """The dates of important days: confirm a lunar date, enter an announced one, move or cancel one."""

    model = ImportantDayOccurrence
    edit_view_class = OccurrenceEditView
    icon = "calendar-check"
    menu_label = _("Dates of important days")
    list_display = [
        "important_day",
        BuddhistDateColumn("date", label=_("Date")),
        "status",
        "reference_no",
        BooleanColumn("edited", label=_("Edited by a person")),
    ]
    list_per_page = 50
    filterset_class = OccurrenceFilterSet
    search_fields = ["important_day__name_th", "important_day__name_en"]
    inspect_view_fields = ["important_day", "date", "status", "reference_no", "confirmed_by", "confirmed_at"]
    edit_handler = ObjectList(
        [FieldPanel("important_day"), FieldPanel("date"), FieldPanel("status"), FieldPanel("reference_no")],
        base_form_class=OccurrenceForm,
    )

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("important_day")


class HolidayIndexView(ScopedIndexView):
    """The list; a holiday that closes offices can be moved or cancelled from it."""

    def get_list_more_buttons(self, instance):
        buttons = super().get_list_more_buttons(instance)
        if is_changeable(instance) and self.user_has_permission_for_instance("change", instance):
            address = reverse("pr_admin:holiday_change", args=[instance.pk])
            buttons.append(Button(_("Move or cancel"), url=address, icon_name="calendar-alt", priority=15))
        return buttons


class HolidayViewSet(ScopedViewSet):
    """Days on which offices close. Cabinet special days and cancelled days are entered here and win over every rule."""

    model = Holiday
    index_view_class = HolidayIndexView
    icon = "calendar-alt"
    menu_label = _("Holidays")
    list_display = [
        "name_th",
        BuddhistDateColumn("date", label=_("Date")),
        "kind",
        BuddhistDateColumn("in_lieu_of", label=_("In lieu of")),
        Column("agency", label=_("Agency")),
        Column("provinces", label=_("Provinces"), accessor=Holiday.get_provinces_display),
        "source",
        BooleanColumn("edited", label=_("Edited by a person")),
        BooleanColumn("active", label=_("In use")),
    ]
    list_per_page = 50
    filterset_class = HolidayFilterSet
    search_fields = ["name_th", "name_en", "reference_no"]
    inspect_view_fields = [
        "name_th",
        "name_en",
        "date",
        "kind",
        "in_lieu_of",
        "provinces",
        "important_day",
        "active",
        "source",
        "reference_no",
        "moved_from",
        "cancelled_at",
        "cancel_reference_no",
        "note",
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("agency", permission="superuser"),
            FieldPanel("date"),
            FieldPanel("name_th"),
            FieldPanel("name_en"),
            FieldPanel("kind"),
            FieldPanel("in_lieu_of"),
            FieldPanel("important_day"),
            FieldPanel("active"),
            FieldPanel("reference_no"),
            FieldPanel("note"),
            FieldPanel("provinces", permission="superuser", classname="collapsed"),
        ],
        base_form_class=HolidayForm,
    )

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("agency")
