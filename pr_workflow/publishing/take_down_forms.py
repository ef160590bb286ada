"""What the IT officer fills in when taking news off the site (R50)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..people.models import Agency
from ..reasons import ReasonField
from ..thai_time import thai_date
from .models import PublishedItem, TakeDown
from .take_down import CHOSEN_KINDS

#: So many of the newest items can be chosen as the one that takes the place of another.
OFFERED = 300

EXPLAINED = {
    TakeDown.Kind.IN_ERROR: _("Published in error: the address says that the page was removed, and nothing more."),
    TakeDown.Kind.CONSOLIDATED: _("Merged into another item: the address leads readers there."),
    TakeDown.Kind.WITHDRAWN: _("Withdrawn: the address shows the notice below to everybody."),
    TakeDown.Kind.EXPIRED: _("Expired: the address says that the time of the item is over."),
}


class PublicItemField(forms.ModelChoiceField):
    """A public item of the agency, by headline and day."""

    def label_from_instance(self, obj):
        return f"{obj.title} ({thai_date(obj.published_at, 'short')})"


class TakeDownForm(forms.Form):
    """Why, what readers are told, and what takes its place; each kind needs its own field."""

    kind = forms.ChoiceField(
        label=_("What happened"),
        choices=[(kind, EXPLAINED[kind]) for kind in CHOSEN_KINDS],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose why the item is taken off the site."),
            "invalid_choice": _("Choose why the item is taken off the site."),
        },
    )
    notice = forms.CharField(
        label=_("Public notice"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Everybody reads this at the old address: what was wrong, what counts now, whom to ask."),
    )
    replaced_by = PublicItemField(
        label=_("Item that readers are led to"),
        queryset=PublishedItem.objects.none(),
        required=False,
        error_messages={"invalid_choice": _("Choose another item of this agency that is on the site now.")},
    )
    reason = ReasonField(
        missing=_("Write in “Reason” why the item is taken off the site."),
        rows=2,
        label=_("Reason"),
        max_length=500,
        help_text=_("Stands in the log, not on the site. The page disappears from site, feeds and API at once."),
    )

    def __init__(self, *args, agency: Agency, page_pk: int, **kwargs):
        super().__init__(*args, **kwargs)
        items = PublishedItem.objects.filter(agency=agency).exclude(page_id=page_pk).newest_first()
        newest = items.values("pk")[:OFFERED]
        offered: Any = self.fields["replaced_by"]
        offered.queryset = items.filter(pk__in=list(newest.values_list("pk", flat=True))).select_related("page")

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        kind = cleaned.get("kind")
        if kind == TakeDown.Kind.WITHDRAWN and not cleaned.get("notice"):
            self.add_error("notice", _("Write in “Public notice” what readers are told at the old address."))
        if kind == TakeDown.Kind.CONSOLIDATED and not cleaned.get("replaced_by") and "replaced_by" not in self.errors:
            self.add_error("replaced_by", _("Choose the item that readers are led to."))
        return cleaned
