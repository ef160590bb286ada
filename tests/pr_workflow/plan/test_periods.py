"""When an activity takes place, as people write it in a plan."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_workflow.plan.periods import month_period, period_of
from pr_workflow.thai_time import (
    MONTHS,
    MONTHS_SHORT,
    ThaiDateError,
    fiscal_year_bounds,
    thai_date,
    thai_date_range,
    thai_digits,
    to_be,
)

FIRST, LAST = fiscal_year_bounds(2570)
days = st.dates(FIRST, LAST)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("ต.ค. 69 – มี.ค. 70", (2026, 10, 1), (2027, 3, 31)),
        ("ตุลาคม 2569 ถึง มีนาคม 2570", (2026, 10, 1), (2027, 3, 31)),
        ("ต.ค.69-ก.ย.70", (2026, 10, 1), (2027, 9, 30)),
        ("ตุลาคม - ธันวาคม", (2026, 10, 1), (2026, 12, 31)),
        ("เม.ย.", (2027, 4, 1), (2027, 4, 30)),
        ("ภายในเดือนธันวาคม 2569", (2026, 12, 1), (2026, 12, 31)),
        ("ไตรมาส 1", (2026, 10, 1), (2026, 12, 31)),
        ("ไตรมาสที่ ๒-๓", (2027, 1, 1), (2027, 6, 30)),
        ("Q4/2570", (2027, 7, 1), (2027, 9, 30)),
        ("ตลอดปี", (2026, 10, 1), (2027, 9, 30)),
        ("ตลอดปีงบประมาณ พ.ศ. 2570", (2026, 10, 1), (2027, 9, 30)),
        ("13 เม.ย. 2570", (2027, 4, 13), (2027, 4, 13)),
        ("๑๓/๔/๒๕๗๐", (2027, 4, 13), (2027, 4, 13)),
        ("13/4/70", (2027, 4, 13), (2027, 4, 13)),
        ("2027-04-13", (2027, 4, 13), (2027, 4, 13)),
        ("2027-04-13 - 2027-04-15", (2027, 4, 13), (2027, 4, 15)),
        ("13-4-2570", (2027, 4, 13), (2027, 4, 13)),
        ("13–15 เมษายน 2570", (2027, 4, 13), (2027, 4, 15)),
        ("ระหว่างวันที่ 1-5 ธ.ค. 2569", (2026, 12, 1), (2026, 12, 5)),
        ("28 ธ.ค. 2569 – 3 ม.ค. 2570", (2026, 12, 28), (2027, 1, 3)),
        ("5 ธันวาคม", (2026, 12, 5), (2026, 12, 5)),
        ("วันอังคารที่ 13 เมษายน พ.ศ. 2570", (2027, 4, 13), (2027, 4, 13)),
        ("13/4/2027", (2027, 4, 13), (2027, 4, 13)),
    ],
)
def test_periods_people_write(text, start, end):
    assert period_of(text, 2570) == (date(*start), date(*end))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ทุกวันจันทร์",
        "สัปดาห์ที่ 1 ของทุกเดือน",
        "1-31",
        "13/4/27",  # neither 2527 nor 2027 is certain
        "13/4/1484",  # 2027 minus 543
        "31/2/2570",
        "30 ก.พ. 70",
        "วันจันทร์ที่ 13 เมษายน พ.ศ. 2570",  # a Tuesday
        "ม.ค. พ.ศ. 2027",
        "ตลอดปี 2569",
        "ตลอดปี 2027",
        "ไตรมาส 5",
        "ตุลา 69 เศษ",
        "13",
        "๑๓",
        "5 แสน",
    ],
)
def test_what_is_no_certain_period_is_refused(text):
    with pytest.raises(ThaiDateError):
        period_of(text, 2570)


def test_a_period_the_wrong_way_round_is_not_turned_silently():
    start, end = period_of("มี.ค. - ต.ค.", 2570)
    assert end < start


@given(day=days, style=st.sampled_from(["long", "short", "numeric", "full_with_weekday"]), thai=st.booleans())
def test_every_way_we_write_a_day_is_read_back(day, style, thai):
    assert period_of(thai_date(day, style, "thai" if thai else "arabic"), 2570) == (day, day)


@given(first=days, length=st.integers(0, 364), style=st.sampled_from(["long", "short", "numeric"]))
def test_every_way_we_write_several_days_is_read_back(first, length, style):
    last = min(first + timedelta(days=length), LAST)
    assert period_of(thai_date_range(first, last, style), 2570) == (first, last)


@given(month=st.integers(1, 12), fiscal_year=st.integers(2500, 2640), short=st.booleans(), year=st.booleans())
def test_every_month_is_read_with_and_without_its_year(month, fiscal_year, short, year):
    start, end = month_period(month, fiscal_year)
    name = (MONTHS_SHORT if short else MONTHS)[month - 1]
    written = f"{name} {to_be(start.year)}" if year else name
    assert period_of(written, fiscal_year) == (start, end)
    assert (end + timedelta(days=1)).day == 1
    assert fiscal_year_bounds(fiscal_year)[0] <= start <= end <= fiscal_year_bounds(fiscal_year)[1]


@given(text=st.text(st.sampled_from("0123456789๐๑๒-–/. ตคมยกพศปีไรสถึง"), max_size=25))
def test_any_text_is_a_period_or_a_refusal(text):
    for written in (text, thai_digits(text)):
        with suppress(ThaiDateError):
            start, end = period_of(written, 2570)
            assert (type(start), type(end)) == (date, date)
