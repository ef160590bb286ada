"""The staff directory as a register: kept by officers and heads, searched, filtered, exported, with its score (R10)."""

import re

import django_filters
from django.db import models
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column

from ..clock import step_now
from ..thai_time import ThaiDateField, bangkok_date, thai_date
from .directory import COMPLETE_FIELDS, completeness, field_label, in_order, lacking_fields, portrait_of, unit_name
from .models import StaffProfile, Unit
from .register_views import FixedAgencyForm, PeopleViewSet, ScopedCreateView, ScopedEditView, ScopedIndexView
from .roles import Role
from .selectors import may_change_office_of, rows_visible_to
from .skills import Skill

#: Excel takes a file for UTF-8 only when it begins with this mark; without it Thai letters come out wrong.
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
#: What a sheet would run instead of showing; a whole telephone number that begins with + is none.
FORMULA = re.compile(r"[=@\t\r]|[+-](?!\d[\d\s()./-]*$)")


#: Why fields of the form cannot be changed.
KEPT_BY_SIGNERS = gettext_lazy(
    "Name, position and time in office of somebody who signs or posts are changed only by the heads, the director or a "
    "system administrator: they stand beside the signatures and decide who may sign."
)
#: The first such field of each part of the form.
SAID_AT = ("display_name", "active")


class Standing(models.TextChoices):
    """Whether somebody is in office, by the calendar of today."""

    IN_OFFICE = "in_office", gettext_lazy("In office")
    COMING = "coming", gettext_lazy("Not yet in office")
    LEFT = "left", gettext_lazy("Left")


def standing_of(person: StaffProfile) -> Standing:
    """Where a person stands today."""
    if person.in_office:
        return Standing.IN_OFFICE
    to_come = person.active and person.starts_on and person.starts_on > bangkok_date(step_now())
    return Standing.COMING if to_come else Standing.LEFT


