"""From the activity of the plan to a draft, and the editor's wall against borrowed media."""

import json
from datetime import date

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from wagtail.models import Page

from home.models import NewsPage
from pr_workflow.audit.models import AuditEntry
from pr_workflow.festival_calendar.models import ImportantDay
from pr_workflow.news.selectors import activities_with_news, news_page_model, news_section_of
from pr_workflow.news.services import news_create_from_activity
from pr_workflow.people.roles import Role
from pr_workflow.plan.models import AnnualPlan, PlanActivity
from tests.factories.office import MORNING, make_draft, make_image, make_office
from tests.factories.plans import plan_row

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday_morning():
    with time_machine.travel(MORNING, tick=False):
        yield


def make_activity(office, *, year: int = 2570, in_force: bool = True, **fields) -> PlanActivity:
    plan = AnnualPlan.objects.filter(agency=office.agency, fiscal_year_be=year).first()
    plan = plan or plan_row(office.agency, fiscal_year_be=year, title=f"แผน {year}", live=in_force)
    defaults = {
        "code": "KPR70-06",
        "title": "สื่อสารวันส้วมโลก",
        "start": date(2026, 11, 16),
        "end": date(2026, 11, 20),
        "target_groups": ["public", "staff"],
        "channels": ["website"],
        "media_formats": ["news"],
        "responsible_officer": office.profile(Role.WRITER),
    }
    return PlanActivity.objects.create(plan=plan, **{**defaults, **fields})


def create(client, activity):
    return client.post(reverse("pr_admin:activity_news_create", args=[activity.pk]))


def test_a_draft_carries_what_the_plan_knows(client, office):
    day = ImportantDay.objects.create(key="toilet-day", name_th="วันส้วมโลก", kind="international", rule="fixed:11-19")
    activity = make_activity(office, important_day=day)
    client.force_login(office.writer)
    response = create(client, activity)
    page = NewsPage.objects.get()
    assert response.url == reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert client.get(response.url).status_code == 200
    assert page.title == activity.title
    assert page.slug == "kpr70-06-1"
    assert page.event_date == activity.start
    assert page.plan_activity == activity
    assert page.important_day == day
    assert page.responsible_officer == activity.responsible_officer
    assert (page.target_groups, page.channels, page.media_formats) == (["public", "staff"], ["website"], ["news"])
    assert not page.live
    assert page.owner == office.writer
    assert page.get_parent().pk == office.index.pk
    entry = AuditEntry.objects.get(verb="news_create")
    assert entry.data == {"plan_activity": activity.pk, "code": "KPR70-06"}


def test_an_activity_may_have_several_items_and_they_are_shown(client, office):
    activity = make_activity(office)
    client.force_login(office.writer)
    create(client, activity)
    create(client, activity)
    assert list(NewsPage.objects.order_by("pk").values_list("slug", flat=True)) == ["kpr70-06-1", "kpr70-06-2"]
    body = client.get(reverse("pr_admin:activities")).content.decode()
    for page in NewsPage.objects.all():
        assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in body


def test_a_missing_or_former_officer_is_replaced_by_the_writer(client, office):
    former = office.profile(Role.HEAD_OF_WORK)
    former.active = False
    former.save()
    client.force_login(office.writer)
    for officer in (former, None):
        create(client, make_activity(office, responsible_officer=officer))
    assert {page.responsible_officer for page in NewsPage.objects.all()} == {office.profile(Role.WRITER)}


@pytest.mark.parametrize("role", [role for role in Role if role != Role.WRITER])
def test_only_writers_begin_news(client, office, role):
    activity = make_activity(office)
    client.force_login(office.person(role))
    assert client.get(reverse("pr_admin:activities")).status_code == 403
    assert create(client, activity).status_code == 403
    assert not NewsPage.objects.exists()


def test_another_office_finds_neither_the_activity_nor_the_service(client, office):
    activity = make_activity(office, title="กิจกรรมของสำนักงานแรก")
    stranger = make_office("spp").writer
    client.force_login(stranger)
    assert create(client, activity).status_code == 404
    assert "กิจกรรมของสำนักงานแรก" not in client.get(reverse("pr_admin:activities")).content.decode()
    with pytest.raises(PermissionDenied):
        news_create_from_activity(actor=stranger, activity=activity, now=MORNING)
    assert not NewsPage.objects.exists()


