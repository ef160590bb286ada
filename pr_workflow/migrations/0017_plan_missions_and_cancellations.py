"""Missions and units of activities, and cancellations, which the database keeps as they were written (R19, R23, R24)."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

TABLE = "pr_workflow_activitycancellation"


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


class Migration(migrations.Migration):

    dependencies = [
        ('pr_workflow', '0016_provinces_and_lead_time'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='planactivity',
            name='mission',
            field=models.CharField(blank=True, help_text='The mission of the agency that the activity serves.', max_length=255, verbose_name='mission'),
        ),
        migrations.AddField(
            model_name='planactivity',
            name='unit',
            field=models.ForeignKey(blank=True, help_text='Whose activity it is; empty: of the whole agency.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='plan_activities', to='pr_workflow.unit', verbose_name='unit or school'),
        ),
        migrations.CreateModel(
            name='ActivityCancellation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('activity_uuid', models.UUIDField(db_index=True, verbose_name='activity')),
                ('code', models.CharField(max_length=32, verbose_name='code')),
                ('title', models.CharField(max_length=255, verbose_name='activity')),
                ('act', models.CharField(choices=[('cancel', 'Cancelled'), ('resume', 'Taken up again')], max_length=16, verbose_name='act')),
                ('reason', models.TextField(verbose_name='reason')),
                ('is_public', models.BooleanField(default=True, verbose_name='shown on the public plan')),
                ('public_note', models.CharField(blank=True, max_length=255, verbose_name='what the public reads')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('by_name', models.CharField(blank=True, max_length=255, verbose_name='name')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pr_workflow.agency', verbose_name='agency')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cancellations', to='pr_workflow.annualplan', verbose_name='annual PR plan')),
            ],
            options={
                'verbose_name': 'cancellation of an activity',
                'verbose_name_plural': 'cancellations of activities',
                'ordering': ['at', 'id'],
            },
        ),
        migrations.RunPython(add_trigger, migrations.RunPython.noop),
    ]
