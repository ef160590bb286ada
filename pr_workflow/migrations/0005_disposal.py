"""A disposal names page and revision, so that what was disposed of is not archived again; and decisions stay (R49).

A record may be deleted only after its retention. Decided requests and lifted holds are proofs: nobody changes them.
SQLite refuses changes only, see migration 0002.
"""

from django.db import migrations, models

CONFIRMED = """
    EXISTS (SELECT 1 FROM pr_workflow_disposalrequest d
            WHERE d.record_uuid = OLD.uuid AND d.confirmed AND d.decided_by_id <> d.asked_by_id
              AND (d.decided_at AT TIME ZONE 'Asia/Bangkok')::date > OLD.retain_until)
    AND NOT EXISTS (SELECT 1 FROM pr_workflow_legalhold h
                    WHERE h.record_uuid = OLD.uuid AND h.lifted_at IS NULL)
"""
#: Tables whose rows are closed by a time, and that time.
CLOSED_BY = {"pr_workflow_disposalrequest": "decided_at", "pr_workflow_legalhold": "lifted_at"}


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
    for table, column in CLOSED_BY.items():
        if vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_keep ON {table}")
            schema_editor.execute(
                f"CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW "
                f"WHEN (OLD.{column} IS NOT NULL) EXECUTE FUNCTION pr_workflow_append_only()"
            )
        elif vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_keep")
            schema_editor.execute(
                f"CREATE TRIGGER {table}_keep BEFORE UPDATE ON {table} WHEN OLD.{column} IS NOT NULL "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


class Migration(migrations.Migration):
    dependencies = [("pr_workflow", "0004_append_only_again")]

    operations = [
        migrations.AddField(
            model_name="disposalrequest",
            name="page_number",
            field=models.PositiveBigIntegerField(default=0, verbose_name="page number"),
        ),
        migrations.AddField(
            model_name="disposalrequest",
            name="revision_number",
            field=models.PositiveBigIntegerField(db_index=True, default=0, verbose_name="revision number"),
        ),
        migrations.RunPython(add_triggers, migrations.RunPython.noop),
    ]
