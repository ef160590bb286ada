"""Parameters are read strictly: what is wrong is named, what is odd never becomes a 500."""

import base64
import json
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from benchmarks.corpus import make_corpus, make_public, make_site
from pr_workflow.api.cursor import Cursor, cursor_from
from pr_workflow.publishing.models import PublishedItem
from tests.factories.office import MORNING, Office
from tests.factories.published import Reader

pytestmark = pytest.mark.django_db

PARAMETERS = [
    "limit",
    "cursor",
    "fiscal_year",
    "type",
    "tag",
    "audience",
    "date_from",
    "date_to",
    "kind",
    "path",
    "agency",
]


@pytest.fixture
def reader():
    agency, index = make_site("kpr", "kpr.localhost")
    make_public(agency, make_corpus(agency, index, 2, pictures=1))
    return Reader(Office(agency=agency, home=index.get_parent().specific, index=index))


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def problem_of(answer, status=400) -> dict:
    """The problem document, after checking that it is a proper one."""
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    document = json.loads(answer.content)
    assert document["status"] == status
    assert {"type", "title", "detail", "instance"} <= set(document)
    return document


@pytest.mark.once
@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        *(("news", "limit", value) for value in ("0", "101", "-1", "1.0", "1e2", "+5", " 5", "๑๐", "x", "", "9" * 30)),
        *(
            ("news", "fiscal_year", value)
            for value in ("", "70", "2479", "2701", "25700", "-2570", "๒๕๗๐", "2570.0", "x")
        ),
        *(("news", "type", value) for value in ("", "NEWS", "story", "news,announcement")),
        *(("news", "audience", value) for value in ("", "everyone", "Press")),
        *(("news", "tag", value) for value in ("", "   ", "\x01", "a\nb", "ก" * 101, "\ud800")),
        *(("news", "date_from", value) for value in ("", "2026-02-30", "15/10/2569", "20261015", "2026-1-5", "now")),
        *(("news", "date_to", value) for value in ("0001-01-01", "1893-01-01", "2026-10-15T00:00:00", "1602000000")),
        *(("important-days", "date_from", value) for value in ("", "yesterday")),
        *(("important-days", "kind", value) for value in ("", "holiday")),
        *(("plans", "fiscal_year", value) for value in ("", "x")),
    ],
)
def test_a_malformed_value_is_refused_by_name(reader, path, name, value):
    query = quote(value, errors="surrogatepass")
    document = problem_of(reader.get(f"/api/pr/v1/{path}?{name}={query}"))
    assert document["parameter"] == name
    assert f"“{name}”" in document["detail"] or name in document["detail"]
    assert document["type"].endswith("#invalid-parameter")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "====",
        "ไทย",
        encoded("not a cursor"),
        encoded("1.0"),
        encoded("-1.5"),
        encoded("g.1"),
        encoded(f"{2**64:x}.1"),
        encoded(f"1.{2**63:x}"),
        encoded("1.1\n"),
        encoded("1.1") + "!",
        json.dumps({"id": 1}),
    ],
)
def test_a_cursor_that_is_not_ours_is_refused(reader, cursor):
    document = problem_of(reader.get("news", {"cursor": cursor}))
    assert document["parameter"] == "cursor"
    assert "next_cursor" in document["detail"]


def test_a_cursor_survives_the_round_trip():
    cursor = Cursor(MORNING, 12345)
    assert cursor_from(str(cursor)) == cursor


@pytest.mark.once
@pytest.mark.parametrize("path", ["news", "plans", "important-days"])
def test_an_unknown_parameter_is_refused_by_name(reader, path):
    document = problem_of(reader.get(path, {"fiscal_yaer": "2570"}))
    assert document["parameter"] == "fiscal_yaer"
    assert document["type"].endswith("#unknown-parameter")


def test_an_address_without_parameters_takes_none(reader):
    uuid = PublishedItem.objects.last().uuid
    assert problem_of(reader.get(f"news/{uuid}", {"fields": "*"}))["parameter"] == "fields"
    assert problem_of(reader.get("plans/2570", {"x": "1"}))["parameter"] == "x"


def test_every_wrong_parameter_is_named_at_once(reader):
    document = problem_of(reader.get("news", {"limit": "x", "type": "y", "date_from": "z"}))
    assert {error["parameter"] for error in document["errors"]} == {"limit", "type", "date_from"}


def test_a_parameter_given_twice_is_refused(reader):
    document = problem_of(reader.get("/api/pr/v1/news?tag=a&tag=b"))
    assert document["parameter"] == "tag"


