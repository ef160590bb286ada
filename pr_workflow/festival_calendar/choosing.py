"""The verb of an agency's own choice about a national day (R20)."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from ..audit.services import audit_record
from ..people.models import Agency
from .day_choices import AgencyDayChoice
from .models import ImportantDay
from .selectors import entry_may_change

#: What an agency chooses; the log keeps these values before and after.
CHOSEN_FIELDS = ("observed", "priority", "audience", "lead_time_working_days")


def choice_refusal(user, important_day: ImportantDay, agency: Agency | None) -> str:
    """Why this account may not choose about the day for the agency, as a whole sentence; empty when it may."""
    if agency is None:
        return _("Only an account of an agency chooses for its agency. Change the national day itself instead.")
    if important_day.agency_id is not None:
        return _("Only national days are chosen about. Change the day of the agency itself instead.")
    if not (user.has_perm("pr_workflow.change_importantday") and entry_may_change(user, agency.pk)):
        return _("Only the officers who keep the calendar of the agency choose about its days.")
    return ""


def choice_of(important_day: ImportantDay, agency: Agency) -> AgencyDayChoice:
    """The choice of the agency about the day, or a new one that follows the national values."""
    found = AgencyDayChoice.objects.filter(agency=agency, important_day=important_day).first()
    return found or AgencyDayChoice(agency=agency, important_day=important_day)


@transaction.atomic
def agency_day_choose(*, actor, choice: AgencyDayChoice, now: datetime) -> AgencyDayChoice:
    """Keep what an agency chose about a national day; no other agency notices (R20, I5).

    A choice that follows the national values in everything is taken back. Raises PermissionDenied.
    """
    day, agency = choice.important_day, choice.agency
    if actor is not None and (refusal := choice_refusal(actor, day, agency)):
        raise PermissionDenied(refusal)
    # Two officers at once: the second waits here and writes over the first, never a second row.
    ImportantDay.objects.select_for_update().get(pk=day.pk)
    before = choice_of(day, agency)
    old = {name: getattr(before, name) for name in CHOSEN_FIELDS}
    new = {name: getattr(choice, name) for name in CHOSEN_FIELDS}
    if old == new:
        return before
    choice.pk, choice.uuid = before.pk, before.uuid
    choice._state.adding = before._state.adding
    if new == {name: getattr(AgencyDayChoice(), name) for name in CHOSEN_FIELDS}:
        before.delete()
    else:
        choice.save()
    audit_record(
        actor=actor,
        verb="agency_day_choose",
        target=day,
        now=now,
        agency=agency,
        data={"key": day.key, "old": old, "new": new},
    )
    return choice
