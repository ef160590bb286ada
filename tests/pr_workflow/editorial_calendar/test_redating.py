"""Another date: allowed to whom the forms allow it, refused in whole sentences, asked first on a day off (R26, I5)."""

from datetime import date, datetime

import pytest
from django.urls import reverse
from django.utils import translation
from wagtail.admin.utils import get_user_display_name

from home.models import NewsPage
from pr_workflow.audit.models import AuditEntry
from pr_workflow.editorial_calendar.services import drafted_start
from pr_workflow.festival_calendar.models import ImportantDay, ImportantDayOccurrence
from pr_workflow.people.roles import Role
from pr_workflow.plan.models import AnnualPlan, PlanActivity
from pr_workflow.publishing.models import Posting
from pr_workflow.seen_dates import seen_text
from pr_workflow.thai_time import BANGKOK

pytestmark = pytest.mark.django_db
OTHERS = [Role.HEAD_OF_WORK, Role.DIRECTOR, Role.IT_OFFICER, Role.EVALUATOR, Role.NETWORK_MEMBER]
#: A Thursday in December on which offices work.
THURSDAY = "2026-12-17"
SATURDAY = "2026-12-19"


def seen_now(name: str, pk: int) -> dict[str, str]:
    """What a screen that was loaded just now sends as the date it showed; nothing for a row that is none."""
    if name == "news_wish":
        page = NewsPage.objects.filter(pk=pk).first() if pk < 2**63 else None
        return {"seen_date": seen_text(page.get_latest_revision_as_object().go_live_at)} if page else {}
    model = {"posting_date": Posting, "activity_date": PlanActivity, "occurrence_date": ImportantDayOccurrence}[name]
    row = model.objects.filter(pk=pk).first() if pk < 2**63 else None
    if row is None:
        return {}
    if isinstance(row, Posting):
        return {"seen_date": seen_text(row.go_live_at or row.wished_at)}
    return {"seen_date": seen_text(drafted_start(row, row.plan) if isinstance(row, PlanActivity) else row.date)}


def drop(client, name: str, pk: int, day: str, **more):
    """As the calendar does when an entry is dropped."""
    data = {"date": day, **seen_now(name, pk), **more}
    return client.post(reverse(f"pr_admin:{name}", args=[pk]), data, headers={"x-requested-with": "XMLHttpRequest"})


def wish_of(page) -> datetime | None:
    return NewsPage.objects.get(pk=page.pk).get_latest_revision_as_object().go_live_at


def refusals() -> int:
    return AuditEntry.objects.filter(verb="refused").count()


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BANGKOK)


# -- a draft


def test_a_writer_moves_the_wish_of_a_draft_and_keeps_its_time(client, desk):
    client.force_login(desk.office.writer)
    answer = drop(client, "news_wish", desk.draft.pk, THURSDAY)
    assert answer.status_code == 200, answer.content.decode()
    assert wish_of(desk.draft) == at(date(2026, 12, 17))
    entry = AuditEntry.objects.filter(verb="news_wish").latest("sequence")
    assert entry.target_id == str(desk.draft.pk)
    page = NewsPage.objects.get(pk=desk.draft.pk)
    assert not page.live
    assert page.latest_revision.user == desk.office.writer


def test_an_undated_draft_gets_its_first_date_when_the_office_opens(client, desk):
    client.force_login(desk.office.writer)
    assert drop(client, "news_wish", desk.undated.pk, THURSDAY).status_code == 200
    assert wish_of(desk.undated) == at(date(2026, 12, 17), 8, 30)


def test_the_list_does_the_same_without_javascript(client, desk):
    client.force_login(desk.office.writer)
    assert desk.draft
    screen = reverse("pr_admin:calendar") + "?view=agenda&date=2026-11-01"
    assert reverse("pr_admin:news_wish", args=[desk.draft.pk]) in client.get(screen).content.decode()
    address = reverse("pr_admin:news_wish", args=[desk.draft.pk])
    answer = client.post(
        address, {"date": "๑๗ ธ.ค. ๒๕๖๙", "time": "13.45", "next": screen, **seen_now("news_wish", desk.draft.pk)}
    )
    assert answer.status_code == 302
    assert answer["Location"] == screen
    assert wish_of(desk.draft) == at(date(2026, 12, 17), 13, 45)


def test_the_form_never_leads_away(client, desk):
    client.force_login(desk.office.writer)
    for wrong in ("https://evil.example/", "//evil.example/admin/pr/calendar/", "/admin/logout/"):
        answer = client.post(
            reverse("pr_admin:news_wish", args=[desk.draft.pk]),
            {"date": "2026-12-17", "time": "10:00", "next": wrong, **seen_now("news_wish", desk.draft.pk)},
        )
        assert answer["Location"] == reverse("pr_admin:calendar")
        drop(client, "news_wish", desk.draft.pk, "2026-12-18")


