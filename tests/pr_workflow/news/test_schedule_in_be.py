"""The times of a schedule are typed and shown in B.E. in the editor, whichever page it is (R26, R43)."""

from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from pr_workflow.thai_time import BANGKOK, to_be
from tests.factories.office import make_administrator, make_draft
from tests.pr_workflow.news.test_news_views import editor_form

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year + 1
BE = to_be(YEAR)
EXPECTED = datetime(YEAR, 11, 21, 9, 30, tzinfo=BANGKOK)


def in_thai_digits(text: str) -> str:
    return text.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))


def editor_of(page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def stored(page):
    page.refresh_from_db()
    return page.get_latest_revision_as_object()


@pytest.mark.parametrize("field", ["expire_at", "go_live_at"])
@pytest.mark.parametrize(
    "typed",
    [
        f"21/11/{BE} 09:30",
        in_thai_digits(f"21/11/{BE} 09:30"),
        in_thai_digits(f"21 พ.ย. {BE} เวลา 09.30 น."),
        f"  21 พฤศจิกายน  พ.ศ. {BE}   9:30 ",
        f"{BE}-11-21 09:30",
        f"{YEAR}-11-21 09:30",
        f"{YEAR}-11-21T09:30:00",
    ],
)
def test_a_year_of_either_era_is_the_same_moment(client, office, field, typed):
    page = make_draft(office)
    client.force_login(office.writer)
    client.post(editor_of(page), editor_form(page, **{field: typed}))
    assert getattr(stored(page), field) == EXPECTED


def test_a_day_alone_begins_at_midnight_and_nothing_is_no_time(client, office):
    page = make_draft(office)
    client.force_login(office.writer)
    client.post(editor_of(page), editor_form(page, expire_at=f"21/11/{BE}", go_live_at="  "))
    assert stored(page).expire_at == EXPECTED.replace(hour=0, minute=0)
    assert stored(page).go_live_at is None


def test_the_leap_day_is_that_of_the_common_era(client, office):
    year = next(year for year in range(YEAR, YEAR + 8) if year % 4 == 0)
    page = make_draft(office)
    client.force_login(office.writer)
    client.post(editor_of(page), editor_form(page, expire_at=f"29/2/{to_be(year)} 08:00"))
    assert stored(page).expire_at == datetime(year, 2, 29, 8, tzinfo=BANGKOK)


def test_the_editor_shows_be_and_saving_what_it_shows_changes_nothing(client, office):
    page = make_draft(office, expire_at=EXPECTED)
    client.force_login(office.writer)
    shown = BeautifulSoup(client.get(editor_of(page)).content, "html.parser").find(attrs={"name": "expire_at"})["value"]
    assert shown == f"21/11/{BE} 09:30"
    client.post(editor_of(page), editor_form(page, expire_at=shown))
    assert stored(page).expire_at == EXPECTED


@pytest.mark.parametrize("field", ["expire_at", "go_live_at"])
@pytest.mark.parametrize(
    "typed",
    [
        f"21/11/{BE + 1000} 09:30",
        f"21/11/{BE + 100} 09:30",
        "21/11/2469 09:30",
        "9999-11-21 09:30",
        "21/11/69 09:30",
        f"31/2/{BE} 09:30",
        f"21/11/{BE} 25:00",
        f"21/11/{BE} ค่ำ ๆ",
        "0000-00-00 00:00",
        "พรุ่งนี้",
        "9" * 5000,
    ],
)
def test_what_is_no_plausible_moment_is_refused_by_its_field_and_kept(client, office, field, typed):
    page = make_draft(office)
    revision = page.latest_revision_id
    client.force_login(office.writer)
    answer = client.post(editor_of(page), editor_form(page, **{field: typed}))
    form = answer.context["form"]
    assert list(form.errors) == [field]
    assert str(form.fields[field].label) in str(form.errors[field])
    assert BeautifulSoup(answer.content, "html.parser").find(attrs={"name": field})["value"] == typed[:200]
    page.refresh_from_db()
    assert page.latest_revision_id == revision


def test_an_expiry_in_the_past_is_not_saved_as_one_of_the_far_future(client, office):
    page = make_draft(office)
    yesterday = timezone.localdate() - timedelta(days=1)
    client.force_login(office.writer)
    typed = f"{yesterday.day}/{yesterday.month}/{to_be(yesterday.year)} 09:30"
    answer = client.post(editor_of(page), editor_form(page, expire_at=typed))
    assert list(answer.context["form"].errors) == ["expire_at"]


def test_a_section_reads_its_schedule_the_same_way(client, office):
    client.force_login(make_administrator())
    form = {"title": office.index.title, "slug": office.index.slug, "expire_at": f"21/11/{BE} 09:30"}
    form |= {f"comments-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
    client.post(editor_of(office.index), form)
    assert stored(office.index).expire_at == EXPECTED
