"""The audit log on the screen: each refusal says why, a moment stays in one piece."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from pr_workflow.people.roles import Role
from tests.factories.office import make_draft

pytestmark = pytest.mark.django_db
LIST = "pr_workflow_auditentry_modeladmin_index"


def rows(office):
    client = Client(headers={"host": office.agency.site.hostname})
    client.force_login(office.person(Role.DIRECTOR))
    return BeautifulSoup(client.get(reverse(LIST)).content, "html.parser").select("table.listing tbody tr")


def test_a_refused_attempt_says_why(office, client):
    page = make_draft(office)
    client.force_login(office.person(Role.EVALUATOR))
    answer = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert answer.status_code == 403
    (reason,) = [row.select_one(".pr-reason").text for row in rows(office) if row.select_one(".pr-reason")]
    assert reason == str(answer.refusal_reason)


def test_what_was_typed_into_a_reason_is_shown_as_text(office, client):
    client.force_login(office.person(Role.EVALUATOR))
    client.get(reverse("pr_admin:posting"), {"x": "<b>"})
    for row in rows(office):
        assert row.select_one(".pr-reason b") is None


def test_every_moment_stays_in_one_piece(office, client):
    client.force_login(office.person(Role.EVALUATOR))
    client.get(reverse("pr_admin:posting"))
    found = rows(office)
    assert found
    assert all(row.select_one(".field-time .pr-whole") for row in found)
