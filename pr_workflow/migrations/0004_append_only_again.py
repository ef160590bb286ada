"""Triggers once more: SQLite builds a table anew when a column is added, and its triggers do not come along.

An archive record may be deleted only while a disposal of it stands that a second person confirmed, and no legal hold
(R49). Rows from before get the clock of their step.
"""

from django.db import migrations
from django.db.models import F

TABLES = (
    "pr_workflow_auditentry",
    "pr_workflow_archiverecord",
    "pr_workflow_approvalseal",
    "pr_workflow_submission",
    "pr_workflow_returnreason",
)
DISPOSABLE = "pr_workflow_archiverecord"
CONFIRMED = """
    EXISTS (SELECT 1 FROM pr_workflow_disposalrequest d
            WHERE d.record_uuid = OLD.uuid AND d.confirmed AND d.decided_by_id <> d.asked_by_id)
    AND NOT EXISTS (SELECT 1 FROM pr_workflow_legalhold h
                    WHERE h.record_uuid = OLD.uuid AND h.lifted_at IS NULL)
"""


def add_triggers(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(
            f"""
            CREATE OR REPLACE FUNCTION pr_workflow_archive_keep() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'DELETE' AND {CONFIRMED} THEN RETURN OLD; END IF;
                RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME;
            END $$
            """
        )
    for table in TABLES:
        if vendor == "postgresql":
            function = "pr_workflow_archive_keep" if table == DISPOSABLE else "pr_workflow_append_only"
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_keep ON {table}")
            schema_editor.execute(
                f"CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {function}()"
            )
        elif vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_keep")
            schema_editor.execute(
                f"CREATE TRIGGER {table}_keep BEFORE UPDATE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def name_clocks(apps, schema_editor):
    for model, step in (("Posting", "posting"), ("PublicationCheck", "verification"), ("CorrectionRound", "correction")):
        apps.get_model("pr_workflow", model).objects.update(clock_step=step)
    live = apps.get_model("pr_workflow", "Posting").objects.filter(went_live_at__isnull=False)
    live.update(indexed_at=F("went_live_at"))


class Migration(migrations.Migration):
    dependencies = [("pr_workflow", "0003_the_chain")]

    operations = [
        migrations.RunPython(add_triggers, migrations.RunPython.noop),
        migrations.RunPython(name_clocks, migrations.RunPython.noop),
    ]
