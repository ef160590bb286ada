"""The IT officer's part: receipt, file package, wish, and agencies that post by themselves (S1 §4.4, R41–R43)."""

import hashlib
import json
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
import time_machine
from django.urls import reverse

from home.models import NewsPage
from pr_workflow.approval.models import ApprovalSeal
from pr_workflow.approval.selectors import chain_verdict
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.roles import Role
from pr_workflow.publishing.models import Posting
from pr_workflow.publishing.package import format_problem
from pr_workflow.publishing.services import PostingRefused, posting_receive
from pr_workflow.publishing.tick import publish_due
from pr_workflow.selectors import news_timeline
from tests.factories.office import MORNING, add_person, approved, make_document, make_draft, make_image, make_office

pytestmark = pytest.mark.django_db
NOON = MORNING + timedelta(hours=3)
#: The last level signs three hours after the submission.
SIGNED = timedelta(hours=3)
NIGHT = MORNING.replace(hour=22)


@pytest.fixture
def it_officer(client, office):
    client.force_login(office.it_officer)
    return client


def by_itself(office):
    office.agency.auto_post = True
    office.agency.save()


# -- receipt


def test_the_receipt_says_who_has_the_item(office, it_officer):
    posting = approved(office)
    with time_machine.travel(NOON, tick=False):
        it_officer.post(reverse("pr_admin:posting_receive", args=[posting.pk]))
    posting.refresh_from_db()
    assert (posting.received_by, posting.received_at) == (office.it_officer, NOON)
    assert AuditEntry.objects.get(verb="posting_receive").actor_name == office.it_officer.username
    assert [event.at for event in news_timeline(posting.page.specific).events].count(NOON) >= 1


def test_nobody_receives_it_twice_or_from_outside(office):
    posting = posting_receive(actor=office.it_officer, posting=approved(office), now=NOON)
    with pytest.raises(PostingRefused):
        posting_receive(actor=add_person(office, Role.IT_OFFICER, name="second-it"), posting=posting, now=NOON)
    for person in (office.writer, make_office("spp").it_officer):
        with pytest.raises(PostingRefused):
            posting_receive(actor=person, posting=posting, now=NOON)
    assert Posting.objects.get().received_by == office.it_officer


