"""How far each demo item gets, by its `suggested_status`, and when each act happens."""

from datetime import datetime
from functools import partial

from pr_workflow.people.models import Agency
from pr_workflow.people.roles import CHAIN, Role

from .chain_journeys import WAYS, Way, hold_into, office_into
from .clock import Diary
from .content import content, day, rows
from .news import DemoNews
from .timetable import (
    CORRECTED,
    CORRECTION,
    LIVE_AGAIN,
    POSTED,
    POSTED_AGAIN,
    SIGNED,
    SIGNED_AGAIN,
    SUBMITTED,
    VERIFIED,
    VERIFIED_AGAIN,
    WENT_LIVE,
    WRITTEN,
    Timetable,
    next_morning,
    timetable_after_event,
    timetable_before,
)

#: Items that are returned once by the head of section and then pass: which of the file's reasons they get.
RETURNED_ONCE = {"h-diabetes-2569": 3, "s-scholar-2569": 2}
#: The head of section takes a day too long for these, so that the reports have something to tell.
LATE = {"h-pmqa-2569"}
#: What the responsible officer finds wrong on a posted page; it is corrected through the whole chain.
FAULTY = {"s-read-2569": "ปีในเนื้อข่าวย่อหน้าแรกไม่ตรงกับเอกสารต้นเรื่อง โปรดตรวจสอบและแก้ไข"}
#: The reason of the item that waits for its writer now.
WAITS_FOR_CORRECTION = 4


def news_into(diary: Diary, agency: Agency, *, now: datetime) -> None:
    """Write down what happens to the news of an agency; `now` is the real present (aware)."""
    office_into(diary, agency, now)
    for number, data in enumerate(rows("news", agency.code)):
        item = DemoNews(agency, data)
        status = data["suggested_status"]
        if status == "published":
            table = timetable_after_event(agency, day(data["event_date"]), number=number)
            _published(diary, item, table)
            hold_into(diary, item, now)
        elif status in WAYS:
            WAYS[status](Way(diary, item, now, number))
        else:
            # Still on its way today, whatever the year in its text: an item that waits for months would only look lost.
            _on_its_way(diary, item, status, agency, now, number)


def _published(diary: Diary, item: DemoNews, table: Timetable) -> None:
    key = item.data["key"]
    _written(diary, item, table)
    if key in RETURNED_ONCE:
        table = _returned_once(diary, item, table)
    diary.add(table.at(SIGNED[0]), partial(item.sign, CHAIN[0]))
    if key in LATE:
        table = table.a_working_day_later()
    for role, mark in zip(CHAIN[1:], SIGNED[1:], strict=True):
        diary.add(table.at(mark), partial(item.sign, role))
    _online(diary, item, table.at(POSTED), table.at(WENT_LIVE))
    if key in FAULTY:
        diary.add(table.at(VERIFIED), partial(item.find_fault, FAULTY[key]))
        table = table.a_working_day_later().a_working_day_later()
        _corrected_after_posting(diary, item, table)
    else:
        diary.add(table.at(VERIFIED), item.verify)


def _online(diary: Diary, item: DemoNews, posted: datetime, live: datetime) -> None:
    went_live = diary.add(live, item.go_live)
    # The entry may still move when the diary is squeezed, so the go-live time is read when it is needed.
    diary.add(posted, lambda now: item.post(went_live.at, now))


def _corrected_after_posting(diary: Diary, item: DemoNews, table: Timetable) -> None:
    """The numbered round: corrected, through the whole chain again, posted, checked again (R47)."""
    diary.add(table.at(CORRECTED), item.correct)
    for role, mark in zip(CHAIN, SIGNED_AGAIN, strict=True):
        diary.add(table.at(mark), partial(item.sign, role))
    _online(diary, item, table.at(POSTED_AGAIN), table.at(LIVE_AGAIN))
    diary.add(table.at(VERIFIED_AGAIN), item.verify)


def _written(diary: Diary, item: DemoNews, table: Timetable) -> None:
    diary.add(table.at(WRITTEN), item.write)
    diary.add(table.at(SUBMITTED), item.submit)


def _returned_once(diary: Diary, item: DemoNews, table: Timetable) -> Timetable:
    """The first level signs, the second returns, the writer corrects; returns the hours of the second round."""
    reason = content()["return_reasons"][RETURNED_ONCE[item.data["key"]]]
    first, returned = table.at(SIGNED[0]), table.at(SIGNED[1])
    diary.add(first, partial(item.sign, Role.HEAD_OF_WORK))
    diary.add(returned, partial(item.send_back, Role.HEAD_OF_SECTION, reason))
    diary.add(returned + CORRECTION, item.correct)
    return table.a_working_day_later()


def _on_its_way(diary: Diary, item: DemoNews, status: str, agency: Agency, now: datetime, number: int) -> None:
    working_days = 1 if status == "returned_for_correction" else 2
    table = timetable_before(agency, now, working_days=working_days, number=number)
    _written(diary, item, table)
    diary.add(table.at(SIGNED[0]), partial(item.sign, Role.HEAD_OF_WORK))
    if status == "returned_for_correction":
        reason = content()["return_reasons"][WAITS_FOR_CORRECTION]
        diary.add(table.at((0, 16, 5)), partial(item.send_back, Role.HEAD_OF_SECTION, reason))
        return
    diary.add(table.at(SIGNED[1]), partial(item.sign, Role.HEAD_OF_SECTION))
    if status == "approved_scheduled":
        diary.add(table.at(SIGNED[2]), partial(item.sign, Role.DIRECTOR))
        diary.add(table.at(POSTED), partial(item.post, next_morning(agency, now)))
