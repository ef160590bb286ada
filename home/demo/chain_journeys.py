"""The states of the chain that the demo shows today, each with one item: by its `suggested_status` in the file."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from pr_workflow.clocks.reminders import clocks_remind
from pr_workflow.people.models import Agency
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.publishing.models import TakeDown

from .clock import Diary
from .news import DemoNews
from .office_rules import ACTING, delegation_load, skip_rule_load
from .timetable import POSTED, SIGNED, SUBMITTED, VERIFIED, WENT_LIVE, WRITTEN, Timetable, timetable_before

#: The order of the director is entered so many working days ago.
ORDERED = 6
#: On so many working days the clocks have reminded people, today included; then at these hours.
REMINDED_DAYS = 6
REMINDED_AT = ((0, 9, 5), (0, 15, 5))
#: The record that is needed in a case, and which.
HELD = {"h-plan-2570": "เก็บไว้จนกว่าการตรวจสอบของคณะกรรมการข้อมูลข่าวสารจะแล้วเสร็จ"}


class Way:
    """One item on its way, told in the words of the diary: each method adds one act at its hour."""

    def __init__(self, diary: Diary, item: DemoNews, now: datetime, number: int) -> None:
        self.diary, self.item, self.now, self.number = diary, item, now, number
        self.table = self.days_ago(2)

    def days_ago(self, working_days: int) -> Timetable:
        """The hours of an item that was written so many working days ago."""
        return timetable_before(self.item.agency, self.now, working_days=working_days, number=self.number)

    def begin(self, working_days: int, *, wish: datetime | None = None) -> "Way":
        """Written and submitted; the later marks count from this day."""
        self.table = self.days_ago(working_days)
        self.diary.add(self.table.at(WRITTEN), partial(self.item.write, wish=wish))
        return self.act(SUBMITTED, self.item.submit)

    def act(self, mark: tuple[int, int, int], what: Callable[[datetime], None]) -> "Way":
        self.diary.add(self.table.at(mark), what)
        return self

    def signed(self, levels: int = len(CHAIN)) -> "Way":
        for role, mark in list(zip(CHAIN, SIGNED, strict=True))[:levels]:
            self.act(mark, partial(self.item.sign, role))
        return self

    def online(self, *, fails_first: bool = False) -> "Way":
        """Posted by the IT officer and live; at the first attempt, or at the second."""
        due = self.diary.add(self.table.at(WENT_LIVE), self.item.fail if fails_first else self.item.go_live)
        self.diary.add(self.table.at(POSTED), lambda now: self.item.post(due.at, now))
        if fails_first:
            self.diary.add(self.table.at(WENT_LIVE) + timedelta(minutes=2), self.item.go_live)
        return self

    def found_wrong(self) -> "Way":
        """The check after posting finds a fault; the writer submits the correction on the working day before today."""
        self.act(VERIFIED, partial(self.item.find_fault, self.item.data["fault"]))
        self.table = self.days_ago(1)
        return self.act((0, 9, 20), self.item.correct)


def office_into(diary: Diary, agency: Agency, now: datetime) -> None:
    """The order and the rule of the office."""
    entered = timetable_before(agency, now, working_days=ORDERED, number=0).at((0, 9, 0))
    diary.add(entered, lambda at: delegation_load(agency, at))
    diary.add(entered, lambda _at: skip_rule_load(agency))


def reminders_into(diary: Diary, agency: Agency, now: datetime) -> None:
    """The clocks of all agencies have told people what is late."""
    for working_days in range(REMINDED_DAYS):
        table = timetable_before(agency, now, working_days=working_days, number=0)
        for mark in REMINDED_AT:
            diary.add(table.at(mark), _remind)


def _remind(now: datetime) -> None:
    clocks_remind(now=now)


def hold_into(diary: Diary, item: DemoNews, now: datetime) -> None:
    """A legal hold on the archive record of one item (R49)."""
    reason = HELD.get(item.data["key"])
    if reason:
        table = timetable_before(item.agency, now, working_days=1, number=0)
        diary.add(table.at((0, 11, 30)), partial(item.hold, reason))


def _fast_lane(way: Way) -> None:
    """A clarification: one signature within the hour, by who acts for the director."""
    way.table = way.days_ago(2)
    _holder, acting, _order = ACTING[way.item.agency.code]
    way.act((0, 9, 0), way.item.write).act((0, 9, 10), way.item.submit)
    way.act((0, 9, 35), partial(way.item.sign, Role.DIRECTOR, acting=acting))
    due = way.diary.add(way.table.at((0, 9, 55)), way.item.go_live)
    way.diary.add(way.table.at((0, 9, 45)), lambda now: way.item.post(due.at, now))
    way.act((0, 14, 45), way.item.verify)


def _returned_by_parts(way: Way) -> None:
    way.begin(1).act(SIGNED[0], partial(way.item.send_back, CHAIN[0], "", parts=way.item.data["return_reasons"]))


def _came_back(way: Way) -> None:
    """Read and returned by the head of work; corrected, it waits for the same person again."""
    way.begin(3).act((0, 15, 20), partial(way.item.look, CHAIN[0]))
    way.act(SIGNED[0], partial(way.item.send_back, CHAIN[0], "", parts=way.item.data["return_reasons"]))
    way.table = way.days_ago(1)
    way.act((0, 15, 10), way.item.correct)


def _slot_passed(way: Way) -> None:
    """The writer wished for an afternoon; the last signature came in time, the posting did not."""
    wish = way.days_ago(1).at((0, 15, 30))
    way.begin(2, wish=wish).signed()


def _emergency(way: Way) -> None:
    way.table = way.days_ago(0)
    way.act((0, 15, 10), way.item.write).act((0, 15, 25), way.item.publish_in_emergency)


def _taken_down(way: Way, kind: str, working_days: int) -> None:
    way.begin(6).signed().online().act(VERIFIED, way.item.verify)
    way.table = way.days_ago(working_days)
    way.act((0, 14, 30), partial(way.item.take_down, kind))


WAYS: dict[str, Callable[[Way], object]] = {
    "fast_lane": _fast_lane,
    "returned_by_parts": _returned_by_parts,
    "came_back": _came_back,
    "overdue": lambda way: way.begin(5).signed(1),
    "level_skipped": lambda way: way.begin(2).signed(1),
    "approved_waiting": lambda way: way.begin(2).signed(),
    "approved_received": lambda way: way.begin(2).signed().act(POSTED, way.item.receive),
    "slot_passed": _slot_passed,
    "failed_once": lambda way: way.begin(4).signed().online(fails_first=True).act(VERIFIED, way.item.verify),
    "small_correction": lambda way: way.begin(4).signed().online().found_wrong(),
    "material_correction": lambda way: (
        way.begin(4).signed().online().found_wrong().act((0, 10, 15), partial(way.item.sign, CHAIN[0]))
    ),
    "emergency": _emergency,
    "withdrawn": lambda way: _taken_down(way, TakeDown.Kind.WITHDRAWN, 2),
    "merged": lambda way: _taken_down(way, TakeDown.Kind.CONSOLIDATED, 1),
}
