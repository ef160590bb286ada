"""The log is append-only, whole, and stands or falls with the act (I4)."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from pr_workflow.audit.models import AppendOnlyError, AuditEntry, AuditHead
from pr_workflow.audit.services import AuditOutsideTransaction, audit_record, audit_verify
from pr_workflow.festival_calendar.models import ImportantDay

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def day():
    return ImportantDay.objects.create(name_th="วันทดสอบ", rule="fixed:01-02")


def write(day, count=3, chain_data=None):
    return [
        audit_record(
            actor=None, verb=f"verb_{n}", target=day, now=NOW + timedelta(seconds=n), data=chain_data or {"n": n}
        )
        for n in range(count)
    ]


def tamper(sql, *params):
    """Change the table behind the model's back, as somebody with the database password could."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE pr_workflow_auditentry DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER pr_workflow_auditentry_keep")
        cursor.execute(sql, params)


def test_an_untouched_chain_is_whole(day):
    write(day)
    assert audit_verify(chain="system") is None
    call_command("verify_audit")


def test_a_changed_row_is_named(day):
    write(day)
    tamper("UPDATE pr_workflow_auditentry SET target_label = 'other' WHERE sequence = %s", 2)
    broken = audit_verify(chain="system")
    assert broken is not None
    assert broken.sequence == 2


def test_changed_details_are_named(day):
    write(day)
    tamper("UPDATE pr_workflow_auditentry SET data = %s WHERE sequence = 2", '{"n": 99}')
    assert audit_verify(chain="system").sequence == 2


def test_a_removed_row_is_named(day):
    write(day)
    tamper("DELETE FROM pr_workflow_auditentry WHERE sequence = %s", 2)
    assert audit_verify(chain="system").sequence == 2


def test_rows_cut_off_at_the_end_are_named(day):
    write(day)
    tamper("DELETE FROM pr_workflow_auditentry WHERE sequence = %s", 3)
    assert audit_verify(chain="system").sequence == 3


def test_a_lost_head_is_noticed(day):
    write(day)
    AuditHead.objects.all().delete()
    assert audit_verify(chain="system") is not None


def test_the_command_fails_and_names_the_row(day, capsys):
    write(day)
    tamper("UPDATE pr_workflow_auditentry SET verb = 'nothing' WHERE sequence = %s", 3)
    with pytest.raises(SystemExit) as stop:
        call_command("verify_audit")
    assert stop.value.code == 1
    assert "row 3" in capsys.readouterr().err


def test_models_refuse_to_change_or_delete(day):
    (entry,) = write(day, 1)
    entry.verb = "other"
    with pytest.raises(AppendOnlyError):
        entry.save()
    with pytest.raises(AppendOnlyError):
        entry.delete()
    with pytest.raises(AppendOnlyError):
        AuditEntry.objects.update(verb="other")
    with pytest.raises(AppendOnlyError):
        AuditEntry.objects.all().delete()


def test_the_database_refuses_changes_in_plain_sql(day):
    write(day, 1)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE pr_workflow_auditentry SET verb = 'x'")
    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM pr_workflow_auditentry")
    assert AuditEntry.objects.count() == 1


def test_an_act_that_fails_leaves_no_row(day):
    with transaction.atomic():
        write(day, 1)
        assert AuditEntry.objects.count() == 1
        transaction.set_rollback(True)
    assert AuditEntry.objects.count() == 0
    write(day, 1)
    assert audit_verify(chain="system") is None


@pytest.mark.django_db(transaction=True)
def test_a_row_outside_a_transaction_is_refused(day):
    with pytest.raises(AuditOutsideTransaction):
        write(day, 1)
