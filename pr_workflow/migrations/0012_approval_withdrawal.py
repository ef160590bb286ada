"""Approvals that were given up before their version went live; and until when what waits to be posted is worth it."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models
from django.utils.dateparse import parse_datetime

TABLE = "pr_workflow_approvalwithdrawal"


def add_trigger(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_keep BEFORE UPDATE OR DELETE ON {TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION pr_workflow_append_only()"
        )
    elif vendor == "sqlite":
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_keep BEFORE UPDATE ON {TABLE} "
            f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
        )


def name_expiries(apps, schema_editor):
    """What waits now gets the expiry that stands in its sealed content."""
    waiting = apps.get_model("pr_workflow", "Posting").objects.filter(went_live_at=None, closed_at=None)
    for posting in waiting.select_related("revision").iterator():
        stored = posting.revision.content.get("expire_at")
        moment = parse_datetime(stored) if isinstance(stored, str) else None
        if moment:
            waiting.filter(pk=posting.pk).update(expires_at=moment)


class Migration(migrations.Migration):

    dependencies = [
        ('pr_workflow', '0011_staff_directory'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='posting',
            name='expires_at',
            field=models.DateTimeField(blank=True, db_index=True, help_text='As it was approved; no time of going live.', null=True, verbose_name='expires at'),
        ),
        migrations.AlterField(
            model_name='posting',
            name='closed_reason',
            field=models.TextField(blank=True, verbose_name='reason for closing'),
        ),
        migrations.CreateModel(
            name='ApprovalWithdrawal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('withdrawn_by_name', models.CharField(blank=True, max_length=255, verbose_name='name')),
                ('withdrawn_by_position', models.CharField(blank=True, max_length=255, verbose_name='position')),
                ('capacity', models.CharField(blank=True, max_length=500, verbose_name='capacity')),
                ('reason', models.TextField(verbose_name='reason')),
                ('withdrawn_at', models.DateTimeField(verbose_name='withdrawn at')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pr_workflow.agency', verbose_name='agency')),
                ('revision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawal', to='wagtailcore.revision', verbose_name='revision')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workflow_state', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawal', to='wagtailcore.workflowstate', verbose_name='chain')),
            ],
            options={
                'verbose_name': 'withdrawal of an approval',
                'verbose_name_plural': 'withdrawals of approvals',
                'ordering': ['withdrawn_at', 'id'],
            },
        ),
        migrations.RunPython(add_trigger, migrations.RunPython.noop),
        migrations.RunPython(name_expiries, migrations.RunPython.noop),
    ]
