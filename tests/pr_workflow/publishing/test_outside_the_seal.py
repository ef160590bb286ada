"""What readers see of an item and no seal covers is changed elsewhere, and every such change is logged."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pr_workflow.approval.selectors import chain_verdict
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.roles import Role
from pr_workflow.publishing.models import PublishedItem
from pr_workflow.publishing.projection import published_item_refresh
from tests.factories.office import live, make_administrator, make_image

pytestmark = pytest.mark.django_db
REGISTERS = "/admin/pr_workflow"


def saved(client: Client, address: str, **changes) -> None:
    """Open the form of a row, change something and save it, as a person does."""
    form = BeautifulSoup(client.get(address).content, "html.parser").select_one("main form[method=post]")
    data = {}
    for each in form.select("input[name], textarea[name]"):
        is_choice = each.get("type") in ("checkbox", "radio")
        if not is_choice or each.has_attr("checked"):
            value = each.get("value", "on" if is_choice else "")
            data[each["name"]] = value if each.name == "input" else each.text.strip()
    for each in form.select("select[name]"):
        data[each["name"]] = [option["value"] for option in each.select("option[selected]") if option["value"]]
    assert set(changes) <= set(data)
    answer = client.post(address, {**data, **changes})
    assert answer.status_code == 302, answer.context["form"].errors


@pytest.mark.parametrize(
    ("register", "field", "verb"),
    [("staff", "position", "staffprofile_save"), ("units", "name", "unit_save"), ("agencies", "name", "agency_save")],
)
def test_position_unit_and_agency_follow_the_directory_and_the_log_knows(office, register, field, verb):
    page = live(office)
    officer = page.responsible_officer
    row = {"staff": officer, "units": officer.unit, "agencies": office.agency}[register]
    client = Client(headers={"host": office.agency.site.hostname})
    client.force_login(make_administrator() if register == "agencies" else office.person(Role.DIRECTOR))
    saved(client, f"{REGISTERS}/{register}/edit/{row.pk}/", **{field: "ชื่อใหม่ตามทะเบียน"})
    entry = AuditEntry.objects.get(verb=verb, target_id=str(row.pk))
    assert entry.data["changed"] == [field]
    assert entry.data["values"][field] == {"old": getattr(row, field), "new": "ชื่อใหม่ตามทะเบียน"}
    item = PublishedItem.objects.get(page_id=page.pk)
    assert "ชื่อใหม่ตามทะเบียน" in item.detail_json
    assert chain_verdict(page.live_revision).complete


def test_the_reference_names_them_with_their_verbs():
    text = (Path(settings.BASE_DIR) / "docs/reference/gate.md").read_text(encoding="utf-8")
    verbs = ("staffprofile_save", "unit_save", "agency_save", "important_day_save", "page_address_change")
    for verb in (*verbs, "channel_create", "channel_change"):
        assert f"`{verb}`" in text


def test_what_a_picture_is_called_in_the_library_reaches_no_reader(office):
    image = make_image(office)
    page = live(office, image=image)
    officer = Client(headers={"host": office.agency.site.hostname})
    officer.force_login(office.person(Role.WRITER))
    words = {"title": "ชื่อในคลังภาพ", "credit": "เครดิตในคลังภาพ", "source": "ที่มาในคลังภาพ"}
    address = reverse("wagtailimages:edit", args=[image.pk])
    answer = officer.post(address, {**words, "collection": image.collection_id, "tags": "", "description": ""})
    assert answer.status_code == 302, answer.context["form"].errors
    image.refresh_from_db()
    assert {name: getattr(image, name) for name in words} == words
    published_item_refresh(page.pk, timezone.now())
    item = PublishedItem.objects.get(page_id=page.pk)
    seen = item.detail_json + item.list_json
    seen += Client(headers={"host": office.agency.site.hostname}).get(page.url).content.decode()
    assert "<img" in seen
    assert not [value for value in words.values() if value in seen]
    assert chain_verdict(page.live_revision).complete
