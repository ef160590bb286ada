"""The machine-readable description is complete, exact and free of foreign hosts."""

import re

import pytest
from django.test import Client

from pr_workflow.api.news import NewsFilters
from tests.factories.office import make_office
from tests.factories.published import Reader

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def document():
    answer = Client().get("/api/pr/v1/openapi.json", headers={"host": "localhost"})
    assert answer.status_code == 200
    assert answer["ETag"]
    return answer.json()


def operations(document):
    return [(path, operation) for path, methods in document["paths"].items() for operation in methods.values()]


def test_every_address_is_there_once(document):
    assert set(document["paths"]) == {
        "/api/pr/v1/news",
        "/api/pr/v1/news/by-path",
        "/api/pr/v1/news/{item}",
        "/api/pr/v1/plans",
        "/api/pr/v1/plans/{fiscal_year}",
        "/api/pr/v1/important-days",
        "/api/pr/v1/staff",
    }
    names = [operation["operationId"] for _path, operation in operations(document)]
    assert len(set(names)) == len(names)


def test_everything_is_described(document):
    for path, operation in operations(document):
        assert operation["summary"], path
        assert len(operation["description"]) > 20, path
        for parameter in operation["parameters"]:
            if parameter["in"] == "query":
                assert parameter["description"], (path, parameter["name"])
            assert {"anyOf", "ge", "le"}.isdisjoint(parameter["schema"]), (path, parameter["name"])
        for name, schema in document["components"]["schemas"].items():
            if schema["type"] == "object":
                assert schema["description"], name


def test_errors_are_declared_as_problem_documents(document):
    for _path, operation in operations(document):
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert list(response["content"]) == ["application/problem+json"]
                assert response["content"]["application/problem+json"]["schema"]["$ref"].endswith("/Problem")
        assert "304" in operation["responses"]


def test_the_limits_of_parameters_are_declared(document):
    parameters = {each["name"]: each for each in document["paths"]["/api/pr/v1/news"]["get"]["parameters"]}
    assert set(parameters) == set(NewsFilters.model_fields)
    limit = parameters["limit"]["schema"]
    assert (limit["minimum"], limit["maximum"], limit["default"]) == (1, 100, 20)
    assert parameters["date_from"]["schema"] == {"type": "string", "format": "date"}
    assert document["components"]["schemas"]["NewsType"]["enum"] == [
        "news",
        "announcement",
        "statement",
        "clarification",
    ]


def test_the_start_leads_to_addresses_that_answer():
    office = make_office()
    reader = Reader(office)
    for address in reader.get("/api/pr/v1/").json().values():
        assert reader.get(address.removeprefix("http://kpr.localhost")).status_code == 200


def test_the_documentation_page_is_html_without_foreign_hosts(document):
    html = Client().get("/api/pr/v1/docs", headers={"host": "localhost"}).content.decode()
    assert "<script" not in html
    assert not re.findall(r"(?:src|href)=[\"']?(?:https?:)?//", html)
    for path, operation in operations(document):
        assert path in html
        assert operation["summary"] in html
