"""Wagtail's API v2 as we mount it: our fields, real HTML, few queries, nothing that is not public."""

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from benchmarks.corpus import make_corpus
from pr_workflow.festival_calendar.models import ImportantDay
from tests.factories.office import make_document, make_draft, make_office
from tests.factories.published import host_of, make_live

pytestmark = pytest.mark.django_db

NEWS = "/api/v2/pages/?type=home.NewsPage"


def get(office, address: str):
    return Client().get(address, headers={"host": host_of(office)})


def test_a_page_shows_our_fields(office):
    day = ImportantDay.objects.create(name_th="วันล้างมือโลก", rule="fixed:10-15")
    target = make_live(office, "ข่าวแรก")
    page = make_live(
        office,
        body=[("paragraph", f'<p><a linktype="page" id="{target.pk}">ก่อน</a></p>'), ("quote", "คำ")],
        attachments=[("file", {"document": make_document(office), "title": ""})],
        important_day=day,
        tags=["ข", "ก"],
    )
    answer = get(office, f"/api/v2/pages/{page.pk}/").json()
    assert (answer["title"], answer["lead"], answer["uuid"]) == (page.title, page.lead, str(page.uuid))
    assert answer["event_date"] == "2026-11-16"
    assert answer["tags"] == ["ก", "ข"]
    assert answer["important_day"] == {"key": day.key, "name": "วันล้างมือโลก"}
    assert answer["plan_activity"] is None
    assert f'href="{target.full_url}"' in answer["body"][0]["html"]
    assert answer["photos"][0]["alt"] == "เจ้าหน้าที่สาธิตการล้างมือ"
    assert answer["photos"][0]["sizes"][0]["url"].startswith("http://kpr.localhost/media/")
    assert answer["attachments"][0]["filename"].startswith("leaflet")
    for hidden in ("owner", "responsible_officer", "channels", "live_revision"):
        assert hidden not in answer


def test_only_the_live_pages_of_the_site_are_listed(office):
    other = make_office("spp")
    make_live(office, "ของเรา")
    make_live(other, "ของเขา")
    make_draft(office, "ร่าง")
    titles = [item["title"] for item in get(office, "/api/v2/pages/").json()["items"]]
    assert titles == [office.home.title, office.index.title, "ของเรา"]
    titles = [item["title"] for item in get(office, NEWS).json()["items"]]
    assert titles == ["ของเรา"]
    assert get(office, NEWS + "&fields=_,title").json()["meta"]["total_count"] == 1


@pytest.mark.parametrize("number", [5, 60])
def test_a_list_of_all_fields_costs_the_same_few_queries_at_any_size(office, number, django_assert_max_num_queries):
    make_corpus(office.agency, office.index, number, pictures=2)
    address = f"{NEWS}&fields=*&limit=100"
    assert len(get(office, address).json()["items"]) == number  # makes the picture sizes
    with django_assert_max_num_queries(12):
        assert len(get(office, address).json()["items"]) == number


def test_a_detail_costs_few_queries(office, django_assert_max_num_queries):
    page = make_live(office)
    get(office, f"/api/v2/pages/{page.pk}/")
    with django_assert_max_num_queries(18):
        assert get(office, f"/api/v2/pages/{page.pk}/").status_code == 200


def test_find_leads_only_to_what_is_public(office):
    page, draft = make_live(office), make_draft(office, "ร่าง")
    assert get(office, f"/api/v2/pages/find/?id={page.pk}").status_code == 302
    assert get(office, f"/api/v2/pages/find/?html_path=/news/{page.slug}/").status_code == 302
    assert get(office, f"/api/v2/pages/find/?id={draft.pk}").status_code == 404
    assert get(office, f"/api/v2/pages/find/?html_path=/news/{draft.slug}/").status_code == 404
    assert get(office, "/api/v2/pages/find/?id=x").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "first_published_at=x",
        "uuid=x",
        "event_date=x",
        "offset=99999999999999999999",
        "id=x",
    ],
)
def test_a_value_that_does_not_fit_is_the_readers_mistake(office, query):
    make_live(office)
    assert get(office, f"{NEWS}&{query}").status_code == 400


names = st.sampled_from(
    [
        "limit",
        "offset",
        "order",
        "fields",
        "id",
        "slug",
        "tags",
        "lead",
        "uuid",
        "event_date",
        "important_day",
        "child_of",
    ]
)
values = st.one_of(
    st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12),
    st.integers().map(str),
    st.sampled_from(["*", "_,title", "-title", "random", "body,photos", "important_day(name_th)", "2026-01-01"]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(params=st.dictionaries(names, values, max_size=3))
@example(params={"plan_activity": "1"})
@example(params={"target_groups": "x"})
@example(params={"body": "x"})
def test_no_parameters_make_it_fail(office, params):
    params = {"type": "home.NewsPage", **params}
    answer = Client().get("/api/v2/pages/", params, headers={"host": host_of(office)})
    assert answer.status_code in (200, 400, 404)
