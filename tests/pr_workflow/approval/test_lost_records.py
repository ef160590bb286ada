"""What was signed and is gone is named, because the log tells of it (I4, R49)."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from pr_workflow.approval.lost_records import lost_records
from pr_workflow.approval.models import ApprovalSeal, ApprovalWithdrawal, Submission
from pr_workflow.publishing.giving_up import approval_withdraw
from tests.factories.office import MORNING, approved

pytestmark = pytest.mark.django_db
REASON = "วิทยากรยกเลิกกำหนดการ ต้องแก้ชื่อผู้บรรยายก่อน"


@pytest.fixture
def given_up(office):
    posting = approved(office)
    later = MORNING + timedelta(hours=5)
    return approval_withdraw(actor=office.writer, posting=posting, reason=REASON, now=later)


def take_out(model, pk) -> None:
    """Delete one row in plain SQL, as somebody with the file of the database could."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"DELETE FROM {table} WHERE id = %s", [pk])  # noqa: S608  # a table of ours


def test_a_whole_office_misses_nothing(given_up, capsys):
    assert list(lost_records()) == []
    call_command("verify_audit")
    assert "all whole" in capsys.readouterr().out


@pytest.mark.parametrize("which", [0, 1, 2])
def test_each_signature_that_was_taken_out_is_named(office, which, capsys):
    approved(office)
    seal = ApprovalSeal.objects.order_by("pk")[which]
    take_out(ApprovalSeal, seal.pk)
    ((entry, model),) = lost_records()
    assert (model, entry.verb, entry.actor_id_text) == (ApprovalSeal, "news_approve", str(seal.approver_id))
    with pytest.raises(SystemExit) as stop:
        call_command("verify_audit")
    assert stop.value.code == 1
    assert f"row {entry.sequence} (news_approve)" in capsys.readouterr().err


@pytest.mark.parametrize("model", [Submission, ApprovalWithdrawal])
def test_a_submission_and_a_withdrawal_too(given_up, model):
    take_out(model, model.objects.get().pk)
    assert [found for _entry, found in lost_records()] == [model]


@pytest.mark.parametrize("model", [ApprovalSeal, Submission, ApprovalWithdrawal])
def test_what_the_database_itself_holds(given_up, model):
    """As docs/reference/gate.md says: no change in either, no deletion on PostgreSQL."""
    table, pk = model._meta.db_table, model.objects.first().pk
    sql = [f"UPDATE {table} SET uuid = uuid WHERE id = {pk}"]  # noqa: S608  # a table of ours
    if connection.vendor == "postgresql":
        sql.append(f"DELETE FROM {table} WHERE id = {pk}")  # noqa: S608
    for statement in sql:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert model.objects.filter(pk=pk).exists()
