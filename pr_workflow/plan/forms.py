"""Forms of the annual plan: B.E. dates, people and days of the own agency only (R18, R19, I5)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from ..editor_forms import OwnRowsFormSet, RowsPanel, SafeChoosers
from ..festival_calendar.models import ImportantDay
from ..festival_calendar.selectors import entries_visible_to
from ..people.models import StaffProfile, Unit
from ..people.selectors import agency_of, rows_visible_to
from ..thai_time import ThaiDateField
from .amounts import NoNumber, money
from .line_limit import MAX_LINES, too_many_lines
from .models import PlanActivity
from .removing import removal_refusal

DATE_HINT = _("In B.E., for example 13/4/2570.")


class LineChoices:
    """What the lines of a plan offer to one person; looked up once, however many lines there are (I5)."""

    def __init__(self, user):
        self.officers = rows_visible_to(user, StaffProfile.objects.in_office())
        self.units = rows_visible_to(user, Unit.objects.all())
        self.days = entries_visible_to(user, ImportantDay.objects.all())

    @cached_property
    def unit_choices(self) -> list[tuple[object, str]]:
        """Keys and names of units and schools for a select list."""
        return [("", "—"), *((unit.pk, unit.name) for unit in self.units)]

    @cached_property
    def officer_choices(self) -> list[tuple[object, str]]:
        """Keys and names for a select list."""
        return [("", "—"), *((person.pk, str(person)) for person in self.officers)]

    def for_line(self, activity: PlanActivity) -> tuple[QuerySet, list[tuple[object, str]]]:
        """The people and the select list of one line: who has left stays until someone else is chosen."""
        kept = activity.responsible_officer_id
        if kept is None or any(key == kept for key, _name in self.officer_choices):
            return self.officers, self.officer_choices
        people = StaffProfile.objects.filter(Q(pk__in=self.officers.values("pk")) | Q(pk=kept))
        return people, [*self.officer_choices, (kept, str(activity.responsible_officer))]


class BahtField(forms.DecimalField):
    """An amount as people write it and as a file may hold it: “๕,๐๐๐”, “5000.50”, “5,000 บาท” (R19)."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, value):
        """The exact amount; nothing stays nothing. Raises `ValidationError`."""
        if isinstance(value, str) and value.strip():
            try:
                return super().to_python(value)
            except ValidationError:
                pass
            try:
                return money(value)
            except NoNumber as error:
                raise ValidationError(error.message) from error
        return super().to_python(value)


class PlanActivityForm(SafeChoosers, WagtailAdminModelForm):
    """One line of the plan."""

    start = ThaiDateField(label=_("Start"), help_text=DATE_HINT)
    end = ThaiDateField(label=_("End"), help_text=DATE_HINT)
    budget_baht = BahtField(
        label=capfirst(PlanActivity._meta.get_field("budget_baht").verbose_name), max_digits=14, decimal_places=2
    )

    def __init__(self, *args, line_choices: LineChoices, **kwargs):
        super().__init__(*args, **kwargs)
        if officer := self._field("responsible_officer"):
            officer.queryset, choices = line_choices.for_line(self.instance)
            officer.widget = forms.Select(choices=choices)
        if day := self._field("important_day"):
            day.queryset = line_choices.days
        if unit := self._field("unit"):
            unit.queryset = line_choices.units
            unit.widget = forms.Select(choices=line_choices.unit_choices)

    def _field(self, name: str) -> Any:
        return self.fields.get(name)


class LinesFormSet(OwnRowsFormSet):
    """The lines of a plan: no more than it holds, without those that are taken out."""

    def clean(self, *args, **kwargs):
        if sentence := too_many_lines(self.total_form_count() - len(self.deleted_forms)):
            raise ValidationError(sentence)
        return super().clean(*args, **kwargs)


class ActivitiesPanel(RowsPanel):
    """The activities inside the editor of the plan, each a `PlanActivityForm`; at most `MAX_LINES`."""

    row_model = PlanActivity
    row_form = PlanActivityForm
    row_formset = LinesFormSet
    row_kwargs = ("line_choices",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_num": MAX_LINES, **kwargs})

    def get_form_options(self):
        options = super().get_form_options()
        options["formsets"][self.relation_name]["validate_max"] = False  # the formset says it with the numbers
        return options


class AnnualPlanForm(WagtailAdminModelForm):
    """A plan belongs to the writer's agency; only a superuser chooses one."""

    doc_date = ThaiDateField(label=_("Dated"), required=False, help_text=DATE_HINT)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        agency = agency_of(self.for_user)
        if agency is not None:
            self.fields.pop("agency", None)
            if self.instance._state.adding:
                self.instance.agency = agency
        if "activities" in self.formsets:
            for line in self.formsets["activities"].forms:
                # A new line knows its plan only after saving; its period is checked against the year before that.
                line.instance.plan = self.instance

    def _post_clean(self):
        """Adds why lines may not be taken out; only now the lines know the fiscal year they are checked against."""
        super()._post_clean()
        if "activities" in self.formsets:
            lines = [line for line in self.formsets["activities"].forms if line.is_valid()]
            gone = [line.instance for line in lines if line.cleaned_data.get("DELETE")]
            if refusal := removal_refusal(gone):
                self.add_error(None, refusal)

    @cached_property
    def line_choices(self) -> LineChoices:
        """Asked by the forms of the activities."""
        return LineChoices(self.for_user)
