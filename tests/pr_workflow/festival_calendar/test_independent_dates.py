"""The dates of every seeded rule against sources that do not come from the package that seeds ours (R20).

`independent_dates.csv` holds key, C.E. year, date and source. The lunar dates of 2026 and 2027 were read off the
holidays the Bank of Thailand published, and reckoned a second time by a package with its own Thai calendar; those of
2028 are reckoned only, because nobody has announced them yet.
"""

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from pr_workflow.festival_calendar.rules import dates_of, rule_type_of
from pr_workflow.festival_calendar.services import SEED_FILE

TABLE = Path(__file__).with_name("independent_dates.csv")
YEARS = (2026, 2027, 2028)
#: Days for which no source of their own was found: a custom, the founding of one office, a day without an owner.
WITHOUT_SOURCE = {"dept_health_foundation", "wai_khru", "world_physical_activity_day"}


def rows_of(file: Path) -> list[dict]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def independent() -> dict[tuple[str, int], set[date]]:
    found = defaultdict(set)
    for row in rows_of(TABLE):
        found[row["key"], int(row["year"])].add(date.fromisoformat(row["date"]))
    return found


SEEDED = rows_of(SEED_FILE)


def test_every_rule_is_compared_or_named_as_without_source():
    compared = {row["key"] for row in rows_of(TABLE)}
    dated = {row["key"] for row in SEEDED if row["rule"] != "announced"}
    assert compared | WITHOUT_SOURCE == dated
    assert not compared & WITHOUT_SOURCE
    assert len(compared) == 103


def test_each_date_names_its_source_and_none_is_the_package_that_seeds_ours():
    for row in rows_of(TABLE):
        assert len(row["source"]) > 10, row
        assert "vacanza" not in row["source"]
        assert not row["source"].startswith("holidays ")
        assert row["date"].startswith(row["year"])


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("row", [row for row in SEEDED if row["key"] not in WITHOUT_SOURCE], ids=lambda row: row["key"])
def test_the_rule_gives_the_dates_of_the_source(row, year):
    expected = independent().get((row["key"], year), set())
    assert set(dates_of(row["rule"], year)) == expected
    assert bool(expected) is (rule_type_of(row["rule"]) != "announced")
