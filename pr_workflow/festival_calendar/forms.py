"""Forms of the calendar registers: B.E. dates in, the agency from the account, saved through the services."""

from datetime import date

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from ..people.selectors import agency_of
from ..thai_time import ThaiDateField, bangkok_date, thai_date
from .dating import occurrence_date_guard, plausible_days_guard
from .models import Holiday
from .selectors import entries_visible_to, entry_may_change
from .services import holiday_save, important_day_save, occurrence_save

#: Kinds of holidays that exist only because a resolution or an announcement says so.
BY_ANNOUNCEMENT = frozenset({Holiday.Kind.SPECIAL, Holiday.Kind.SUBSTITUTION, Holiday.Kind.CANCELLED})
DATE_HINT = _("In B.E., for example 13/4/2570.")


class CalendarForm(WagtailAdminModelForm):
    """New entries of an agency's account belong to that agency; only a superuser chooses."""

    #: The field that carries a refusal about the whole row.
    named_field = "date"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "agency" not in self.fields and hasattr(type(self.instance), "agency") and self.instance._state.adding:
            self.instance.agency = own_agency(self.for_user)
        if "important_day" in self.fields:
            field = self.fields["important_day"]
            field.queryset = entries_visible_to(self.for_user, field.queryset)

    def _post_clean(self):
        super()._post_clean()
        # A form without the agency field would skip the rules "once a date" and leave them to the database.
        if not self.errors:
            try:
                self.instance.validate_constraints()
            except ValidationError as refusal:
                self.add_error(None, refusal.error_dict[NON_FIELD_ERRORS])
        if whole_row := self.errors.pop(NON_FIELD_ERRORS, None):
            self.add_error(self.named_field, whole_row.as_data())

        if not self.errors:
            try:
                self.guard(bangkok_date(timezone.now()))
            except ValidationError as refusal:
                self.add_error(None, refusal)

    def guard(self, today: date) -> None:
        """The rules of the service about the dates, asked before anything is saved. Raises `ValidationError`."""

    def save(self, commit=True):
        instance = super().save(commit=False)
        return self.keep(instance) if commit else instance

    def keep(self, instance):
        """Hand the entry to its service."""
        raise NotImplementedError


class ImportantDayForm(CalendarForm):
    named_field = "name_th"

    def keep(self, instance):
        return important_day_save(actor=self.for_user, important_day=instance, now=timezone.now())


class OccurrenceForm(CalendarForm):
    date = ThaiDateField(label=_("Date"), help_text=DATE_HINT)

    def clean_important_day(self):
        day = self.cleaned_data["important_day"]
        if not entry_may_change(self.for_user, day.agency_id):
            raise ValidationError(
                _(
                    "“%(day)s” is a national day: the system administrator enters its dates. "
                    "Choose a day of your agency."
                )
                % {"day": day}
            )
        return day

    def guard(self, today):
        occurrence_date_guard(self.instance, today=today)

    def keep(self, instance):
        return occurrence_save(actor=self.for_user, occurrence=instance, now=timezone.now())


class HolidayForm(CalendarForm):
    date = ThaiDateField(label=_("Date"), help_text=DATE_HINT)
    in_lieu_of = ThaiDateField(label=_("In lieu of"), required=False, help_text=DATE_HINT)

    def clean(self):
        cleaned = super().clean()
        in_lieu_of, day = cleaned.get("in_lieu_of"), cleaned.get("date")
        if in_lieu_of and day and in_lieu_of == day:
            self.add_error(
                "in_lieu_of", _("A holiday cannot stand in for its own date. Give the date that it replaces.")
            )
        if self._needs_reference(cleaned) and not cleaned.get("reference_no", "").strip():
            self.add_error(
                "reference_no",
                _("Give in “Reference number” the resolution or announcement that this holiday goes back to."),
            )
        moved_to = Holiday.objects.filter(moved_from=self.instance.pk or 0, active=True).first()
        if cleaned.get("active") and moved_to is not None:
            text = _("This holiday was moved to %(date)s. Take that entry out of use first, or move it back.")
            self.add_error("active", text % {"date": thai_date(moved_to.date)})
        return cleaned

    def _needs_reference(self, cleaned) -> bool:
        """What people enter by announcement, and an imported holiday they move; the others stand in the regulation."""
        is_entered = self.instance.source == Holiday.Source.PERSON
        facts = {"date", "kind", "reference_no"} if is_entered else {"date", "kind"}
        is_new = self.instance._state.adding or bool(facts & set(self.changed_data))
        return is_new and (cleaned.get("kind") in BY_ANNOUNCEMENT or not is_entered)

    def guard(self, today):
        plausible_days_guard(self.instance, "date", "in_lieu_of", today=today)

    def keep(self, instance):
        return holiday_save(actor=self.for_user, holiday=instance, now=timezone.now())


def own_agency(user):
    """The agency of an account; None only for a superuser, whose new entries may be national."""
    agency = agency_of(user)
    if agency is None and not user.is_superuser:
        raise PermissionDenied
    return agency
