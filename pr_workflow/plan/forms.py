"""Forms of the annual plan: B.E. dates, people and days of the own agency only (R18, R19, I5)."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import InlinePanel
from wagtail.admin.panels.base import get_form_for_model

from ..festival_calendar.selectors import entries_visible_to
from ..people.models import StaffProfile
from ..people.selectors import agency_of, rows_visible_to
from ..thai_time import ThaiDateField
from .models import PlanActivity

DATE_HINT = _("In B.E., for example 13/4/2570.")


class PlanActivityForm(WagtailAdminModelForm):
    """One line of the plan."""

    start = ThaiDateField(label=_("Start"), help_text=DATE_HINT)
    end = ThaiDateField(label=_("End"), help_text=DATE_HINT)


class ActivitiesPanel(InlinePanel):
    """The activities inside the editor of the plan, each a `PlanActivityForm`."""

    def get_form_options(self):
        options = super().get_form_options()
        formset = options["formsets"][self.relation_name]
        base = formset.pop("form", None)
        deferred = base._meta.defer_required_on_fields if base else []
        formset["form"] = get_form_for_model(
            PlanActivity, form_class=PlanActivityForm, defer_required_on_fields=deferred
        )
        return options


class AnnualPlanForm(WagtailAdminModelForm):
    """A plan belongs to the writer's agency; only a superuser chooses one.

    The choices of an activity are looked up once for all activities: a plan has twenty of them and more.
    """

    doc_date = ThaiDateField(label=_("Dated"), required=False, help_text=DATE_HINT)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        agency = agency_of(self.for_user)
        if agency is not None:
            self.fields.pop("agency", None)
            if self.instance._state.adding:
                self.instance.agency = agency
        activities = self.formsets.get("activities")
        if activities is not None:
            for line in [*activities.forms, activities.empty_form]:
                self._limit(line)

    def _limit(self, line: Any) -> None:
        line.instance.plan = self.instance
        if officer := line.fields.get("responsible_officer"):
            officer.queryset = self._officers
            officer.widget = forms.Select(choices=self._officer_choices)
        if day := line.fields.get("important_day"):
            day.queryset = entries_visible_to(self.for_user, day.queryset)

    @cached_property
    def _officers(self):
        return rows_visible_to(self.for_user, StaffProfile.objects.filter(active=True))

    @cached_property
    def _officer_choices(self) -> list[tuple[object, str]]:
        return [("", "—"), *((person.pk, str(person)) for person in self._officers)]
