"""What is kept, when it is kept, and that it stays as it was (R49)."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from home.models import NewsPage
from pr_workflow.archive.files import stored_path
from pr_workflow.archive.models import ArchiveRecord
from pr_workflow.archive.selectors import record_problems
from pr_workflow.archive.services import archive_due, news_archive
from pr_workflow.audit.models import AppendOnlyError, AuditEntry
from pr_workflow.distribution.models import Channel, Delivery
from pr_workflow.people.roles import Role
from tests.factories.office import MORNING, live, make_office, verify
from tests.pr_workflow.archive.conftest import CHECKED, LATER

pytestmark = pytest.mark.django_db


def test_a_record_holds_content_files_signatures_checks_and_deliveries(record):
    assert record.content["revision"]["lead"]
    assert record.content["published"]["title"] == record.title
    assert sorted(entry["kind"] for entry in record.files) == ["agencydocument", "agencyimage"]
    assert len(record.approvals) == 3
    assert [row["result"] for row in record.checks] == ["correct"]
    assert record.deliveries == []
    assert record.retain_until.year == LATER.year + 10
    assert record_problems(record) == []


def test_the_record_keeps_the_name_of_who_checked_not_only_the_account(office):
    page = live(office)
    officer = page.responsible_officer.user
    officer.first_name, officer.last_name = "สมชาย", "ใจดี"
    officer.save()
    verify(office, page, now=CHECKED)
    (record,) = archive_due(now=LATER)
    assert [row["answered_by"] for row in record.checks] == ["สมชาย ใจดี"]


def test_an_item_is_archived_once(record, office):
    assert archive_due(now=LATER + timedelta(hours=1)) == []
    check = office.agency.checks.get()
    assert news_archive(actor=None, check_id=check.pk, now=LATER + timedelta(hours=1)) == record
    assert ArchiveRecord.objects.count() == 1
    assert AuditEntry.objects.filter(verb="news_archive").count() == 1


def test_an_unverified_item_is_not_archived(office):
    page = live(office)
    assert archive_due(now=LATER) == []
    verify(office, page, now=CHECKED, result="needs_correction", note="ชื่อผิด")
    assert archive_due(now=LATER) == []


def test_the_record_waits_for_deliveries_but_not_for_ever(office):
    page = live(office)
    channel = Channel.objects.create(agency=office.agency, kind="website", name="เว็บไซต์")
    went_live = MORNING + timedelta(hours=5)
    Delivery.objects.create(
        agency=office.agency,
        page=page,
        revision=page.live_revision,
        channel=channel,
        title=page.title,
        state=Delivery.State.DUE,
        went_live_at=went_live,
        planned_at=went_live,
        due_at=went_live,
        next_attempt_at=went_live,
        last_state_change=went_live,
    )
    verify(office, page, now=CHECKED)
    assert archive_due(now=LATER) == []
    (record,) = archive_due(now=CHECKED + timedelta(days=2))
    assert [row["state"] for row in record.deliveries] == ["due"]


def test_a_record_cannot_be_changed_or_deleted(record):
    record.title = "อื่น"
    with pytest.raises(AppendOnlyError):
        record.save()
    with pytest.raises(AppendOnlyError):
        record.delete()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE pr_workflow_archiverecord SET title = 'x'")
    assert record_problems(ArchiveRecord.objects.get()) == []


def test_a_lost_or_changed_file_is_noticed(record):
    path = stored_path(record.files[0]["sha256"])
    path.write_bytes(b"something else")
    assert record_problems(record) == [record.files[0]["name"]]
    path.unlink()
    assert record_problems(record) == [record.files[0]["name"]]


def test_the_record_outlives_a_correction(record, office):
    page = NewsPage.objects.get(pk=record.page_number)
    assert page.live
    corrected = page.get_latest_revision_as_object()
    corrected.lead = "ข้อความใหม่"
    corrected.save_revision(user=office.writer)
    assert ArchiveRecord.objects.get().content["revision"]["lead"] != "ข้อความใหม่"


def test_the_dossier_page_shows_the_evidence(record, office, client):
    client.force_login(office.person(Role.DIRECTOR))
    page = client.get(f"/admin/pr_workflow/archiverecord/inspect/{record.pk}/")
    text = page.content.decode()
    assert page.status_code == 200
    for entry in record.files:
        assert entry["sha256"] in text
    for row in record.approvals:
        assert row["name"] in text


def test_the_register_names_the_type_of_news_in_thai(record, office, client):
    client.force_login(office.person(Role.DIRECTOR))
    address = "/admin/pr_workflow/archiverecord/"
    page = client.get(address).content.decode()
    assert re.search(r"<td[^>]*>\s*ข่าว\s*</td>", page)
    assert not re.search(r"<td[^>]*>\s*news\s*</td>", page)
    (row,) = client.get(address, {"news_type": "news"}).context["object_list"]
    assert row == record
    assert not client.get(address, {"news_type": "statement"}).context["object_list"]


def test_nobody_adds_edits_or_deletes_records_in_the_admin(record, client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("root-account", password="x"))
    for address in ("create/", f"edit/{record.pk}/", f"delete/{record.pk}/"):
        assert client.get(f"/admin/pr_workflow/archiverecord/{address}").status_code != 200
        client.post(f"/admin/pr_workflow/archiverecord/{address}", {"title": "x"})
    assert record_problems(ArchiveRecord.objects.get()) == []


def test_another_agency_does_not_see_the_record(record, client):
    client.force_login(make_office("spp").person(Role.DIRECTOR))
    assert client.get(f"/admin/pr_workflow/archiverecord/inspect/{record.pk}/").status_code != 200
    assert record.title not in client.get("/admin/pr_workflow/archiverecord/").content.decode()
    export = client.get("/admin/pr_workflow/archiverecord/?export=csv")
    assert record.title not in b"".join(export).decode()
