"""Garbage in the filters of our registers, lists and APIs is answered, never with an error 500.

The filters are read from each register itself, so that a new one is tried without being named here.
"""

from datetime import timedelta

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse
from wagtail.snippets.models import get_snippet_models

from pr_workflow.archive.services import archive_due
from tests.factories.office import MORNING, live, make_administrator, make_office, verify
from tests.factories.plans import plan_row

pytestmark = pytest.mark.django_db

#: What people and programs put where a value is expected. Years and dates in B.E. are among it.
GARBAGE = [
    "abc",
    "-1",
    "9" * 30,
    str(2**63),
    "70000",
    "๒๕๗๐",
    "²",
    "2570-02-30",
    "0000-00-00",
    "9999-12-31",
    "[]",
    "ก" * 5000,
]
#: For each filter alone; all of them are tried with all filters of a list together.
FEW = ["abc", "9" * 30, "²"]
#: Beside the filters: search, page, order, columns, export, and what lists of Wagtail understand.
EVERYWHERE = ["q", "p", "o", "ot", "e", "ordering", "export", "id", "quarter", "item"]


@pytest.fixture
def office():
    return make_office(default_site=True)


@pytest.fixture
def rows(office):
    """Something in the registers of the flow."""
    plan_row(office.agency)
    verify(office, live(office), now=MORNING + timedelta(hours=6))
    archive_due(now=MORNING + timedelta(hours=7))


def address_of(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def our_lists() -> list[str]:
    """Names of every list in the admin that is ours and needs no number in its address."""
    names = [
        f"{namespace}:{name}" if namespace else name
        for namespace, name in _admin_names()
        if name and (namespace.startswith("pr_") or "modeladmin_index" in name)
    ]
    names += [model.snippet_viewset.get_url_name("list") for model in get_snippet_models()]
    forms = (":add", ":index_results", "_grant", "_settings")
    return sorted({name for name in names if address_of(name) and not name.endswith(forms)})


def _admin_names():
    def walk(resolver, namespace):
        for pattern in resolver.url_patterns:
            if hasattr(pattern, "url_patterns"):
                yield from walk(pattern, pattern.namespace or namespace)
            else:
                yield namespace, pattern.name

    yield from walk(get_resolver(), "")


def filters_of(response) -> list[str]:
    """The names a list filters by."""
    context = response.context or {}
    names: list[str] = []
    for spec in getattr(context.get("view"), "filter_specs", None) or []:
        names += spec.expected_parameters()
    filterset = context.get("filters")
    for name in getattr(getattr(filterset, "form", None), "fields", {}):
        names.append(name)
    return names


def test_the_lists_that_are_tried_are_known(rows, client):
    """The discovery finds the registers and their filters: an empty one would try nothing."""
    names = our_lists()
    assert {"pr_admin:news_list", "pr_workflow_archiverecord_modeladmin_index"} <= set(names)
    client.force_login(make_administrator())
    found = {name: filters_of(client.get(reverse(name))) for name in names}
    assert "fiscal_year_be" in found["pr_workflow_archiverecord_modeladmin_index"]
    assert sum(bool(filters) for filters in found.values()) >= 10, found


@pytest.mark.parametrize("name", our_lists())
def test_no_filter_of_a_list_fails_on_garbage(office, client, name):
    client.raise_request_exception = False
    client.force_login(make_administrator())
    address = reverse(name)
    first = client.get(address)
    # An address for scripts says in its own way what it needs.
    for_scripts = first.headers.get("Content-Type", "").startswith("application/json")
    assert first.status_code in (200, 302, 403, 405) or (for_scripts and first.status_code == 400), first.status_code
    tried = [{field: value} for field in {*filters_of(first), *EVERYWHERE} for value in FEW]
    tried += [dict.fromkeys(filters_of(first), value) for value in GARBAGE]
    answers = {str(query)[:80]: client.get(address, query).status_code for query in tried}
    assert {key: status for key, status in answers.items() if status not in (200, 302, 400, 403, 404)} == {}
    assert {client.get(address, {field: "a\0b"}).status_code for field in ("q", *filters_of(first))} == {400}


def test_a_value_nobody_can_look_for_is_said_and_left_out(rows, client):
    client.force_login(make_administrator())
    address = reverse("pr_workflow_archiverecord_modeladmin_index")
    for query in ({"fiscal_year_be": "abc"}, {"fiscal_year_be": "abc", "q": "ล้างมือ"}):
        page = client.get(address, query)
        assert page.status_code == 200
        assert len(page.context["object_list"]) == 1
        (said,) = page.context["messages"]
        assert str(said) in page.content.decode()
    assert client.get(address, {"url": "https://"}).status_code == 400, "a field that is no filter stays refused"


@pytest.mark.parametrize("parameter", ["limit", "cursor", "fiscal_year", "year", "tag", "from", "to", "type", "since"])
@pytest.mark.parametrize("address", ["news/", "plans/", "important-days/"])
def test_no_parameter_of_the_api_fails_on_garbage(office, client, address, parameter):
    client.raise_request_exception = False
    host = {"host": office.agency.site.hostname}
    for value in GARBAGE:
        answer = client.get(f"/api/pr/v1/{address}", {parameter: value}, headers=host)
        assert answer.status_code in (200, 400, 404, 422), (value, answer.status_code)


@pytest.mark.parametrize("address", ["/news/", "/search/", "/api/v2/pages/", "/api/v2/images/"])
def test_no_public_list_fails_on_garbage(office, client, address):
    client.raise_request_exception = False
    host = {"host": office.agency.site.hostname}
    for field in ("year", "page", "tag", "type", "q", "limit", "offset", "id", "order", "search", "fields"):
        for value in GARBAGE:
            status = client.get(address, {field: value}, headers=host).status_code
            assert status < 500, (field, value, status)
