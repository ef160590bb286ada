"""What the demo's offices have ordered for their chains: who acts for the director, and which level is left out."""

from datetime import datetime, timedelta

from pr_workflow.approval.models import StepSkipRule
from pr_workflow.news.models import NewsType
from pr_workflow.people.models import Agency, Delegation, StaffProfile
from pr_workflow.people.roles import Role
from pr_workflow.people.services import delegation_grant
from pr_workflow.thai_time import bangkok_date

from .people import account

#: Who acts for the director, by agency: holder, delegate, number of the order.
ACTING = {"kpr": ("k-act", "k-hs", "กพร. 12/2569")}
#: How long the order runs from the day it is entered.
ORDERED_FOR = timedelta(days=30)
#: The level an announcement does not pass, and why, by agency.
SKIPPED = {"spp": (Role.HEAD_OF_SECTION, "ประกาศรับนักเรียนผ่านมติคณะกรรมการรับนักเรียนแล้ว")}


def delegation_load(agency: Agency, now: datetime) -> None:
    """The director's order: somebody acts for them from today on (R06)."""
    if agency.code not in ACTING or Delegation.objects.filter(agency=agency).exists():
        return
    holder, delegate, order = ACTING[agency.code]
    people = {person.key: person for person in StaffProfile.objects.filter(agency=agency, key__in=(holder, delegate))}
    today = bangkok_date(now)
    delegation_grant(
        actor=account(agency, holder),
        delegator=people[holder],
        delegate=people[delegate],
        role=Role.DIRECTOR,
        starts_on=today,
        ends_on=today + ORDERED_FOR,
        order_number=order,
        now=now,
    )


def skip_rule_load(agency: Agency) -> None:
    """The rule of the chain that leaves a level out for one type of news (R05)."""
    if agency.code in SKIPPED:
        role, reason = SKIPPED[agency.code]
        StepSkipRule.objects.get_or_create(
            agency=agency,
            role=role,
            defaults={
                "when": StepSkipRule.When.ALWAYS,
                "news_types": [NewsType.ANNOUNCEMENT.value],
                "reason": reason,
            },
        )
