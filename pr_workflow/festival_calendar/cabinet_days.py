"""Has the cabinet's list of the next fiscal year been entered? Asked each year before it begins (R25)."""

from datetime import date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from ..conf import cabinet_days_warning_from
from ..notifications.services import in_house_language, notice_write
from ..people.models import Agency
from ..people.roles import Role
from ..people.selectors import role_members
from ..thai_time import bangkok_date, fiscal_year_be, fiscal_year_bounds, thai_date_range
from .models import Holiday

#: Who keeps an agency's own calendar.
KEEPERS = (Role.WRITER, Role.IT_OFFICER)


def cabinet_days_missing(today: date) -> int | None:
    """The next fiscal year (B.E.) from the day of the warning on while nothing of the cabinet stands in it; else None.

    A special holiday of the whole country counts, whoever wrote it, and so does a national row a person entered or gave
    a reference number: a cabinet that adds no days is recorded by that. One query, none before the warning's day.
    """
    month, day = cabinet_days_warning_from()
    year = fiscal_year_be(today)
    first, last = fiscal_year_bounds(year + 1)
    if today < date(first.year, month, day) or today >= first:
        return None
    by_cabinet = (
        Q(kind=Holiday.Kind.SPECIAL)
        | Q(source=Holiday.Source.PERSON)
        | (~Q(reference_no="") | ~Q(cancel_reference_no=""))
    )
    rows = Holiday.objects.filter(by_cabinet, agency=None, area="", date__range=(first, last))
    return None if rows.exists() else year + 1


def missing_in_words(fiscal_year: int) -> tuple[str, str]:
    """The warning: what is missing, and what to do about it."""
    words = {"year": fiscal_year, "dates": thai_date_range(*fiscal_year_bounds(fiscal_year), "short")}
    return (
        _("Fiscal year %(year)s has no holidays of the cabinet yet") % words,
        _(
            "Enter the special holidays of %(dates)s under Calendar › Holidays as soon as the cabinet has resolved "
            "them, with the number of the resolution. When it adds none, write the number at any national holiday of "
            "the year."
        )
        % words,
    )


def cabinet_days_warn(*, now: datetime) -> int:
    """Tell administrators and whoever keeps a calendar, once for each fiscal year; returns how many were to be told."""
    year = cabinet_days_missing(bangkok_date(now))
    if year is None:
        return 0
    told = 0
    for number, agency in enumerate(Agency.objects.order_by("code")):
        with in_house_language():
            subject, text = missing_in_words(year)
            told += notice_write(
                recipients=_keepers(agency, is_first=number == 0),
                key=f"cabinet_days:{year}",
                subject=subject,
                text=text,
                path=reverse("wagtailsnippets_pr_workflow_holiday:list"),
                agency=agency,
                now=now,
            )
    return told


def _keepers(agency: Agency, *, is_first: bool) -> list[Any]:
    """Officers of the agency and its administrators; those of no agency are told with the first one."""
    people = [person for role in KEEPERS for person in role_members(agency, role)]
    superusers = get_user_model().objects.filter(is_superuser=True, is_active=True)
    people += superusers.filter(staff_profile__agency=agency)
    return [*people, *superusers.filter(staff_profile=None)] if is_first else people
