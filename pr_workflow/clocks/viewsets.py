"""The register of an agency's own time limits, for administrators (R48)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from ..audit.services import audit_record
from ..people.register_views import OwnAgencyForm, ScopedCreateView, ScopedEditView, ScopedHistoryView, ScopedIndexView
from ..people.selectors import rows_visible_to
from .models import StepLimit

#: Nobody waits longer than a year; a typing mistake must not put a deadline out of sight.
LONGEST = 250
UNIT = pgettext_lazy("of a time limit", "unit")


class StepLimitForm(OwnAgencyForm):
    """A limit between one and 250 units; minutes up to a whole office day and a half."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].label = UNIT
        self.fields["value"].widget.attrs["max"] = LONGEST
        self.fields["value"].max_value = LONGEST

    def clean_value(self):
        value = self.cleaned_data["value"]
        if value > LONGEST:
            self.add_error("value", _("Give at most %(longest)s.") % {"longest": LONGEST})
        return value


class StepLimitDeleteView(generic.DeleteView):
    """Take the own limit away; the manuals' table counts again for clocks that begin later."""

    def get_object(self, *args, **kwargs):
        return rows_visible_to(self.request.user, StepLimit.objects.all()).get(pk=self.kwargs["pk"])

    def delete_action(self):
        with transaction.atomic():
            row = self.object
            data = {name: getattr(row, name) for name in ("step", "value", "unit")}
            audit_record(actor=self.request.user, verb="steplimit_delete", target=row, now=timezone.now(), data=data)
            super().delete_action()


class StepLimitViewSet(ModelViewSet):
    """How long a step may take in an agency. A change counts for clocks that begin after it."""

    model = StepLimit
    name = "pr_step_limits"
    url_prefix = "pr_workflow/step-limits"
    icon = "time"
    menu_label = _("Time limits of the steps")
    menu_order = 270
    add_to_admin_menu = True
    index_view_class = ScopedIndexView
    add_view_class = ScopedCreateView
    edit_view_class = ScopedEditView
    delete_view_class = StepLimitDeleteView
    history_view_class = ScopedHistoryView
    add_to_reference_index = False
    copy_view_enabled = False
    search_backend_name = None
    form_fields = ("agency", "step", "value", "unit")
    list_display = (
        Column("step", label=_("step"), accessor="get_step_display"),
        "value",
        Column("unit", label=UNIT, accessor="get_unit_display"),
        "agency",
    )

    def get_form_class(self, for_update=False):
        meta = type("Meta", (), {"model": self.model, "fields": self.form_fields})
        return type("Form", (StepLimitForm,), {"Meta": meta})
