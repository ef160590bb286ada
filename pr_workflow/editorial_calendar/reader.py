"""Who looks at the calendar of which agency, and what of it they may see and move (I5)."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from wagtail.permission_policies.pages import PagePermissionPolicy

from ..approval.reading import reading_refusal
from ..people.models import Agency
from ..people.selectors import agency_of
from ..publishing.selectors import may_post


@dataclass(frozen=True)
class Reader:
    """One person before the calendar of one agency; asked once, however many entries there are.

    `works_on_news`: reads what is not public yet. `may_edit_below`: beginnings of the places of pages this person may
    change, "" for all.
    """

    user: Any
    agency: Agency
    works_on_news: bool
    reads_plan: bool
    edits_plan: bool
    edits_days: bool
    posts: bool
    may_edit_below: tuple[str, ...]


def calendar_agency(user, chosen: str = "") -> Agency:
    """The agency whose calendar somebody opens: their own; who serves all agencies chooses one by its code.

    Raises `PermissionDenied` for an account of no agency, and while there is no agency at all.
    """
    agency = agency_of(user)
    if agency is None:
        agencies = Agency.objects.select_related("site__root_page")
        agency = agencies.filter(code=chosen).first() or agencies.first()
    if agency is None:
        raise PermissionDenied(_("There is no agency yet, so there is no calendar."))
    return agency


def reader_of(user, agency: Agency) -> Reader:
    """What this account may see and move in the calendar of the agency. Raises `PermissionDenied` for another one's."""
    own = agency_of(user)
    if own is not None and own.pk != agency.pk:
        raise PermissionDenied(_("This belongs to another agency."))
    works_on_news = not reading_refusal(user, agency)
    return Reader(
        user=user,
        agency=agency,
        works_on_news=works_on_news,
        reads_plan=works_on_news and user.has_perm("pr_workflow.view_annualplan"),
        edits_plan=works_on_news and user.has_perm("pr_workflow.change_annualplan"),
        edits_days=user.has_perm("pr_workflow.change_importantdayoccurrence"),
        posts=may_post(user, agency),
        may_edit_below=_editable_places(user) if works_on_news else (),
    )


def _editable_places(user) -> tuple[str, ...]:
    if user.is_superuser:
        return ("",)
    held = PagePermissionPolicy().get_cached_permissions_for_user(user)
    return tuple(each.page.path for each in held if each.permission.codename == "change_page")
