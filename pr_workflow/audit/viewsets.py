"""The audit log as a register in the admin (R71)."""

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from ..people.registers import ReadOnlyRegister, RegisterInspect, values_in_words
from ..thai_time import thai_datetime
from .models import AuditEntry
from .wording import act_in_words

#: Acts whose reason belongs in the list: without it nobody knows what happened.
SAYS_WHY = frozenset({"refused", "news_go_live_failed"})


class AuditEntryPage(RegisterInspect):
    """One entry, its act in words."""

    def get_field_display_value(self, field_name, field=None):
        value = super().get_field_display_value(field_name, field)
        return act_in_words(value) if field_name == "verb" else value


class AuditEntryAdmin(ReadOnlyRegister):
    """Who did what, when, from where (R71)."""

    model = AuditEntry
    menu_label = _("Audit log")
    menu_icon = "history"
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
        return format_html('<span class="pr-whole">{}</span>', thai_datetime(entry.at))

    time.short_description = _("time")  # type: ignore[attr-defined]

    def act(self, entry):
        """The act in words, and under what was refused or failed the reason."""
        reason = entry.data.get("reason") if entry.verb in SAYS_WHY and isinstance(entry.data, dict) else ""
        if not reason:
            return act_in_words(entry.verb)
        return format_html('{} <span class="pr-reason">{}</span>', act_in_words(entry.verb), reason)

    act.short_description = _("act")  # type: ignore[attr-defined]
    act.admin_order_field = "verb"  # type: ignore[attr-defined]
