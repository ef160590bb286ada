"""What is filled in to let somebody act in a role (R06)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..thai_time import ThaiDateField
from .delegations import roles_to_delegate
from .models import AgencyGroup, Delegation, StaffProfile
from .roles import DELEGABLE, Role
from .selectors import agency_of, holds_seat, network_only


class DelegationForm(forms.Form):
    """Offers the roles and people this account may delegate, of its own agency only (I5)."""

    role = forms.ChoiceField(label=_("Role"))
    delegator = forms.ModelChoiceField(StaffProfile.objects.none(), label=_("Holder of the role"), empty_label=None)
    delegate = forms.ModelChoiceField(
        StaffProfile.objects.none(), label=_("Acts in their place"), help_text=_("With an open account of the agency.")
    )
    capacity = forms.ChoiceField(
        label=_("Wording"),
        choices=Delegation.Capacity.choices,
        help_text=_("How it is printed beside the signature, as the order says it."),
    )
    starts_on = ThaiDateField(label=_("From"), help_text=_("In B.E., for example 13/4/2570."))
    ends_on = ThaiDateField(label=_("Until"), help_text=_("This day still counts."))
    order_number = forms.CharField(
        label=_("Order number"), max_length=64, help_text=_("Number of the order that says so, for example 12/2570.")
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        agency = agency_of(user)
        people = StaffProfile.objects.in_office().filter(user__is_active=True).select_related("agency")
        if agency is not None:
            people = people.filter(agency=agency)
        seats = AgencyGroup.objects.filter(role__in=DELEGABLE)
        holders = people.filter(user__groups__in=seats.values("group")).distinct()
        if agency is not None and not (user.is_superuser or holds_seat(user, Role.DIRECTOR, agency)):
            holders = holders.filter(user=user)
        roles = list(DELEGABLE) if agency is None else roles_to_delegate(user, agency)
        fields: dict[str, Any] = self.fields
        fields["role"].choices = [(role.value, role.label) for role in roles]
        fields["delegator"].queryset = holders
        fields["delegate"].queryset = people.exclude(user__in=network_only(agency))
