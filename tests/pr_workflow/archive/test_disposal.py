"""A record leaves the archive only late, free of holds, and by two people (R49)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from pr_workflow.archive.disposal import DisposalRefused, disposal_ask, disposal_confirm, disposal_refuse
from pr_workflow.archive.files import stored_path
from pr_workflow.archive.holding import HoldRefused, hold_lift, hold_place
from pr_workflow.archive.models import ArchiveRecord, DisposalRequest, LegalHold
from pr_workflow.archive.services import archive_due
from pr_workflow.audit.models import AppendOnlyError, AuditEntry
from pr_workflow.audit.services import audit_verify
from pr_workflow.people.roles import Role
from pr_workflow.publishing.models import PublicationCheck
from tests.factories.office import add_person, live, make_document, make_office, verify
from tests.pr_workflow.archive.conftest import AFTER_TEN_YEARS, CHECKED, LATER

pytestmark = pytest.mark.django_db


@pytest.fixture
def director(office):
    return office.person(Role.DIRECTOR)


@pytest.fixture
def request_(office, record):
    return disposal_ask(actor=office.it_officer, record=record, reason="ครบอายุการเก็บ", now=AFTER_TEN_YEARS)


def test_two_people_delete_a_record_and_the_proof_stays(
    office, record, request_, director, django_capture_on_commit_callbacks
):
    paths = [stored_path(entry["sha256"]) for entry in record.files]
    assert all(path.exists() for path in paths)
    with django_capture_on_commit_callbacks(execute=True):
        disposal_confirm(actor=director, request=request_, comment="เห็นชอบ", now=AFTER_TEN_YEARS)
    assert not ArchiveRecord.objects.exists()
    assert not any(path.exists() for path in paths)
    proof = DisposalRequest.objects.get()
    assert (proof.confirmed, proof.record_hash, proof.title) == (True, record.record_hash, record.title)
    assert (proof.asked_by, proof.decided_by) == (office.it_officer, director)
    verbs = AuditEntry.objects.filter(verb__startswith="disposal").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["disposal_ask", "disposal_confirm"]
    assert audit_verify(chain=office.agency.code) is None


def test_what_was_disposed_of_is_not_archived_again(request_, director):
    disposal_confirm(actor=director, request=request_, now=AFTER_TEN_YEARS)
    assert archive_due(now=AFTER_TEN_YEARS + timedelta(minutes=1)) == []


def test_nobody_asks_before_the_retention_has_passed(office, record):
    last_day = AFTER_TEN_YEARS - timedelta(days=1)
    with pytest.raises(DisposalRefused, match="2579"):
        disposal_ask(actor=office.it_officer, record=record, reason="ครบอายุการเก็บ", now=last_day)
    assert not DisposalRequest.objects.exists()


def test_nobody_confirms_their_own_request(office, record, director):
    request = disposal_ask(actor=director, record=record, reason="ครบอายุการเก็บ", now=AFTER_TEN_YEARS)
    with pytest.raises(DisposalRefused):
        disposal_confirm(actor=director, request=request, now=AFTER_TEN_YEARS)
    second = add_person(office, Role.DIRECTOR, name="kpr-second-director")
    disposal_confirm(actor=second, request=request, now=AFTER_TEN_YEARS)
    assert not ArchiveRecord.objects.exists()


@pytest.mark.parametrize("role", [Role.WRITER, Role.HEAD_OF_WORK, Role.HEAD_OF_SECTION, Role.EVALUATOR])
def test_only_the_director_or_the_administrator_decides(office, request_, role):
    for verb in (disposal_confirm, disposal_refuse):
        with pytest.raises(DisposalRefused):
            verb(actor=office.person(role), request=request_, comment="x", now=AFTER_TEN_YEARS)
    assert ArchiveRecord.objects.exists()


def test_other_people_and_other_agencies_do_not_ask(office, record):
    strangers = [make_office("spp").person(Role.DIRECTOR), office.person(Role.NETWORK_MEMBER), None]
    for actor in strangers:
        with pytest.raises(DisposalRefused):
            disposal_ask(actor=actor, record=record, reason="x", now=AFTER_TEN_YEARS)


def test_a_request_is_decided_once_and_asked_once(office, record, request_, director):
    with pytest.raises(DisposalRefused):
        disposal_ask(actor=office.writer, record=record, reason="x", now=AFTER_TEN_YEARS)
    disposal_refuse(actor=director, request=request_, comment="ยังใช้อ้างอิงอยู่", now=AFTER_TEN_YEARS)
    with pytest.raises(DisposalRefused):
        disposal_confirm(actor=director, request=request_, now=AFTER_TEN_YEARS)
    assert ArchiveRecord.objects.exists()


def test_asking_and_refusing_need_a_reason(office, record, director):
    with pytest.raises(ValidationError) as error:
        disposal_ask(actor=office.it_officer, record=record, reason="  ", now=AFTER_TEN_YEARS)
    assert "reason" in error.value.error_dict
    request = disposal_ask(actor=office.it_officer, record=record, reason="ครบอายุการเก็บ", now=AFTER_TEN_YEARS)
    with pytest.raises(ValidationError) as error:
        disposal_refuse(actor=director, request=request, comment="", now=AFTER_TEN_YEARS)
    assert "comment" in error.value.error_dict
    assert DisposalRequest.objects.open().count() == 1


def test_a_held_record_is_not_disposed_of(office, record, request_, director):
    first = hold_place(actor=director, record=record, reason="คดีหมายเลขดำ 1/2580", now=AFTER_TEN_YEARS)
    second = hold_place(actor=director, record=record, reason="สตง. ตรวจสอบ", now=AFTER_TEN_YEARS)
    with pytest.raises(DisposalRefused):
        disposal_confirm(actor=director, request=request_, now=AFTER_TEN_YEARS)
    hold_lift(actor=director, hold=first, reason="คดีถึงที่สุด", now=AFTER_TEN_YEARS)
    with pytest.raises(DisposalRefused):
        disposal_confirm(actor=director, request=request_, now=AFTER_TEN_YEARS)
    hold_lift(actor=director, hold=second, reason="ตรวจสอบเสร็จแล้ว", now=AFTER_TEN_YEARS)
    with pytest.raises(HoldRefused):
        hold_lift(actor=director, hold=second, reason="ขอปลดอีกครั้งหนึ่ง", now=AFTER_TEN_YEARS)
    disposal_confirm(actor=director, request=request_, now=AFTER_TEN_YEARS)
    assert AuditEntry.objects.filter(verb__in=("hold_place", "hold_lift")).count() == 4


def test_only_the_director_or_the_administrator_holds(office, record, django_user_model):
    for role in (Role.WRITER, Role.IT_OFFICER, Role.HEAD_OF_SECTION, Role.NETWORK_MEMBER):
        with pytest.raises(HoldRefused):
            hold_place(actor=office.person(role), record=record, reason="x", now=LATER)
    with pytest.raises(HoldRefused):
        hold_place(actor=make_office("spp").person(Role.DIRECTOR), record=record, reason="x", now=LATER)
    root = django_user_model.objects.create_superuser("root-account", password="x")
    with pytest.raises(ValidationError):
        hold_place(actor=root, record=record, reason="", now=LATER)
    hold = hold_place(actor=root, record=record, reason="คดีหมายเลขดำ 7/2570", now=LATER)
    with pytest.raises(HoldRefused):
        hold_lift(actor=office.it_officer, hold=hold, reason="คดีถึงที่สุดแล้ว", now=LATER)
    assert LegalHold.objects.standing().get() == hold


def test_bytes_another_record_needs_stay(office, record, request_, director, django_capture_on_commit_callbacks):
    leaflet = next(entry for entry in record.files if entry["kind"] == "agencydocument")
    page = live(office, title="ข่าวที่สอง", attachments=[("file", {"document": make_document(office), "title": "ข"})])
    verify(office, page, now=CHECKED)
    (other,) = archive_due(now=LATER)
    assert leaflet["sha256"] in {entry["sha256"] for entry in other.files}
    with django_capture_on_commit_callbacks(execute=True):
        disposal_confirm(actor=director, request=request_, now=AFTER_TEN_YEARS)
    assert stored_path(leaflet["sha256"]).exists()
    assert ArchiveRecord.objects.get() == other


def test_a_snapshot_goes_with_its_record(office, record, director, django_capture_on_commit_callbacks):
    """The check keeps the number of the snapshot; its bytes are part of what was disposed of."""
    page = live(office, title="ข่าวที่สอง")
    digest = "ab" * 32
    stored_path(digest).parent.mkdir(parents=True, exist_ok=True)
    stored_path(digest).write_bytes(b"<html>")
    PublicationCheck.objects.filter(page_id=page.pk).update(snapshot_sha256=digest)
    verify(office, page, now=CHECKED)
    (second,) = archive_due(now=LATER)
    assert second.checks[0]["snapshot_sha256"] == digest
    request = disposal_ask(actor=office.it_officer, record=second, reason="ครบอายุการเก็บ", now=AFTER_TEN_YEARS)
    with django_capture_on_commit_callbacks(execute=True):
        disposal_confirm(actor=director, request=request, now=AFTER_TEN_YEARS)
    assert not stored_path(digest).exists()


def test_the_one_door_asks_for_the_decision_itself(office, record, request_, director):
    with pytest.raises(AppendOnlyError):
        record.remove_disposed()
    hold_place(actor=director, record=record, reason="คดีหมายเลขดำ 7/2570", now=AFTER_TEN_YEARS)
    DisposalRequest.objects.filter(pk=request_.pk).update(
        confirmed=True, decided_by=director, decided_at=AFTER_TEN_YEARS
    )
    with pytest.raises(AppendOnlyError):
        record.remove_disposed()


def sql(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_keeps_a_record_that_nobody_disposed_of(record, request_):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite refuses changes only")
    with pytest.raises(DatabaseError):
        sql("DELETE FROM pr_workflow_archiverecord")
    DisposalRequest.objects.update(confirmed=True, decided_at=LATER, decided_by=request_.asked_by_id + 1)
    with pytest.raises(DatabaseError):
        sql("DELETE FROM pr_workflow_archiverecord")


def test_the_database_keeps_a_held_record(office, record, request_, director):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite refuses changes only")
    hold = hold_place(actor=director, record=record, reason="คดีหมายเลขดำ 7/2570", now=AFTER_TEN_YEARS)
    DisposalRequest.objects.update(confirmed=True, decided_at=AFTER_TEN_YEARS, decided_by=director)
    with pytest.raises(DatabaseError):
        sql("DELETE FROM pr_workflow_archiverecord")
    hold_lift(actor=director, hold=hold, reason="คดีถึงที่สุดแล้ว", now=AFTER_TEN_YEARS)
    sql("DELETE FROM pr_workflow_archiverecord")
    assert not ArchiveRecord.objects.exists()


def test_the_database_refuses_one_person_in_both_seats(request_):
    with pytest.raises(DatabaseError):
        sql("UPDATE pr_workflow_disposalrequest SET decided_by_id = asked_by_id")


@pytest.mark.parametrize(
    ("change", "deletion"),
    [
        ("UPDATE pr_workflow_disposalrequest SET title = 'x'", "DELETE FROM pr_workflow_disposalrequest"),
        ("UPDATE pr_workflow_legalhold SET reason = 'x'", "DELETE FROM pr_workflow_legalhold"),
    ],
)
def test_the_database_keeps_decisions_as_they_were(request_, record, director, change, deletion):
    disposal_refuse(actor=director, request=request_, comment="เก็บไว้อ้างอิงต่อ", now=AFTER_TEN_YEARS)
    hold = hold_place(actor=director, record=record, reason="คดีหมายเลขดำ 7/2570", now=AFTER_TEN_YEARS)
    hold_lift(actor=director, hold=hold, reason="คดีถึงที่สุดแล้ว", now=AFTER_TEN_YEARS)
    with pytest.raises(DatabaseError):
        sql(change)
    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError):
            sql(deletion)
