"""Who is in office on a day, as a condition for any query: asked of the calendar each time, no job marks it (R10)."""

from datetime import date

from django.db.models import Q


def in_office_on(day: date, prefix: str = "") -> Q:
    """People in office on a day in Bangkok; `prefix` leads to the person (`delegator__`) (R10).

    The first day in office counts, the day of leaving does not.
    """
    begun = Q(**{f"{prefix}starts_on__isnull": True}) | Q(**{f"{prefix}starts_on__lte": day})
    not_left = Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gt": day})
    return Q(**{f"{prefix}active": True}) & begun & not_left


def acts_on(day: date, prefix: str = "") -> Q:
    """Accounts whose seats count on a day in Bangkok; `prefix` leads to the account (`group__user__`) (I3, R10).

    That of a person only while the person is in office; one that stands for nobody of the directory always.
    """
    return Q(**{f"{prefix}staff_profile__isnull": True}) | in_office_on(day, f"{prefix}staff_profile__")
