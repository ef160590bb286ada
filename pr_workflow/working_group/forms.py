"""The draft of a working group with its members, and the earlier end of a term (R01)."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from ..editor_forms import RowsPanel
from ..people.models import StaffProfile
from ..people.register_views import FOREIGN_FILE, FixedAgencyForm
from ..people.selectors import rows_visible_to
from ..thai_time import ThaiDateField, bangkok_date
from .models import WorkingGroupMember
from .rules import draft_refusals

DATE_HINT = _("In B.E., for example 1/10/2570.")


class MemberForm(WagtailAdminModelForm):
    """One seat. People of the own agency who are in office, looked up once for all seats (I5)."""

    def __init__(self, *args, people, person_choices, **kwargs):
        super().__init__(*args, **kwargs)
        staff: Any = self.fields.get("staff")
        if staff is not None:
            staff.queryset = people
            staff.widget = forms.Select(choices=person_choices)


class MembersPanel(RowsPanel):
    """The members inside the draft, each a `MemberForm`."""

    row_model = WorkingGroupMember
    row_form = MemberForm
    row_kwargs = ("people", "person_choices")


class WorkingGroupForm(FixedAgencyForm):
    """A draft; what an order must have is asked when the group is appointed."""

    order_date = ThaiDateField(label=_("Dated"), required=False, help_text=DATE_HINT)
    starts_on = ThaiDateField(label=_("In office from"), required=False, help_text=DATE_HINT)
    ends_on = ThaiDateField(
        label=_("In office until"),
        required=False,
        help_text=_("This day still counts. Empty: the order names no end."),
    )

    @cached_property
    def people(self):
        """Asked by the forms of the members: who may be one, and who is one already."""
        kept = WorkingGroupMember.objects.filter(group=self.instance.pk).values("staff")
        people = StaffProfile.objects.in_office() | StaffProfile.objects.filter(Q(pk__in=kept))
        return rows_visible_to(self.for_user, people)

    @cached_property
    def person_choices(self) -> list[tuple[object, str]]:
        """Keys and names for the select lists, read once."""
        return [("", "—"), *((person.pk, str(person)) for person in self.people)]

    def clean_order_number(self) -> str:
        return self.cleaned_data["order_number"].strip()

    def clean(self):
        """Adds what is wrong with term and members, each reason as a sentence."""
        cleaned = super().clean()
        if "agency" in self.fields and not cleaned.get("agency"):
            return cleaned
        for name in ("title", "kind", "order_number", "starts_on", "ends_on", "agency"):
            if name in cleaned:
                setattr(self.instance, name, cleaned[name])
        if (scan := cleaned.get("scan")) and not self.instance.agency.keeps(scan):
            self.add_error("scan", FOREIGN_FILE)
        for field, sentence in draft_refusals(self.instance, self._seats(), today=bangkok_date(timezone.now())):
            self.add_error(field, sentence)
        return cleaned

    def _seats(self):
        lines = self.formsets["members"].forms
        rows = [line.cleaned_data for line in lines if line.is_valid() and not line.cleaned_data.get("DELETE")]
        return [(row["staff"], row["role"]) for row in rows if row.get("staff")]


class EndForm(forms.Form):
    """The earlier end of a term."""

    ends_on = ThaiDateField(label=_("Last day in office"), help_text=DATE_HINT)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("With the number of the order that says so."),
    )
