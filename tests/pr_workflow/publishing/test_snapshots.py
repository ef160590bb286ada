"""The page kept after the go-live, what the machine finds in it, and the check that shows both (R44, R45)."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from home.models import NewsPage
from pr_workflow.audit.models import AuditEntry
from pr_workflow.distribution.models import Channel, Delivery
from pr_workflow.gate import publication_permit
from pr_workflow.kept_files import bytes_keep, bytes_read, stored_path
from pr_workflow.people.roles import Role
from pr_workflow.publishing.check_findings import faults_of, findings_of
from pr_workflow.publishing.models import CorrectionRound, PublicationCheck, TakeDown
from pr_workflow.publishing.snapshots import snapshot_take, snapshots_due
from pr_workflow.publishing.verification import CHECK_LINES, publication_verify
from tests.factories.office import MORNING, approved, live, make_document, make_image, make_office
from tests.factories.published import revise

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(hours=6)


@pytest.fixture(autouse=True)
def kept(settings, tmp_path):
    settings.PR_WORKFLOW_ARCHIVE_ROOT = tmp_path / "kept"


def rich(office, **fields) -> NewsPage:
    """Live news with a picture, an attachment and a link to another page of the site."""
    link = f'<p>อ่านเพิ่มที่ <a href="{office.index.get_url()}">ข่าวทั้งหมด</a></p>'
    values = {
        "title": "ล้างมือ 7 ขั้นตอน",
        "body": [("heading", "ทำไมต้องล้างมือ"), ("paragraph", link)],
        "attachments": [("file", {"document": make_document(office), "title": "แผ่นพับ"})],
        **fields,
    }
    return live(office, **values)


def taken(page) -> PublicationCheck:
    check = PublicationCheck.objects.get(page_id=page.pk, revision_id=page.live_revision_id)
    assert snapshot_take(check_id=check.pk, now=LATER)
    check.refresh_from_db()
    return check


def codes(check) -> set[str]:
    return {fault.code for fault in faults_of(check)}


def test_the_page_is_kept_as_it_was_served(office):
    page = rich(office)
    check = taken(page)
    html = bytes_read(check.snapshot_sha256).decode()
    assert "ล้างมือ" in html
    assert "ทำไมต้องล้างมือ" in html
    assert "csrf" not in html.lower()
    assert "ทำไมต้องล้างมือ" in check.prefilled["text"]
    assert check.snapshot_at == LATER
    assert faults_of(check) == []
    assert len(findings_of(check)) >= 9
    assert AuditEntry.objects.get(verb="snapshot_take").data["sha256"] == check.snapshot_sha256
    assert snapshot_take(check_id=check.pk, now=LATER)
    assert AuditEntry.objects.filter(verb="snapshot_take").count() == 1


def test_the_tick_finds_what_is_missing_and_leaves_the_rest(office):
    first, second = rich(office), live(office, title="อีกข่าว")
    done = snapshots_due(now=LATER)
    assert len(done) == 2
    assert snapshots_due(now=LATER) == []
    assert {first.pk, second.pk} == set(
        PublicationCheck.objects.exclude(snapshot_sha256="").values_list("page_id", flat=True)
    )


def test_a_page_that_fails_is_a_fault_and_is_tried_again(office, monkeypatch):
    page = rich(office)

    def fails(self, request, *args, **kwargs):
        raise RuntimeError("แม่แบบเสีย")

    with monkeypatch.context() as patch:
        patch.setattr(NewsPage, "get_context", fails)
        assert snapshots_due(now=LATER) == []
    check = PublicationCheck.objects.get()
    assert "page_answers" in codes(check)
    assert check.snapshot_sha256 == ""
    assert taken(page).snapshot_sha256
    assert codes(PublicationCheck.objects.get()) == set()


def test_one_failure_does_not_stop_the_others(office, monkeypatch):
    bad, _good = rich(office), live(office, title="อีกข่าว")
    real = NewsPage.get_url_parts

    def poisoned(self, *args, **kwargs):
        if self.pk == bad.pk:
            raise RuntimeError("พัง")
        return real(self, *args, **kwargs)

    monkeypatch.setattr(NewsPage, "get_url_parts", poisoned)
    assert len(snapshots_due(now=LATER)) == 1


def test_a_text_that_is_not_the_approved_one_is_found(office):
    page = rich(office)
    with publication_permit(page.pk):
        shown = NewsPage.objects.get(pk=page.pk)
        shown.title, shown.lead = "คนละหัวข้อ", "คนละความนำ"
        shown.body = [("paragraph", "<p>คนละเนื้อหา</p>")]
        shown.save()
    assert {"title_served", "lead_served", "body_served"} <= codes(taken(page))


def test_another_file_under_the_same_name_is_found(office):
    image, document = make_image(office), make_document(office)
    page = rich(office, image=image, attachments=[("file", {"document": document, "title": "แผ่นพับ"})])
    other = Path(make_image(office, colour="red").file.path).read_bytes()
    for row, data in ((image, other), (document, b"something else")):
        row.get_file_hash()
        Path(row.file.path).write_bytes(data)
    assert {"pictures_sealed", "files_sealed"} <= codes(taken(page))


def test_a_picture_and_a_file_that_are_gone_are_found(office):
    image, document = make_image(office), make_document(office)
    page = rich(office, image=image, attachments=[("file", {"document": document, "title": "แผ่นพับ"})])
    NewsPage.objects.get(pk=page.pk)
    for rendition in image.renditions.all():
        Path(rendition.file.path).unlink()
    Path(document.file.path).unlink()
    assert {"pictures_answer", "files_answer"} <= codes(taken(page))


def test_a_broken_link_inside_is_found_and_links_outside_are_never_followed(office):
    body = '<p><a href="/nowhere/">เสีย</a> <a href="https://example.go.th/x">นอกเว็บ</a> <a href="#top">บน</a></p>'
    check = taken(rich(office, body=[("paragraph", body)]))
    (fault,) = faults_of(check)
    assert (fault.code, fault.detail) == ("links", "/nowhere/")


def test_a_stuck_channel_is_found_when_asked_and_not_before(office):
    page = rich(office)
    check = taken(page)
    assert "channels" not in {finding.code for finding in findings_of(check)}
    channel = Channel.objects.create(agency=office.agency, kind="website", name="เว็บไซต์")
    row = Delivery.objects.create(
        agency=office.agency,
        page_id=page.pk,
        revision_id=page.live_revision_id,
        channel=channel,
        title="x",
        state="planned",
        went_live_at=MORNING,
        planned_at=MORNING,
        due_at=MORNING,
        last_state_change=MORNING,
    )
    assert codes(check) == set()
    Delivery.objects.filter(pk=row.pk).update(state="failed")
    assert codes(check) == {"channels"}


def verify(check, actor, **changes):
    values = {"answers": dict.fromkeys(CHECK_LINES, True), "result": "correct", "now": LATER, **changes}
    return publication_verify(actor=actor, check=check, **values)


def test_a_fault_must_be_acknowledged(office):
    check = taken(rich(office, body=[("paragraph", '<p><a href="/nowhere/">เสีย</a></p>')]))
    with pytest.raises(ValidationError) as refused:
        verify(check, office.writer)
    assert list(refused.value.message_dict) == ["acknowledged"]
    verify(check, office.writer, acknowledged=True, coordination="คุณสมมติ กลุ่มระบาดวิทยา")
    check.refresh_from_db()
    assert check.prefilled["acknowledged"] == ["links"]
    assert check.coordination == "คุณสมมติ กลุ่มระบาดวิทยา"
    assert AuditEntry.objects.get(verb="publication_verify").data["faults"] == ["links"]


@pytest.mark.parametrize(("rule", "chosen", "stays"), [(True, None, True), (False, None, False), (True, False, False)])
def test_a_page_under_correction_stays_or_goes(office, rule, chosen, stays):
    office.agency.correction_keeps_live = rule
    office.agency.save()
    page = rich(office)
    check = PublicationCheck.objects.get()
    verify(check, office.writer, result="needs_correction", note="ตัวเลขผิด", keeps_live=chosen)
    assert NewsPage.objects.get(pk=page.pk).live == stays
    assert CorrectionRound.objects.get().keeps_live == stays
    assert [row.kind for row in TakeDown.objects.all()] == ([] if stays else ["correction"])
    if not stays:
        assert TakeDown.objects.get().taken_down_by == office.writer
    posting = approved(office, revise(NewsPage.objects.get(pk=page.pk), title="แก้แล้ว"), now=LATER)
    live(office, posting=posting, now=LATER + timedelta(hours=5))
    assert CorrectionRound.objects.get().closed_at
    assert not TakeDown.objects.filter(ended_at=None).exists()
    assert PublicationCheck.objects.open().get().round == 1


# -- screens


def test_the_check_shows_the_page_its_snapshot_and_what_was_found(client, office):
    check = taken(rich(office, body=[("paragraph", '<p><a href="/nowhere/">เสีย</a></p>')]))
    client.force_login(office.writer)
    address = reverse("pr_admin:check", args=[check.pk])
    body = client.get(address).content.decode()
    assert reverse("pr_admin:check_snapshot", args=[check.pk]) in body
    assert "/nowhere/" in body
    form = {**dict.fromkeys(CHECK_LINES, "yes"), "result": "correct", "coordination": "โทรคุยแล้ว"}
    refused = client.post(address, form)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["acknowledged"])
    assert "โทรคุยแล้ว" in refused.content.decode()
    assert client.post(address, {**form, "acknowledged": "on"}).status_code == 302


def test_taking_down_for_the_correction_on_the_screen(client, office):
    page = rich(office)
    check = PublicationCheck.objects.get()
    client.force_login(office.writer)
    form = {**dict.fromkeys(CHECK_LINES, "no"), "result": "needs_correction", "note": "ผิดทั้งหมด", "keeps_live": "no"}
    with time_machine.travel(LATER, tick=False):
        assert client.post(reverse("pr_admin:check", args=[check.pk]), form).status_code == 302
    assert not NewsPage.objects.get(pk=page.pk).live


@pytest.mark.parametrize("view", ["check_snapshot", "check_page_now"])
def test_a_kept_page_is_shown_to_the_agency_only_and_can_do_nothing(client, office, view):
    check = taken(rich(office))
    address = reverse(f"pr_admin:{view}", args=[check.pk])
    client.force_login(office.person(Role.DIRECTOR))
    answer = client.get(address)
    assert answer.status_code == 200
    assert "ทำไมต้องล้างมือ" in answer.content.decode()
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("sandbox;")
    assert "allow-scripts" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    client.force_login(office.person(Role.NETWORK_MEMBER))
    assert client.get(address).status_code == 403
    client.force_login(make_office("spp").person(Role.DIRECTOR))
    assert client.get(address).status_code == 404
    client.logout()
    assert client.get(address).status_code == 302


def test_a_snapshot_that_was_tampered_with_is_not_shown(client, office):
    check = taken(rich(office))
    stored_path(check.snapshot_sha256).write_bytes(b"<h1>other</h1>")
    client.force_login(office.writer)
    assert client.get(reverse("pr_admin:check_snapshot", args=[check.pk])).status_code == 404


def test_bytes_are_kept_once():
    assert bytes_keep(b"x") == bytes_keep(b"x")
    assert bytes_read(bytes_keep(b"x")) == b"x"
    assert bytes_read("0" * 64) is None
    assert bytes_read("") is None
