"""The start page counts right for each role: one busy day, told by rows (R38)."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pr_workflow.approval.services import news_return
from pr_workflow.dashboard import MostUrgentPanel
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.publishing.emergency import emergency_publish
from pr_workflow.publishing.services import posting_fail
from tests.factories.office import (
    MORNING,
    approved,
    current_step,
    live,
    make_administrator,
    make_draft,
    make_office,
    posted,
    read_and_approve,
    submit,
    verify,
)

pytestmark = pytest.mark.django_db
NOON = MORNING + timedelta(hours=6)
#: Questions to the database for one start page with every panel on it, however much waits; an empty one has 70.
BUDGET = 115


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def signed(office, title: str, levels: int, *, now=MORNING):
    page = make_draft(office, title=title)
    submit(office, page, now=now)
    for role in CHAIN[:levels]:
        read_and_approve(actor=office.person(role), task_state=current_step(page), now=now)
    return page


def busy_day(office) -> None:
    """Three at the first level, one of them late; two at the second; one at the director; and one of all the rest."""
    long_ago = MORNING - timedelta(days=14)
    signed(office, "เลยกำหนด", 0, now=long_ago)
    for number in range(2):
        signed(office, f"รอหัวหน้างาน {number}", 0)
        signed(office, f"รอหัวหน้าฝ่าย {number}", 1)
    signed(office, "รอผู้อำนวยการ", 2)
    returned = signed(office, "ส่งกลับ", 0)
    news_return(actor=office.person(CHAIN[0]), task_state=current_step(returned), reason="แก้ชื่อ", now=MORNING)
    approved(office, title="รอขึ้นเว็บ")
    failed = posted(office, title="ขึ้นไม่ได้", go_live_at=NOON, now=NOON)
    posting_fail(posting_id=failed.pk, error=RuntimeError("ดิสก์เต็ม"), now=NOON)
    live(office, title="รอตรวจสอบ")
    verify(office, live(office, title="กำลังแก้ไข"), now=NOON, result="needs_correction", note="ชื่อผิด")
    emergency_publish(
        actor=make_administrator(f"admin-{office.agency.code}"),
        page=make_draft(office, title="เตือนภัย"),
        reason="น้ำท่วมฉับพลัน ประชาชนต้องอพยพทันที",
        now=NOON,
    )


@pytest.fixture
def office():
    office = make_office()
    busy_day(office)
    approved(make_office("spp"), title="ของหน่วยงานอื่น")
    return office


def panels_of(client, user) -> dict[str, object]:
    client.force_login(user)
    answer = client.get(reverse("wagtailadmin_home"))
    assert answer.status_code == 200
    return {type(panel).__name__: panel for panel in answer.context["panels"]}


def rows_of(panels) -> dict[str, int]:
    return {name: len(panel.rows) for name, panel in panels.items() if hasattr(panel, "rows") and "Urgent" not in name}


#: Rows of each panel for each role; a panel that is not named is not there.
EXPECTED = {
    Role.WRITER: {
        "EmergencyPanel": 1,
        "TroublePanel": 1,
        "ReturnedToMePanel": 1,
        "CorrectionsPanel": 1,
        "MyChecksPanel": 2,
        "LeadTimePanel": 1,  # this office has no plan in force
        "OnTheWayPanel": 6,
    },
    Role.HEAD_OF_WORK: {"EmergencyPanel": 1, "TroublePanel": 1, "LeadTimePanel": 1, "WaitingForMePanel": 3},
    Role.HEAD_OF_SECTION: {"EmergencyPanel": 1, "TroublePanel": 1, "WaitingForMePanel": 2},
    Role.DIRECTOR: {"EmergencyPanel": 1, "TroublePanel": 1, "WaitingForMePanel": 1},
    Role.IT_OFFICER: {"EmergencyPanel": 1, "TroublePanel": 2, "ToPostPanel": 1},
    Role.EVALUATOR: {"EmergencyPanel": 1, "TroublePanel": 1},
    Role.NETWORK_MEMBER: {},
}
#: What the first panel says: how many things are to be done by this person, how many of them are late.
FIRST = {
    Role.WRITER: (4, 0),
    Role.HEAD_OF_WORK: (4, 1),
    Role.HEAD_OF_SECTION: (3, 0),
    Role.DIRECTOR: (2, 0),
    Role.IT_OFFICER: (2, 0),  # one to post, one that failed
}


def test_every_role_is_told_of(office):
    assert set(EXPECTED) == set(Role)


def first_of(panels) -> tuple[int, int] | None:
    """What the first panel says; None where nothing is to be done, and then that is said."""
    first = panels.get(MostUrgentPanel.__name__)
    assert ("NothingWaitsPanel" in panels) is (first is None)
    said = first.get_context_data({}) if first else None
    return (said["count"], said["overdue"]) if said else None


def test_the_rows_of_each_role(client, office, subtests):
    """One busy day, looked at by everybody: building it costs more than looking."""
    for role in Role:
        with subtests.test(role=role):
            panels = panels_of(client, office.person(role))
            assert rows_of(panels) == EXPECTED[role]
            assert first_of(panels) == FIRST.get(role)


def test_the_questions_of_each_role_stay_few_and_the_same(client, office):
    def questions() -> dict[str, int]:
        counted = {}
        for role in Role:
            panels_of(client, office.person(role))
            with CaptureQueriesContext(connection) as asked:
                panels_of(client, office.person(role))
            counted[str(role)] = len(asked.captured_queries)
        return counted

    before = questions()
    assert max(before.values()) < BUDGET, before
    for number in range(2):
        signed(office, f"อีกเรื่อง {number}", 0)
        signed(office, f"อีกเรื่องของฝ่าย {number}", 1)
        approved(office, title=f"อีกเรื่องที่อนุมัติ {number}")
    assert questions() == before


def test_a_panel_shows_ten_and_says_that_there_are_more(client, office):
    for number in range(9):
        signed(office, f"มากมาย {number}", 0)
    panels = panels_of(client, office.person(CHAIN[0]))
    shown = panels["WaitingForMePanel"].get_context_data({})
    assert len(shown["rows"]) == 10
    assert shown["has_more"]
    said = panels[MostUrgentPanel.__name__].get_context_data({})
    assert (said["count"], said["has_more"]) == (11, True)
