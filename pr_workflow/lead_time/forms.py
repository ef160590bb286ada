"""The form of a draft template: scoped like the calendar's registers, saved through its service."""

from django.utils import timezone

from ..festival_calendar.forms import CalendarForm
from .services import draft_template_save


class DraftTemplateForm(CalendarForm):
    """Texts with placeholders; what is wrong names its field."""

    named_field = "kind"

    def keep(self, instance):
        return draft_template_save(actor=self.for_user, template=instance, now=timezone.now())