@pytest.mark.parametrize("day", ["2026-11-16", "2026-11-17", "2029-01-10"])
def test_a_wish_in_the_past_or_too_far_is_refused(client, desk, day):
    client.force_login(desk.office.writer)
    before, logged = wish_of(desk.draft), refusals()
    answer = drop(client, "news_wish", desk.draft.pk, day, time="08.00")
    assert answer.status_code == 422
    assert answer.json()["error_message"]
    assert wish_of(desk.draft) == before
    assert refusals() == logged + 1


@pytest.mark.parametrize(
    "typed", [{"date": ""}, {"date": "31/2/2570"}, {"date": "เมื่อวาน"}, {"date": "17/12/69"}, {"date": "\x00"}]
)
def test_what_is_no_date_stays_in_the_form(client, desk, typed):
    client.force_login(desk.office.writer)
    before = wish_of(desk.draft)
    answer = client.post(reverse("pr_admin:news_wish", args=[desk.draft.pk]), typed)
    assert answer.status_code in (400, 422)
    assert wish_of(desk.draft) == before
    if "\0" in typed["date"]:
        logged = AuditEntry.objects.filter(verb="refused").latest("sequence")
        assert "\N{REPLACEMENT CHARACTER}" in logged.data["reason"]


@pytest.mark.parametrize("typed", ["25.00", "9", "เก้าโมง", "09.75"])
def test_what_is_no_time_is_refused(client, desk, typed):
    client.force_login(desk.office.writer)
    answer = client.post(reverse("pr_admin:news_wish", args=[desk.draft.pk]), {"date": THURSDAY, "time": typed})
    assert answer.status_code == 422
    assert typed in answer.content.decode()


def test_after_its_expiry_nothing_is_wished_for(client, desk):
    page = desk.draft.get_latest_revision_as_object()
    page.expire_at = at(date(2026, 12, 10))
    page.save_revision(user=desk.office.writer)
    client.force_login(desk.office.writer)
    assert drop(client, "news_wish", desk.draft.pk, THURSDAY).status_code == 422


def test_what_is_considered_is_not_moved(client, desk):
    client.force_login(desk.office.writer)
    before = wish_of(desk.considered)
    answer = drop(client, "news_wish", desk.considered.pk, THURSDAY)
    assert answer.status_code == 403
    assert answer.json()["error_message"]
    assert wish_of(desk.considered) == before


def test_what_somebody_locked_is_not_moved(client, desk):
    NewsPage.objects.filter(pk=desk.draft.pk).update(locked=True, locked_by=desk.office.person(Role.DIRECTOR))
    client.force_login(desk.office.writer)
    before, logged = wish_of(desk.draft), refusals()
    assert drop(client, "news_wish", desk.draft.pk, THURSDAY).status_code == 403
    assert wish_of(desk.draft) == before
    assert refusals() == logged + 1


def test_an_approved_item_is_no_draft_any_more(client, desk):
    client.force_login(desk.office.writer)
    for posting in (desk.wished, desk.slot):
        assert drop(client, "news_wish", posting.page_id, THURSDAY).status_code == 403
        assert Posting.objects.open().filter(pk=posting.pk).exists()


def test_what_is_live_has_no_wish(client, desk):
    client.force_login(desk.office.writer)
    assert drop(client, "news_wish", desk.public.pk, THURSDAY).status_code == 403
    assert NewsPage.objects.get(pk=desk.public.pk).latest_revision_id == desk.public.latest_revision_id


@pytest.mark.parametrize(
    "role", [Role.HEAD_OF_WORK, Role.DIRECTOR, Role.IT_OFFICER, Role.EVALUATOR, Role.NETWORK_MEMBER]
)
def test_only_officers_move_drafts(client, desk, role):
    client.force_login(desk.office.person(role))
    before, logged = wish_of(desk.draft), refusals()
    assert drop(client, "news_wish", desk.draft.pk, THURSDAY).status_code == 403
    assert wish_of(desk.draft) == before
    assert refusals() == logged + 1


# -- a day off asks first


@pytest.mark.parametrize("day", [SATURDAY, "2026-12-02"])
def test_a_day_off_asks_and_writes_nothing_until_answered(client, desk, day):
    assert desk.holidays
    client.force_login(desk.office.writer)
    before, versions = wish_of(desk.draft), desk.draft.revisions.count()
    answer = drop(client, "news_wish", desk.draft.pk, day)
    assert answer.status_code == 409
    assert answer.json()["question"]
    assert wish_of(desk.draft) == before
    assert desk.draft.revisions.count() == versions
    assert not AuditEntry.objects.filter(verb="news_wish").exists()
    assert drop(client, "news_wish", desk.draft.pk, day, confirmed="on").status_code == 200
    assert wish_of(desk.draft).astimezone(BANGKOK).date() == date.fromisoformat(day)


