"""Who is told that a public page is due to be looked at again (R51)."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from ..news.selectors import news_page_models
from ..notifications.models import Notice
from ..notifications.services import in_house_language, notice_write
from ..people.models import Agency, StaffProfile
from ..people.roles import Role
from ..people.selectors import role_members
from ..thai_time import bangkok_date, thai_date
from .selectors import PublicPage, stale_pages


def reviews_remind(*, now: datetime) -> int:
    """Tell of every page that is due, once for each due day; returns how many pages were told of now.

    The responsible officer is told, the PR officers where that person has left or has no account. Safe to repeat.
    """
    told = 0
    for agency in Agency.objects.select_related("site__root_page"):
        due = {_key(page): page for page in stale_pages(agency, today=bangkok_date(now))}
        known = set(Notice.objects.filter(key__in=due).values_list("key", flat=True))
        fresh = {key: page for key, page in due.items() if key not in known}
        officers = _officers([page.pk for page in fresh.values()])
        writers = list(role_members(agency, Role.WRITER)) if fresh else []
        for key, page in fresh.items():
            officer = officers.get(page.pk)
            people = [officer.user] if officer and officer.can_act else writers
            _tell(agency, page, key, people, now)
        told += len(fresh)
    return told


def _key(page: PublicPage) -> str:
    return f"review:{page.pk}:{page.due_on:%Y%m%d}"


def _officers(pages: list[int]) -> dict[int, StaffProfile | None]:
    found: dict[int, StaffProfile | None] = {}
    for model in news_page_models() if pages else ():
        rows = model.objects.filter(pk__in=pages).select_related("responsible_officer__user").defer_streamfields()
        found |= {page.pk: page.responsible_officer for page in rows}
    return found


def _tell(agency: Agency, page: PublicPage, key: str, people: list, now: datetime) -> None:
    with in_house_language():
        notice_write(
            recipients=people,
            key=key,
            subject=_("Look at a public page again: %(title)s") % {"title": page.title},
            text=_("It was due on %(day)s. Say that it is still right, or write a new version.")
            % {"day": thai_date(page.due_on) if page.due_on else ""},
            path=reverse("pr_admin:news_review", args=[page.pk]),
            agency=agency,
            now=now,
        )
