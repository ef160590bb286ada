"""What news under way or approved shows stays as it is: no form of the library changes it behind the chain (I3, I4)."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from home.models import AgencyDocument, AgencyImage, NewsPage
from pr_workflow.approval.services import news_return
from pr_workflow.audit.models import AuditEntry
from pr_workflow.health import health_report
from pr_workflow.people.roles import Role
from pr_workflow.publishing.models import PublishedItem
from pr_workflow.publishing.sealed_files import FileChangeRefused
from pr_workflow.publishing.take_down import news_take_down
from tests.factories.office import (
    MORNING,
    approved,
    current_step,
    live,
    make_document,
    make_draft,
    make_image,
    posted,
    read_and_approve,
    submit,
)
from tests.factories.published import revise

pytestmark = pytest.mark.django_db
TITLE = "ข่าวที่อนุมัติแล้ว"


@pytest.fixture
def image(office):
    return make_image(office)


@pytest.fixture
def document(office):
    return make_document(office)


@pytest.fixture
def fields(image, document) -> dict:
    return {"title": TITLE, "image": image, "attachments": [("file", {"document": document, "title": ""})]}


def picture(colour: str = "red") -> SimpleUploadedFile:
    buffer = BytesIO()
    Image.new("RGB", (300, 200), colour).save(buffer, "JPEG")
    return SimpleUploadedFile("other.jpg", buffer.getvalue(), "image/jpeg")


def leaflet() -> SimpleUploadedFile:
    return SimpleUploadedFile("other.pdf", b"%PDF-1.4 other", "application/pdf")


def library_form(row, **changes) -> dict:
    return {"title": row.title, "collection": row.collection_id, "tags": "", **changes}


def attempts(image, document) -> list[tuple[str, dict]]:
    """Every form of the library that changes what readers see."""
    of_document = reverse("wagtaildocs:edit_multiple", args=[document.pk])
    multiple = {f"doc-{document.pk}-{name}": value for name, value in library_form(document, title="อื่น").items()}
    return [
        (reverse("wagtailimages:edit", args=[image.pk]), library_form(image, file=picture())),
        (reverse("wagtaildocs:edit", args=[document.pk]), library_form(document, file=leaflet())),
        (reverse("wagtaildocs:edit", args=[document.pk]), library_form(document, title="ชื่อที่ไม่มีใครอนุมัติ")),
        (of_document, multiple),
    ]


def deletions(image, document) -> list[str]:
    return [
        reverse("wagtailimages:delete", args=[image.pk]),
        reverse("wagtailimages:delete_multiple", args=[image.pk]),
        reverse("wagtaildocs:delete", args=[document.pk]),
        reverse("wagtaildocs:delete_multiple", args=[document.pk]),
        reverse("wagtail_bulk_action", args=["home", "agencyimage", "delete"]) + f"?id={image.pk}",
        reverse("wagtail_bulk_action", args=["home", "agencydocument", "delete"]) + f"?id={document.pk}",
    ]


def bytes_of(row) -> bytes:
    row = type(row).objects.get(pk=row.pk)
    with row.file.storage.open(row.file.name) as source:
        return source.read()


def in_stage(office, stage: str, fields: dict):
    if stage == "submitted":
        page = make_draft(office, **fields)
        submit(office, page)
        return page
    if stage == "first signature":
        page = make_draft(office, **fields)
        submit(office, page)
        read_and_approve(actor=office.person(Role.HEAD_OF_WORK), task_state=current_step(page), now=MORNING)
        return page
    if stage == "approved":
        return approved(office, **fields).page
    if stage == "scheduled":
        slot = MORNING + timedelta(hours=6)
        return posted(office, go_live_at=slot, now=slot, **fields).page
    return live(office, **fields)


@pytest.mark.parametrize("stage", ["submitted", "first signature", "approved", "scheduled", "live"])
def test_no_form_changes_a_file_of_news_under_way(client, office, image, document, fields, stage):
    in_stage(office, stage, fields)
    before = bytes_of(image), bytes_of(document)
    rows = list(PublishedItem.objects.values_list("detail_json", flat=True))
    client.force_login(office.writer)
    for number, (address, form) in enumerate(attempts(image, document), start=1):
        ajax = {"x-requested-with": "XMLHttpRequest"} if "multiple" in address else {}
        response = client.post(address, form, headers=ajax)
        assert response.status_code == 403, address
        reason = response.json()["error_message"] if ajax else response.content.decode()
        assert TITLE in reason, address
        assert AuditEntry.objects.filter(verb="refused", data__path=address).exists()
        assert AuditEntry.objects.filter(verb="refused").count() == number
    for address in deletions(image, document):
        ajax = {"x-requested-with": "XMLHttpRequest"} if "multiple" in address else {}
        response = client.post(address, headers=ajax)
        assert response.status_code == 403, address
        assert AuditEntry.objects.filter(verb="refused", data__path=address.partition("?")[0]).exists()
    assert (bytes_of(image), bytes_of(document)) == before
    assert AgencyDocument.objects.get(pk=document.pk).title == document.title
    assert list(PublishedItem.objects.values_list("detail_json", flat=True)) == rows


def test_code_meets_the_same_refusal_and_so_do_superusers(admin_client, office, image, document, fields):
    live(office, **fields)
    (address, form), *_rest = attempts(image, document)
    assert admin_client.post(address, form).status_code == 403
    row = AgencyImage.objects.get(pk=image.pk)
    row.file = ContentFile(picture().read(), name="other.jpg")
    with pytest.raises(FileChangeRefused):
        row.save()
    document.title = "อื่น"
    with pytest.raises(FileChangeRefused):
        document.save(update_fields=["title"])


def test_a_version_that_is_not_the_newest_holds_its_files_too(office, image, fields):
    """Scheduled with one picture, and the next draft has another."""
    slot = MORNING + timedelta(hours=6)
    page = posted(office, go_live_at=slot, now=slot, **fields).page.specific
    other = make_image(office, colour="navy")
    revise(page, photos=[("photo", {"image": other, "alt_text": "ก", "caption": "", "credit": ""})])
    image.file = picture()
    with pytest.raises(FileChangeRefused):
        image.save()
    other.file = picture("green")
    other.save()


def test_what_readers_do_not_see_may_be_changed(client, office, image, document, fields):
    live(office, **fields)
    client.force_login(office.writer)
    form = library_form(image, title="ชื่อในคลัง", credit="ผู้ถ่าย", source="ภาพถ่ายเอง")
    assert client.post(reverse("wagtailimages:edit", args=[image.pk]), form).status_code == 302
    form = library_form(document, source="จัดทำเอง")
    assert client.post(reverse("wagtaildocs:edit", args=[document.pk]), form).status_code == 302
    assert AgencyImage.objects.get(pk=image.pk).title == "ชื่อในคลัง"


@pytest.mark.parametrize("stage", ["draft", "withdrawn", "returned", "taken down"])
def test_a_file_that_nobody_considers_or_shows_is_free(client, office, image, document, fields, stage):
    if stage == "taken down":
        page = live(office, **fields)
        news_take_down(actor=office.it_officer, page=page, reason="ยกเลิกกิจกรรม", now=MORNING + timedelta(hours=7))
    else:
        page = make_draft(office, **fields)
        if stage != "draft":
            submit(office, page)
        if stage == "withdrawn":
            NewsPage.objects.get(pk=page.pk).current_workflow_state.cancel(user=office.writer)
        if stage == "returned":
            read_and_approve(actor=office.person(Role.HEAD_OF_WORK), task_state=current_step(page), now=MORNING)
            step = current_step(page)
            news_return(actor=office.person(Role.HEAD_OF_SECTION), task_state=step, reason="ภาพไม่ตรง", now=MORNING)
    client.force_login(office.writer)
    for address, form in attempts(image, document)[:3]:
        assert client.post(address, form).status_code == 302, address
    assert AgencyDocument.objects.get(pk=document.pk).title == "ชื่อที่ไม่มีใครอนุมัติ"
    assert not AuditEntry.objects.filter(verb="refused").exists()


def test_a_superuser_deletes_and_the_health_report_counts_it(admin_client, office, image, fields):
    """A picture that must vanish at once vanishes; that the page is no longer what was signed is said."""
    page = live(office, **fields)
    now = MORNING + timedelta(hours=8)
    assert health_report(now).live_without_seal == 0
    assert admin_client.post(reverse("wagtailimages:delete", args=[image.pk])).status_code == 302
    assert not AgencyImage.objects.filter(pk=image.pk).exists()
    assert json.loads(PublishedItem.objects.get(page_id=page.pk).detail_json)["photos"] == []
    assert health_report(now).live_without_seal == 1


def test_an_approver_exchanges_no_picture_of_what_waits_for_them(client, office, image, fields):
    """Otherwise one person would both make what is seen and sign it (R37)."""
    page = in_stage(office, "submitted", fields)
    head = office.person(Role.HEAD_OF_WORK)
    writers_group = office.writer.groups.get()
    head.groups.add(writers_group)
    client.force_login(head)
    before = bytes_of(image)
    address = reverse("wagtailimages:edit", args=[image.pk])
    assert client.post(address, library_form(image, file=picture())).status_code == 403
    assert bytes_of(image) == before
    assert AuditEntry.objects.filter(verb="refused", data__path=address, actor_name=head.username).count() == 1
    assert current_step(page).status == "in_progress"