def test_the_form_asks_with_the_typed_date_in_it(client, desk):
    client.force_login(desk.office.writer)
    address = reverse("pr_admin:news_wish", args=[desk.draft.pk])
    seen = seen_now("news_wish", desk.draft.pk)
    answer = client.post(address, {"date": "19/12/2569", **seen})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "19/12/2569" in page
    assert 'name="confirmed" value="on"' in page
    assert client.post(address, {"date": "19/12/2569", "confirmed": "on", **seen}).status_code == 302


def test_a_cancelled_holiday_is_a_working_day(client, desk):
    assert desk.holidays
    client.force_login(desk.office.writer)
    assert drop(client, "news_wish", desk.draft.pk, "2026-12-03").status_code == 200


# -- a set time


def test_the_it_officer_moves_a_set_time(client, desk):
    client.force_login(desk.office.it_officer)
    assert drop(client, "posting_date", desk.slot.pk, THURSDAY).status_code == 200
    assert Posting.objects.get(pk=desk.slot.pk).go_live_at == at(date(2026, 12, 17))


def test_a_wish_becomes_a_set_time_only_when_that_is_confirmed(client, desk):
    client.force_login(desk.office.it_officer)
    assert drop(client, "posting_date", desk.wished.pk, THURSDAY).status_code == 409
    assert Posting.objects.get(pk=desk.wished.pk).go_live_at is None
    assert drop(client, "posting_date", desk.wished.pk, THURSDAY, confirmed="on").status_code == 200
    assert Posting.objects.get(pk=desk.wished.pk).go_live_at == at(date(2026, 12, 17))


@pytest.mark.parametrize("role", [Role.WRITER, Role.HEAD_OF_WORK, Role.DIRECTOR, Role.EVALUATOR, Role.NETWORK_MEMBER])
def test_nobody_else_moves_a_set_time(client, desk, role):
    client.force_login(desk.office.person(role))
    logged = refusals()
    assert drop(client, "posting_date", desk.slot.pk, THURSDAY, confirmed="on").status_code == 403
    assert Posting.objects.get(pk=desk.slot.pk).go_live_at == desk.next_week
    assert refusals() == logged + 1


def test_a_set_time_is_not_moved_into_the_past(client, desk):
    client.force_login(desk.office.it_officer)
    assert drop(client, "posting_date", desk.slot.pk, "2026-11-16").status_code == 422
    assert Posting.objects.get(pk=desk.slot.pk).go_live_at == desk.next_week


def test_what_went_live_meanwhile_is_not_moved(client, desk):
    posting = Posting.objects.get(page_id=desk.public.pk)
    client.force_login(desk.office.it_officer)
    assert drop(client, "posting_date", posting.pk, THURSDAY).status_code == 403


# -- an activity of the plan


def in_force(desk) -> tuple[date, date]:
    row = PlanActivity.objects.get(pk=desk.activity.pk)
    return row.start, row.end


def in_draft(desk) -> tuple[date, date]:
    (line,) = AnnualPlan.objects.get(pk=desk.plan.pk).get_latest_revision_as_object().activities.all()
    return line.start, line.end


def test_an_activity_moves_in_a_draft_and_the_plan_in_force_stays(client, desk):
    client.force_login(desk.office.writer)
    answer = drop(client, "activity_date", desk.activity.pk, THURSDAY, confirmed="on")
    assert answer.status_code == 200
    assert in_force(desk) == (date(2026, 11, 25), date(2026, 11, 27))
    assert in_draft(desk) == (date(2026, 12, 17), date(2026, 12, 19))
    assert AnnualPlan.objects.get(pk=desk.plan.pk).has_unpublished_changes
    assert AuditEntry.objects.filter(verb="plan_redate").count() == 1


@pytest.mark.parametrize("day", ["2026-11-16", "2027-09-30", "2027-12-01"])
def test_an_activity_stays_inside_its_year_and_out_of_the_past(client, desk, day):
    client.force_login(desk.office.writer)
    assert drop(client, "activity_date", desk.activity.pk, day, confirmed="on").status_code == 422
    assert in_draft(desk) == in_force(desk) == (date(2026, 11, 25), date(2026, 11, 27))


def test_the_same_day_again_makes_no_version(client, desk):
    client.force_login(desk.office.writer)
    assert desk.activity
    versions = desk.plan.revisions.count()
    assert drop(client, "activity_date", desk.activity.pk, "2026-11-25").status_code == 422
    assert desk.plan.revisions.count() == versions