def test_only_the_approved_plan_of_the_running_year_is_offered(client, office):
    make_activity(office, year=2569, title="ปีก่อน", start=date(2026, 2, 1), end=date(2026, 2, 2))
    make_activity(office, title="ร่างแผน", in_force=False)
    client.force_login(office.writer)
    body = client.get(reverse("pr_admin:activities") + "?quarter=all").content.decode()
    assert "ปีก่อน" not in body
    assert "ร่างแผน" not in body
    assert "2570" in body
    draft = PlanActivity.objects.get(title="ร่างแผน")
    assert create(client, draft).status_code == 404


def test_the_running_quarter_is_shown_first(client, office):
    make_activity(office, title="ไตรมาสหนึ่ง")
    make_activity(office, title="ไตรมาสสาม", start=date(2027, 4, 1), end=date(2027, 4, 2))
    client.force_login(office.writer)
    address = reverse("pr_admin:activities")
    first = client.get(address).content.decode()
    assert "ไตรมาสหนึ่ง" in first
    assert "ไตรมาสสาม" not in first
    assert "ไตรมาสสาม" in client.get(f"{address}?quarter=3").content.decode()
    whole = client.get(f"{address}?quarter=all").content.decode()
    assert "ไตรมาสหนึ่ง" in whole
    assert "ไตรมาสสาม" in whole
    assert client.get(f"{address}?quarter=9").status_code == 200


def test_the_number_of_questions_does_not_grow_with_the_plan(office, django_assert_num_queries):
    for number in range(12):
        make_activity(office, code=f"A{number}")
    with django_assert_num_queries(2):
        assert len(activities_with_news(office.agency, today=MORNING.date())) == 12


def test_the_section_is_the_news_index_of_the_own_site(office):
    other = make_office("spp")
    assert news_section_of(office.agency).pk == office.index.pk
    assert news_section_of(other.agency).pk == other.index.pk
    assert news_page_model() is NewsPage


def test_an_agency_without_a_news_section_is_told_so(client, office):
    activity = make_activity(office)
    Page.objects.get(pk=office.index.pk).delete()
    client.force_login(office.writer)
    response = create(client, activity)
    assert response.status_code == 403
    assert not NewsPage.objects.exists()


def editor_form(page, **changes) -> dict:
    """What the editor of an item posts, with one photo."""
    form = {
        "title": page.title,
        "slug": page.slug,
        "news_type": "news",
        "lead": page.lead,
        "event_date": "16/11/2569",
        "body-count": "0",
        "photos-count": "0",
        "attachments-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
        "tags": "",
    }
    return form | changes


def photo_form(image) -> dict:
    return {
        "photos-count": "1",
        "photos-0-deleted": "",
        "photos-0-order": "0",
        "photos-0-type": "photo",
        "photos-0-id": "",
        "photos-0-value-image": str(image.pk),
        "photos-0-value-alt_text": "คำอธิบาย",
        "photos-0-value-caption": "",
        "photos-0-value-credit": "งานสื่อสาร",
    }


def test_the_editor_takes_dates_in_be(client, office):
    page = make_draft(office)
    client.force_login(office.writer)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert "16/11/2569" in client.get(address).content.decode()
    client.post(address, editor_form(page, event_date="๒๐ พ.ย. ๒๕๖๙"))
    page.refresh_from_db()
    assert page.get_latest_revision_as_object().event_date == date(2026, 11, 20)


def test_a_picture_of_another_office_cannot_be_put_into_an_item(client, office):
    page = make_draft(office)
    revision = page.latest_revision_id
    theirs, ours = make_image(make_office("spp")), make_image(office, colour="navy")
    client.force_login(office.writer)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    refused = client.post(address, editor_form(page, **photo_form(theirs)))
    assert list(refused.context["form"].errors) == ["photos"]
    page.refresh_from_db()
    assert page.latest_revision_id == revision
    client.post(address, editor_form(page, **photo_form(ours)))
    page.refresh_from_db()
    assert page.latest_revision_id != revision


def test_a_file_of_another_office_cannot_be_linked_in_the_text(client, office):
    theirs = make_image(make_office("spp"))
    page = make_draft(office, body=json.dumps([{"type": "photo", "value": {"image": theirs.pk}}]))
    client.force_login(office.writer)
    form = editor_form(page) | {
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "photo",
        "body-0-id": "",
        "body-0-value-image": str(theirs.pk),
        "body-0-value-alt_text": "",
        "body-0-value-caption": "",
        "body-0-value-credit": "",
    }
    refused = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)
    assert list(refused.context["form"].errors) == ["body"]
