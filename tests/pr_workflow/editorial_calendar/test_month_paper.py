"""The month on paper: A4 landscape, Buddhist Era, what this person may see (R26)."""

import re

import pytest
from django.urls import reverse

from pr_workflow.people.models import Agency
from pr_workflow.people.roles import Role
from tests.pdf_text import objects_of, pdf_text

pytestmark = pytest.mark.django_db


def print_month(client, **query):
    return client.get(reverse("pr_admin:calendar_paper"), {"date": "2026-11-01", **query})


def words_on(answer) -> str:
    """What stands on the paper without spaces: narrow squares break titles."""
    return "".join(pdf_text(answer.content).split())


def test_the_month_is_printed_in_landscape(client, full_desk):
    client.force_login(full_desk.office.writer)
    answer = print_month(client)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    boxes = [body for body in objects_of(answer.content).values() if b"/Type /Page" in body and b"/MediaBox" in body]
    sizes = {re.search(rb"/MediaBox \[0 0 (\d+)[\d.]* (\d+)", body).groups() for body in boxes}
    assert sizes == {(b"841", b"595")}
    text = words_on(answer)
    assert "พฤศจิกายน2569" in text
    assert "2026" not in text
    for title in ("ร่างมีวัน", "ตั้งเวลาแล้ว", "รณรงค์"):
        assert title in text


def test_thai_digits_where_the_agency_writes_them(client, desk):
    assert desk.draft
    Agency.objects.filter(pk=desk.office.agency.pk).update(thai_digits=True)
    client.force_login(desk.office.writer)
    assert "พฤศจิกายน๒๕๖๙" in words_on(print_month(client))


def test_drafts_are_not_on_the_paper_of_network_members(client, desk):
    assert desk.draft
    client.force_login(desk.office.person(Role.NETWORK_MEMBER))
    assert "ร่างมีวัน" not in words_on(print_month(client))
    client.force_login(desk.office.writer)
    assert "ร่างมีวัน" in words_on(print_month(client))


@pytest.mark.parametrize("day", ["", "31/2/2570", "\x00", "9" * 30])
def test_a_month_that_is_none_is_this_month(client, desk, day):
    client.force_login(desk.office.writer)
    assert print_month(client, date=day).status_code in (200, 400)
