"""An agency with something of every kind in its calendar; each piece is made when a test asks for it."""

from datetime import date, timedelta
from functools import cached_property

import pytest
import time_machine

from pr_workflow.festival_calendar.models import Holiday, ImportantDay, ImportantDayOccurrence
from pr_workflow.people.roles import Role
from pr_workflow.plan.models import PlanActivity
from tests.factories.office import MORNING, Office, approved, live, make_draft, posted, submit
from tests.factories.plans import in_force, plan_row

NOW = MORNING + timedelta(days=1)
PIECES = ("activity", "occurrence", "holidays", "draft", "undated", "considered", "wished", "slot", "public")


class Desk:
    """The entries of November and December 2569, by name."""

    def __init__(self, office: Office):
        self.office = office
        self.next_week = NOW + timedelta(days=7)

    @cached_property
    def plan(self):
        plan = plan_row(self.office.agency, live=False)
        officer = self.office.profile(Role.WRITER)
        days = {"start": date(2026, 11, 25), "end": date(2026, 11, 27)}
        wide = {"target_groups": ["students"], "channels": ["facebook"]}
        PlanActivity.objects.create(plan=plan, code="ก1", title="รณรงค์", responsible_officer=officer, **days, **wide)
        plan.refresh_from_db()
        plan.save_revision()
        return in_force(plan)

    @cached_property
    def activity(self):
        return PlanActivity.objects.get(plan=self.plan)

    @cached_property
    def day(self):
        words = {"name_th": "วันของหน่วยงาน", "rule": "announced", "audience": ["parents"]}
        return ImportantDay.objects.create(agency=self.office.agency, **words)

    @cached_property
    def occurrence(self):
        return ImportantDayOccurrence.objects.create(important_day=self.day, date=date(2026, 12, 1))

    @cached_property
    def holidays(self):
        agency = self.office.agency
        return [
            Holiday.objects.create(agency=agency, date=date(2026, 12, 2), name_th="หยุดพิเศษ", kind="special"),
            Holiday.objects.create(agency=agency, date=date(2026, 12, 3), name_th="งดหยุด", kind="cancelled"),
        ]

    @cached_property
    def draft(self):
        return make_draft(self.office, title="ร่างมีวัน", go_live_at=self.next_week)

    @cached_property
    def undated(self):
        return make_draft(self.office, title="ร่างไม่มีวัน")

    @cached_property
    def considered(self):
        page = make_draft(self.office, title="รอพิจารณา", go_live_at=self.next_week)
        submit(self.office, page, now=NOW)
        return page

    @cached_property
    def wished(self):
        return approved(self.office, make_draft(self.office, title="อนุมัติแล้ว", go_live_at=self.next_week), now=MORNING)

    @cached_property
    def slot(self):
        return posted(self.office, go_live_at=self.next_week, now=NOW, title="ตั้งเวลาแล้ว")

    @cached_property
    def public(self):
        sent = MORNING + timedelta(hours=6)
        return live(self.office, now=sent, title="ขึ้นเว็บแล้ว", expire_at=self.next_week)


@pytest.fixture
def desk(office):
    """Tuesday, 17 November 2569, nine in the morning; nothing is on the desk yet."""
    with time_machine.travel(NOW, tick=False):
        yield Desk(office)


@pytest.fixture
def full_desk(desk):
    """One entry of each kind."""
    for piece in PIECES:
        getattr(desk, piece)
    return desk
