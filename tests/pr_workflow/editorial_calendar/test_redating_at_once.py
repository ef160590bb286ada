"""Another date when somebody was faster, and texts without an end in what is refused (R26, I4)."""

from datetime import date

import pytest
from django.urls import reverse

from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.roles import Role
from pr_workflow.plan.models import PlanActivity
from pr_workflow.refusals import refusal_record
from tests.pr_workflow.editorial_calendar.conftest import NOW
from tests.pr_workflow.editorial_calendar.test_redating import THURSDAY, drop, in_draft, seen_now

pytestmark = pytest.mark.django_db


# -- long text, the past, and two people at once


@pytest.mark.parametrize("name", ["news_wish", "occurrence_date"])
def test_a_long_text_is_not_repeated_whole(client, desk, name):
    client.force_login(desk.office.writer)
    address = reverse(f"pr_admin:{name}", args=[desk.draft.pk if name == "news_wish" else desk.occurrence.pk])
    answer = client.post(address, {"date": "9" * 250_000})
    assert answer.status_code == 422
    assert "9" * 300 not in answer.content.decode()
    reason = AuditEntry.objects.filter(verb="refused").latest("sequence").data["reason"]
    assert len(reason) < 300
    assert "…" in reason


def test_the_log_keeps_no_endless_reason(rf, desk):
    request = rf.post("/admin/")
    request.user = desk.office.writer
    assert len(refusal_record(request=request, reason="ก" * 100_000, now=NOW).data["reason"]) < 3000


def test_an_activity_that_has_begun_is_not_moved(client, desk):
    PlanActivity.objects.filter(pk=desk.activity.pk).update(start=date(2026, 11, 2), end=date(2026, 11, 4))
    client.force_login(desk.office.writer)
    answer = drop(client, "activity_date", desk.activity.pk, THURSDAY, confirmed="on")
    assert answer.status_code == 422
    assert in_draft(desk) == (date(2026, 11, 25), date(2026, 11, 27))


def seen_by(client, kind: str, **more) -> str:
    query = {"start": "2026-11-01", "end": "2027-01-01", **more}
    entries = client.get(reverse("pr_admin:calendar_entries"), query).json()["entries"]
    (found,) = [each for each in entries if each["kind"] == kind and each["editable"]]
    return found["seenDate"]


@pytest.mark.parametrize(
    ("name", "kind", "role"),
    [
        ("news_wish", "draft", Role.WRITER),
        ("posting_date", "scheduled", Role.IT_OFFICER),
        ("activity_date", "activity", Role.WRITER),
        ("occurrence_date", "important_day", Role.WRITER),
    ],
)
def test_the_second_of_two_drags_is_told_of_the_first(client, desk, name, kind, role):
    row = {"draft": "draft", "scheduled": "slot", "activity": "activity", "important_day": "occurrence"}[kind]
    pk = getattr(desk, row).pk
    client.force_login(desk.office.person(role) if role != Role.WRITER else desk.office.writer)
    seen = seen_by(client, kind)
    assert drop(client, name, pk, THURSDAY, seen_date=seen, confirmed="on").status_code == 200
    changes = AuditEntry.objects.count()
    answer = drop(client, name, pk, "2026-12-18", seen_date=seen, confirmed="on")
    assert answer.status_code == 409
    assert "17" in answer.json()["error_message"]
    assert "question" not in answer.json()
    assert AuditEntry.objects.count() == changes
    form = client.post(reverse(f"pr_admin:{name}", args=[pk]), {"date": "18/12/2569", "seen_date": seen})
    assert form.status_code == 409
    now = seen_by(client, kind)
    assert f'name="seen_date" value="{now}"' in form.content.decode()
    assert drop(client, name, pk, "2026-12-18", seen_date=now, confirmed="on").status_code == 200


@pytest.mark.parametrize(
    ("name", "row", "role"),
    [
        ("news_wish", "draft", Role.WRITER),
        ("posting_date", "slot", Role.IT_OFFICER),
        ("posting_date", "wished", Role.IT_OFFICER),
        ("activity_date", "activity", Role.WRITER),
        ("occurrence_date", "occurrence", Role.WRITER),
    ],
)
def test_a_request_that_does_not_say_what_was_seen_moves_nothing(client, desk, name, row, role):
    pk = getattr(desk, row).pk
    client.force_login(desk.office.person(role) if role != Role.WRITER else desk.office.writer)
    address, before = reverse(f"pr_admin:{name}", args=[pk]), seen_now(name, pk)
    data = {"date": THURSDAY, "confirmed": "on"}
    by_script = client.post(address, data, headers={"x-requested-with": "XMLHttpRequest"})
    assert by_script.status_code == 409
    assert by_script.json()["error_message"]
    assert "question" not in by_script.json()
    for wrong in ({}, {"seen_date": ""}, {"seen_date": "x"}):
        assert client.post(address, {**data, **wrong}).status_code == 409
    assert seen_now(name, pk) == before


def test_an_undated_draft_was_seen_without_a_date(client, desk):
    client.force_login(desk.office.writer)
    address = reverse("pr_admin:news_wish", args=[desk.undated.pk])
    assert client.post(address, {"date": "17/12/2569", "seen_date": "2026-12-01"}).status_code == 409
    assert client.post(address, {"date": "17/12/2569"}).status_code == 302