def test_a_ce_fiscal_year_is_answered_with_both_readings(reader):
    for path in ("news", "plans"):
        document = problem_of(reader.get(path, {"fiscal_year": "2026"}))
        assert [reading["fiscal_year"] for reading in document["readings"]] == [2569, 2570]
        assert document["readings"][1] == {"fiscal_year": 2570, "first_day": "2026-10-01", "last_day": "2027-09-30"}
        assert "2569" in document["detail"]
        assert "2570" in document["detail"]


def test_a_be_year_in_a_date_is_answered_with_the_ce_date(reader):
    document = problem_of(reader.get("news", {"date_from": "2570-04-13"}))
    assert "2027-04-13" in document["detail"]


def test_a_period_runs_forwards(reader):
    for path in ("news", "important-days"):
        document = problem_of(reader.get(path, {"date_from": "2026-12-31", "date_to": "2026-01-01"}))
        assert document["parameter"] == "date_to"


def test_a_long_or_unprintable_value_is_not_thrown_back_whole(reader):
    document = problem_of(reader.get("news", {"type": "x" * 5000 + "\x1b[31m"}))
    assert len(document["detail"]) < 300
    document = problem_of(reader.get("news", {"\x1b[31m" + "y" * 500: "1"}))
    assert "\x1b" not in document["detail"]
    assert len(document["parameter"]) < 100


@pytest.mark.parametrize(
    "path", ["nope", "news/nope", "news/nope/nope/", "newsx", "plans/2570/x", "plans/x", "plans/2027", "docs/x", "%01"]
)
def test_what_does_not_exist_is_a_problem_document_too(reader, path):
    assert problem_of(reader.get(f"/api/pr/v1/{path}"), 404)["type"].endswith("#not-found")


@pytest.mark.parametrize("uuid", ["00000000-0000-0000-0000-000000000000", "0" * 32, "-" * 36, "%2e%2e"])
def test_an_uuid_of_nothing_is_not_found(reader, uuid):
    assert problem_of(reader.get(f"/api/pr/v1/news/{uuid}"), 404)["status"] == 404


anything = st.one_of(
    st.text(max_size=40),
    st.integers().map(str),
    st.dates().map(str),
    st.uuids().map(str),
    st.sampled_from(["2570", "2026", "news", "press", "20", "/news/x/", encoded("1.1"), encoded("ffffffffffff.f")]),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["news", "news/by-path", "plans", "important-days", "plans/2570", "openapi.json", "docs"]),
    params=st.dictionaries(st.one_of(st.sampled_from(PARAMETERS), st.text(max_size=8)), anything, max_size=4),
)
@example(path="news", params={"tag": "\x00"})
@example(path="news", params={"cursor": encoded("23c346600000000.1")})
@example(path="important-days", params={"date_from": "9999-12-31"})
@example(path="important-days", params={"date_from": "2399-12-31"})
@example(path="news/by-path", params={"path": "/%00/"})
def test_no_parameters_ever_make_it_fail(reader, path, params):
    query = "&".join(
        f"{quote(name, safe='', errors='surrogatepass')}={quote(value, safe='', errors='surrogatepass')}"
        for name, value in params.items()
    )
    answer = reader.get(f"/api/pr/v1/{path}?{query}")
    assert answer.status_code in (200, 400, 404)
    if answer.status_code == 400:
        assert "parameter" in answer.json() or "\x00" in "".join([*params, *params.values()])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rest=st.text(max_size=30))
def test_no_address_ever_makes_it_fail(reader, rest):
    path = quote(rest, safe="/", errors="surrogatepass")
    answer = reader.get(f"/api/pr/v1/{path}")
    assert answer.status_code in (200, 400, 404)


def test_a_query_that_cannot_be_read_is_a_problem_document(reader, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 5
    many = "&".join(f"x{number}=1" for number in range(9))
    assert problem_of(reader.get(f"/api/pr/v1/news?{many}"))["status"] == 400


def test_a_null_character_is_refused_before_any_database_sees_it(reader):
    for address in ("news?tag=%00", "news/by-path?path=/%00/", "news/%00"):
        assert problem_of(reader.get(f"/api/pr/v1/{address}"))["type"].endswith("#invalid-request")


def test_problem_types_are_explained_on_the_documentation_page(reader):
    document = problem_of(reader.get("news", {"limit": "x"}))
    page, _, anchor = document["type"].partition("#")
    html = Client().get(page, headers={"host": reader.host}).content.decode()
    assert f'id="{anchor}"' in html
