"""The measured calendar is honest: the year holds what it says, the screens show it, and the table says it."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from benchmarks.calendar_read import table
from benchmarks.calendar_side import paths
from benchmarks.calendar_year import make_year, spread
from pr_workflow.editorial_calendar.entry import EntryKind
from pr_workflow.people.models import Agency
from pr_workflow.publishing.models import Posting
from pr_workflow.thai_time import fiscal_year_bounds

pytestmark = [pytest.mark.django_db, pytest.mark.once]
FIRST, LAST = fiscal_year_bounds(2570)


def test_the_year_has_as_many_entries_as_it_says_and_the_officer_sees_them_all(client):
    names = [make_year(code, 2570, number, now=timezone.now()) for code, number in (("few", 20), ("many", 50))]
    for name, number in zip(names, (20, 50), strict=True):
        client.force_login(get_user_model().objects.get(username=name))
        query = {"start": FIRST.isoformat(), "end": (LAST + timedelta(days=1)).isoformat()}
        entries = client.get(reverse("pr_admin:calendar_entries"), query).json()["entries"]
        kinds = [entry["kind"] for entry in entries if entry["kind"] != EntryKind.IMPORTANT_DAY]
        kinds = [kind for kind in kinds if kind not in (EntryKind.HOLIDAY, EntryKind.OPEN_DAY)]
        assert len(kinds) == number
        counted = {kind: kinds.count(kind) * 10 // number for kind in set(kinds)}
        assert counted == {"activity": 3, "live": 4, "scheduled": 2, "draft": 1}
    assert Agency.objects.get(code="few").site.root_page.get_descendants().live().count() == 8 + 1
    assert Posting.objects.count() == 4 + 10


def test_days_are_spread_over_the_whole_year():
    days = spread(FIRST, LAST, 730)
    assert (days[0], days[-1], len(set(days))) == (FIRST, LAST, 365)


def test_every_answer_is_one_the_calendar_gives(client):
    name = make_year("bench", 2570, 20, now=timezone.now())
    client.force_login(get_user_model().objects.get(username=name))
    assert len(paths(2570)) == 4
    for path in paths(2570).values():
        assert client.get(path).status_code == 200


def test_the_table_sets_both_years_side_by_side():
    row = {"times": [10.0] * 19 + [99.0], "queries": 18, "bytes": 1000, "entries": 20}
    result = {"year": 2570, "rounds": 20, "database": "SQLite", "load": (1.5, 1, 1)}
    text = table({**result, "answers": {"week, JSON": {"200": row, "2000": {**row, "entries": 38}}}})
    few, many = text.splitlines()[-2:]
    assert "2,000" in many
    assert "38" in many
    assert few.split()[-2:] == many.split()[-2:] == ["18", "1,000"]