def test_setting_the_time_is_a_receipt_and_never_reopens_the_chain(office, it_officer):
    posting = approved(office)
    seals = list(ApprovalSeal.objects.values_list("content_hash", flat=True))
    for hours in (1, 2):
        with time_machine.travel(NOON, tick=False):
            go_live_at = (NOON + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")
            it_officer.post(
                reverse("pr_admin:posting_post", args=[posting.pk]), {"when": "at", "go_live_at": go_live_at}
            )
    posting.refresh_from_db()
    assert posting.received_by == office.it_officer
    assert list(ApprovalSeal.objects.values_list("content_hash", flat=True)) == seals
    assert chain_verdict(posting.revision).complete
    assert NewsPage.objects.get().current_workflow_state is None
    (outcome,) = publish_due(now=NOON + timedelta(hours=2))
    assert outcome.went_live, outcome.reason


# -- file package


@pytest.fixture
def packed(office):
    document = make_document(office, title="แผ่นพับ")
    return approved(
        office,
        title="ชวนล้างมือ",
        image=make_image(office, title="ภาพกิจกรรม วันล้างมือโลก"),
        attachments=[("file", {"document": document, "title": "แผ่นพับ"})],
    )


def package_of(client, posting) -> ZipFile:
    answer = client.get(reverse("pr_admin:posting_package", args=[posting.pk]))
    assert answer.status_code == 200
    assert answer.streaming
    return ZipFile(BytesIO(b"".join(answer.streaming_content)))


def test_the_package_holds_text_files_and_a_true_manifest(it_officer, packed):
    package = package_of(it_officer, packed)
    assert package.testzip() is None
    names = package.namelist()
    picture = next(name for name in names if "ภาพกิจกรรม วันล้างมือโลก.jpg" in name)
    assert package.getinfo(picture).flag_bits & 0x800  # the name is UTF-8
    assert "ชวนล้างมือ" in package.read("content.txt").decode()
    assert "ชวนล้างมือ" in package.read("content.html").decode()
    assert json.loads(package.read("content.json"))["title"] == "ชวนล้างมือ"
    manifest = json.loads(package.read("manifest.json"))
    assert manifest["problems"] == []
    assert {entry["name"] for entry in manifest["files"]} == set(names) - {"manifest.json"}
    for entry in manifest["files"]:
        data = package.read(entry["name"])
        assert (entry["size"], entry["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert AuditEntry.objects.get(verb="posting_package").data == {"revision": packed.revision_id}


def test_a_file_that_is_gone_or_not_what_its_name_says_is_named(office, it_officer, packed):
    package_before = json.loads(package_of(it_officer, packed).read("manifest.json"))
    assert package_before["problems"] == []
    stored = next(entry["stored_as"] for entry in package_before["files"] if ".jpg" in entry["name"])
    with open(f"{packed_media()}/{stored}", "wb") as file:
        file.write(b"GIF89a" + b"\x00" * 50)
    problem = json.loads(package_of(it_officer, packed).read("manifest.json"))["problems"]
    assert len(problem) == 1
    assert "gif" in problem[0]


def packed_media() -> str:
    from django.conf import settings

    return settings.MEDIA_ROOT


@pytest.mark.parametrize(
    ("name", "head", "is_wrong"),
    [
        ("a.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 20, False),
        ("a.jpeg", b"\xff\xd8\xff\xe0" + b"\x00" * 20, False),
        ("a.pdf", b"%PDF-1.7", False),
        ("a.txt", "ข้อความ".encode(), False),
        ("a.docx", b"PK\x03\x04" + b"\x00" * 40, False),
        ("a.pdf", b"MZ" + b"\x00" * 80, True),
        ("a.jpg", b"not a picture", True),
    ],
)
def test_formats_are_told_by_their_bytes(name, head, is_wrong):
    assert bool(format_problem(name, head)) is is_wrong


def test_only_the_office_takes_the_package(client, office, packed):
    address = reverse("pr_admin:posting_package", args=[packed.pk])
    for person, status in ((make_office("spp").it_officer, 404), (office.person(Role.NETWORK_MEMBER), 403)):
        client.force_login(person)
        assert client.get(address).status_code == status
    assert not AuditEntry.objects.filter(verb="posting_package").exists()
    client.force_login(office.writer)
    assert client.get(address).status_code == 200


# -- the wished time


def test_the_wish_is_offered_while_it_lies_ahead_and_asked_about_when_it_passed(office, it_officer):
    wish = NOON + timedelta(hours=2)
    posting = approved(office, go_live_at=wish)
    assert posting.wished_at == wish
    with time_machine.travel(NOON, tick=False):
        (row,) = it_officer.get(reverse("pr_admin:posting")).context["waiting"]
        assert (row.asks, row.go_live_form.initial["go_live_at"]) == (False, wish)
    with time_machine.travel(wish + timedelta(minutes=1), tick=False):
        it_officer.force_login(office.it_officer)
        (row,) = it_officer.get(reverse("pr_admin:posting")).context["waiting"]
        assert row.asks
        assert "go_live_at" not in row.go_live_form.initial
    assert publish_due(now=wish + timedelta(days=1)) == []
    assert not NewsPage.objects.get().live


# -- agencies that post by themselves


@pytest.mark.parametrize(
    ("submitted_at", "expected"),
    [
        (MORNING, MORNING + SIGNED),
        (MORNING.replace(hour=4), MORNING.replace(hour=8, minute=30)),
        (MORNING.replace(hour=19), MORNING.replace(hour=8, minute=30) + timedelta(days=1)),
        (MORNING + timedelta(days=5), MORNING.replace(hour=8, minute=30) + timedelta(days=7)),
    ],
    ids=["in office hours", "too early", "at night", "on a Saturday"],
)
def test_an_agency_that_posts_by_itself_keeps_office_hours(office, submitted_at, expected):
    by_itself(office)
    posting = approved(office, now=submitted_at)
    assert (posting.go_live_at, posting.posted_by) == (expected, None)
    assert AuditEntry.objects.get(verb="news_post_by_itself").actor_name == ""


def test_a_wish_ahead_counts_for_it_even_at_night(office):
    by_itself(office)
    assert approved(office, go_live_at=NIGHT).go_live_at == NIGHT
    (outcome,) = publish_due(now=NIGHT)
    assert outcome.went_live, outcome.reason


def test_a_wish_that_passed_asks_a_person(office):
    by_itself(office)
    posting = approved(office, make_draft(office, go_live_at=MORNING + timedelta(hours=1)))
    assert posting.go_live_at is None
    assert posting.asks_at(MORNING + SIGNED)
    assert not AuditEntry.objects.filter(verb="news_post_by_itself").exists()


def test_an_agency_that_does_not_waits_for_the_officer(office):
    assert approved(office).go_live_at is None


def test_a_writer_sets_the_wish_in_the_editor(client, office):
    page = make_draft(office)
    client.force_login(office.writer)
    editor = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert 'name="go_live_at"' in editor
    assert 'data-a11y-dialog-show="schedule-publishing-dialog"' in editor
