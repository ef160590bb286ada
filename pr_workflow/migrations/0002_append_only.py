"""The database itself keeps ledgers as they were written, also against plain SQL (promise I4, R49).

SQLite refuses changes only: its way of emptying tables between tests is a DELETE. Removed rows are found there by
`verify_audit`, whose chain head counts them.
"""

from django.db import migrations

TABLES = ("pr_workflow_auditentry", "pr_workflow_archiverecord", "pr_workflow_approvalseal", "pr_workflow_submission")


def add_triggers(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(
            """
            CREATE OR REPLACE FUNCTION pr_workflow_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END $$
            """
        )
    for table in TABLES:
        if vendor == "postgresql":
            schema_editor.execute(
                f"CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION pr_workflow_append_only()"
            )
        elif vendor == "sqlite":
            schema_editor.execute(
                f"CREATE TRIGGER {table}_keep BEFORE UPDATE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def remove_triggers(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for table in TABLES:
        on_table = f" ON {table}" if vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_keep{on_table}")
    if vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION IF EXISTS pr_workflow_append_only()")


class Migration(migrations.Migration):
    dependencies = [("pr_workflow", "0001_initial")]

    operations = [migrations.RunPython(add_triggers, remove_triggers)]
