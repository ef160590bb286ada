"""The audit log as a register in the admin (R71)."""

from django.utils.translation import gettext_lazy as _

from ..people.registers import ReadOnlyRegister, RegisterInspect, values_in_words
from ..thai_time import thai_datetime
from .models import AuditEntry
from .wording import act_in_words


class AuditEntryPage(RegisterInspect):
    """One entry, its act in words."""

    def get_field_display_value(self, field_name, field=None):
        value = super().get_field_display_value(field_name, field)
        return act_in_words(value) if field_name == "verb" else value


class AuditEntryAdmin(ReadOnlyRegister):
    """Who did what, when, from where (R71)."""

    model = AuditEntry
    menu_label = _("Audit log")
    menu_icon = "list-ul"
    inspect_view_class = AuditEntryPage
    list_display = ("time", "act", "actor_name", "target_label", "ip", "sequence")
    list_filter = (("verb", values_in_words(act_in_words)),)
    search_fields = ("target_label", "actor_name", "verb")
    list_export = (
        "chain",
        "sequence",
        "at",
        "verb",
        "actor_name",
        "ip",
        "target_type",
        "target_id",
        "target_label",
        "data",
        "entry_hash",
    )

    def time(self, entry):
        return thai_datetime(entry.at)

    time.short_description = _("time")  # type: ignore[attr-defined]

    def act(self, entry):
        return act_in_words(entry.verb)

    act.short_description = _("act")  # type: ignore[attr-defined]
    act.admin_order_field = "verb"  # type: ignore[attr-defined]
