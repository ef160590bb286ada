"""Whose clocks postings, checks, corrections and confirmations are, and who stands above them (R48)."""

from typing import Any

from django.urls import reverse

from ..approval.notices import course_path
from ..clocks.holders import Holders
from ..people.models import Agency
from ..people.roles import CHAIN, Role
from .models import CorrectionRound, EmergencyPublication, Posting, PublicationCheck
from .notices import answerers_of, people_in, queue_path


def on_clock_holders_asked(sender, *, clocked, **kwargs) -> Holders | None:
    """The answer for the records of this step."""
    agency: Agency = clocked.agency
    if isinstance(clocked, Posting):
        people = people_in(agency, [Role.IT_OFFICER])
        return Holders(str(clocked), queue_path(clocked), people, _above(agency))
    if isinstance(clocked, PublicationCheck):
        people, path = answerers_of(clocked.page.specific, agency), reverse("pr_admin:check", args=[clocked.pk])
        return Holders(clocked.revision.object_str, path, people, _above(agency))
    if isinstance(clocked, CorrectionRound):
        page = clocked.page.specific
        return Holders(page.title, course_path(page), answerers_of(page, agency), _above(agency))
    if isinstance(clocked, EmergencyPublication):
        path = reverse("pr_admin:emergency", args=[clocked.pk])
        return Holders(str(clocked), path, people_in(agency, CHAIN), [people_in(agency, [Role.DIRECTOR])])
    return None


def _above(agency: Agency) -> list[list[Any]]:
    return [people_in(agency, [role]) for role in (Role.HEAD_OF_WORK, Role.DIRECTOR)]