@pytest.mark.parametrize(
    "role", [Role.HEAD_OF_WORK, Role.DIRECTOR, Role.IT_OFFICER, Role.EVALUATOR, Role.NETWORK_MEMBER]
)
def test_only_who_edits_the_plan_moves_its_activities(client, desk, role):
    client.force_login(desk.office.person(role))
    assert drop(client, "activity_date", desk.activity.pk, THURSDAY).status_code == 403
    assert in_draft(desk) == (date(2026, 11, 25), date(2026, 11, 27))


def test_a_locked_plan_is_not_amended(client, desk):
    AnnualPlan.objects.filter(pk=desk.plan.pk).update(locked=True, locked_by=desk.office.person(Role.DIRECTOR))
    client.force_login(desk.office.writer)
    assert drop(client, "activity_date", desk.activity.pk, THURSDAY).status_code == 403


def test_an_activity_that_left_the_draft_is_not_moved(client, desk):
    assert desk.activity
    draft = desk.plan.get_latest_revision_as_object()
    draft.activities = []
    draft.save_revision()
    client.force_login(desk.office.writer)
    assert drop(client, "activity_date", desk.activity.pk, THURSDAY).status_code == 403


def test_an_activity_that_waits_for_its_new_date_says_so(client, desk):
    client.force_login(desk.office.writer)
    assert drop(client, "activity_date", desk.activity.pk, THURSDAY).status_code == 200
    entries = client.get(reverse("pr_admin:calendar_entries"), {"start": "2026-11-01", "end": "2027-01-01"}).json()
    (entry,) = [each for each in entries["entries"] if each["kind"] == "activity"]
    assert entry["start"] == "2026-11-25"
    assert "17–19 ธ.ค. 2569" in entry["note"]
    listed = client.get(reverse("pr_admin:calendar"), {"view": "agenda", "date": "2026-11-01"}).content.decode()
    assert "17–19 ธ.ค. 2569" in listed


def test_a_lock_is_told_as_plain_text_with_who_locked_it(client, desk):
    director = desk.office.person(Role.DIRECTOR)
    for model, pk in ((NewsPage, desk.draft.pk), (AnnualPlan, desk.plan.pk)):
        model.objects.filter(pk=pk).update(locked=True, locked_by=director, locked_at=None)
    client.force_login(desk.office.writer)
    for name, pk in (("news_wish", desk.draft.pk), ("activity_date", desk.activity.pk)):
        told = drop(client, name, pk, THURSDAY).json()["error_message"]
        assert "<" not in told
        assert get_user_display_name(director) in told


def test_a_posting_without_a_wish_is_asked_about_as_such(client, desk):
    Posting.objects.filter(pk=desk.wished.pk).update(wished_at=None)
    client.force_login(desk.office.it_officer)
    with translation.override("en"):
        question = drop(client, "posting_date", desk.wished.pk, THURSDAY).json()["question"]
    assert "wished" not in question
    assert "17 ธ.ค. 2569" in question


def test_a_time_in_the_past_offers_no_now(client, desk):
    client.force_login(desk.office.it_officer)
    with translation.override("en"):
        told = drop(client, "posting_date", desk.slot.pk, "2026-11-16").json()["error_message"]
    assert "“now”" not in told
    assert "ทันที" not in told


@pytest.mark.parametrize("role", [Role.HEAD_OF_WORK, Role.DIRECTOR, Role.IT_OFFICER, Role.EVALUATOR])
def test_who_can_only_be_refused_opens_no_form(client, desk, role):
    client.force_login(desk.office.person(role))
    for name, pk in (("news_wish", desk.draft.pk), ("activity_date", desk.activity.pk)):
        answer = client.get(reverse(f"pr_admin:{name}", args=[pk]), headers={"x-requested-with": "XMLHttpRequest"})
        assert answer.status_code == 403
        assert answer.json()["error_message"]


def test_readers_open_no_form_of_a_national_day(client, desk):
    day = ImportantDay.objects.create(name_th="วันของชาติ", rule="announced")
    row = ImportantDayOccurrence.objects.create(important_day=day, date=date(2026, 12, 14))
    for role in (Role.NETWORK_MEMBER, Role.WRITER):
        client.force_login(desk.office.person(role))
        assert client.get(reverse("pr_admin:occurrence_date", args=[row.pk])).status_code == 403


def test_who_may_move_an_entry_opens_its_form(client, desk):
    rows = {"news_wish": desk.draft, "activity_date": desk.activity, "occurrence_date": desk.occurrence}
    client.force_login(desk.office.writer)
    for name, row in rows.items():
        assert client.get(reverse(f"pr_admin:{name}", args=[row.pk])).status_code == 200
    client.force_login(desk.office.it_officer)
    assert client.get(reverse("pr_admin:posting_date", args=[desk.slot.pk])).status_code == 200