class StaffForm(FixedAgencyForm):
    """A person of one's own agency, which only who serves several chooses; dates are typed in B.E."""

    starts_on = ThaiDateField(label=gettext_lazy("In office from"), required=False)
    ends_on = ThaiDateField(
        label=gettext_lazy("Out of office from"),
        required=False,
        help_text=gettext_lazy(
            "In B.E., for example 1/10/2570. From this day on the directory no longer shows the person, nobody can "
            "choose them, and their account opens nothing here."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None or may_change_office_of(self.for_user, self.instance):
            return
        for name in StaffProfile.OFFICE_FIELDS:
            self.fields[name].disabled = True  # whatever is sent, the stored value stays
        for name in SAID_AT:
            self.fields[name].help_text = KEPT_BY_SIGNERS


class StaffFilterSet(WagtailFilterSet):
    """By unit, by whether somebody is in office or shown, by skill, by what is missing."""

    unit = django_filters.ModelChoiceFilter(label=gettext_lazy("Unit"), queryset=lambda request: _units(request))
    standing = django_filters.ChoiceFilter(
        label=gettext_lazy("In office"), choices=Standing.choices, method="filter_standing"
    )
    listed = django_filters.BooleanFilter(label=gettext_lazy("Shown in the public directory"))
    it_skill = django_filters.BooleanFilter(label=gettext_lazy("Has IT skills"))
    lacking = django_filters.ChoiceFilter(
        label=gettext_lazy("What is missing"),
        choices=lambda: [(name, field_label(name)) for name in COMPLETE_FIELDS],
        method="filter_lacking",
    )

    class Meta:
        model = StaffProfile
        fields = ["unit", "listed", "it_skill"]

    def filter_standing(self, people, name, value):
        today = bangkok_date(step_now())
        if value == Standing.IN_OFFICE:
            return people.in_office(today)
        coming = people.filter(active=True, starts_on__gt=today)
        if value == Standing.COMING:
            return coming
        return people.exclude(pk__in=people.in_office(today).values("pk")).exclude(pk__in=coming.values("pk"))

    def filter_lacking(self, people, name, value):
        if value not in COMPLETE_FIELDS:
            return people.none()
        if value == "skills":
            return people.filter(skills=[])
        if isinstance(StaffProfile._meta.get_field(value), models.CharField):
            return people.filter(**{value: ""})
        return people.filter(**{f"{value}__isnull": True})


def _units(request):
    return rows_visible_to(request.user, Unit.objects.all())


class StaffIndexView(ScopedIndexView):
    """The people of the agency, unit by unit, with how complete the entries of each unit are."""

    template_name = "pr_workflow/people/staff_index.html"

    def get_base_queryset(self):
        return in_order(super().get_base_queryset()).select_related("unit", "agency")

    def get_context_data(self, *args, **kwargs):
        context = super().get_context_data(*args, **kwargs)
        if not self.results_only:
            # A member of the network has an account here but is not staff.
            staff = self.rows().in_office().exclude(user__groups__agency_role__role=Role.NETWORK_MEMBER)
            context["units"] = completeness(in_order(staff))
        return context

    def to_row_dict(self, item):
        """What a sheet shows of a person: words, B.E. dates, no codes."""
        skills = ", ".join(str(Skill(key).label) for key in item.skills if key in Skill.values)
        values = {
            "unit": unit_name(item),
            "skills": skills,
            "starts_on": thai_date(item.starts_on, "numeric") if item.starts_on else "",
            "ends_on": thai_date(item.ends_on, "numeric") if item.ends_on else "",
            "it_skill": _("yes") if item.it_skill else _("no"),
            "listed": _("yes") if item.listed else _("no"),
            "photo": _("yes") if item.photo_id else _("no"),
            "active": str(standing_of(item).label),
        }
        return {name: values.get(name, getattr(item, name)) for name in self.list_export}

    def write_csv_row(self, writer, row_dict):
        harmless = {name: f"'{value}" if FORMULA.match(value) else value for name, value in row_dict.items()}
        return super().write_csv_row(writer, harmless)

    def stream_csv(self, queryset):
        yield BYTE_ORDER_MARK
        yield from super().stream_csv(queryset)


class _PreparesPortrait:
    """The portrait is made when the entry is saved, not while a reader waits."""

    def save_instance(self):
        person = super().save_instance()  # type: ignore[misc]  # mixed into Wagtail's views
        portrait_of(person)
        return person


class StaffCreateView(_PreparesPortrait, ScopedCreateView):
    """A new person of the agency."""


class StaffEditView(_PreparesPortrait, ScopedEditView):
    """A person of the agency."""


def _complete(person: StaffProfile) -> str:
    missing = lacking_fields(person)
    if not missing:
        return _("complete")
    names = ", ".join(field_label(name) for name in missing)
    return format_html(
        '{} <span class="pr-quiet">{}</span>',
        f"{len(COMPLETE_FIELDS) - len(missing)}/{len(COMPLETE_FIELDS)}",
        _("missing: %(names)s") % {"names": names},
    )


class StaffViewSet(PeopleViewSet):
    """The staff directory (R03, R10). Roles are given with groups, under the settings of accounts."""

    model = StaffProfile
    name = "pr_staff"
    url_prefix = "pr_workflow/staff"
    icon = "user"
    menu_label = gettext_lazy("Staff directory")
    index_view_class = StaffIndexView
    add_view_class = StaffCreateView
    edit_view_class = StaffEditView
    filterset_class = StaffFilterSet
    search_fields = ("display_name", "position", "unit__name", "work_phone", "work_email")
    list_display = (
        "display_name",
        "position",
        Column("unit", label=gettext_lazy("Unit"), accessor=unit_name),
        Column("standing", label=gettext_lazy("In office"), accessor=lambda person: standing_of(person).label),
        BooleanColumn("listed", label=gettext_lazy("Public")),
        BooleanColumn("it_skill", label=gettext_lazy("IT")),
        Column("complete", label=gettext_lazy("Entry"), accessor=_complete),
    )
    list_export = (
        "unit",
        "display_name",
        "position",
        "work_phone",
        "work_email",
        "it_skill",
        "skills",
        "starts_on",
        "ends_on",
        "active",
        "listed",
        "photo",
    )
    export_filename = "staff-directory"
    edit_handler = ObjectList(
        [
            FieldPanel("agency"),
            MultiFieldPanel(
                [FieldPanel("display_name"), FieldPanel("position"), FieldPanel("unit")],
                heading=gettext_lazy("Person"),
            ),
            MultiFieldPanel([FieldPanel("work_phone"), FieldPanel("work_email")], heading=gettext_lazy("Work contact")),
            MultiFieldPanel(
                [FieldPanel("photo"), FieldPanel("photo_alt"), FieldPanel("photo_consent")],
                heading=gettext_lazy("Photo"),
            ),
            MultiFieldPanel([FieldPanel("it_skill"), FieldPanel("skills")], heading=gettext_lazy("Skills")),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
                    FieldPanel("active"),
                    FieldPanel("user", permission="pr_workflow.link_account"),
                ],
                heading=gettext_lazy("In office"),
            ),
            MultiFieldPanel(
                [
                    HelpPanel(template="pr_workflow/people/legal_basis.html"),
                    FieldPanel("listed"),
                    FieldPanel("directory_order"),
                ],
                heading=gettext_lazy("Public directory"),
            ),
        ],
        base_form_class=StaffForm,
    )

    def get_form_class(self, for_update=False):
        return self._edit_handler.get_form_class()
