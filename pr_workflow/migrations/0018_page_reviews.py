"""When somebody looked at a public page again; the database keeps the rows as they were written (R51)."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

TABLE = "pr_workflow_pagereview"


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
        ('pr_workflow', '0017_plan_missions_and_cancellations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PageReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('page_number', models.PositiveBigIntegerField(db_index=True, verbose_name='page number')),
                ('title', models.CharField(max_length=255, verbose_name='headline')),
                ('reviewed_at', models.DateTimeField(verbose_name='looked at')),
                ('reviewed_by_name', models.CharField(blank=True, max_length=255, verbose_name='name')),
                ('next_review_on', models.DateField(verbose_name='look at again on')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pr_workflow.agency', verbose_name='agency')),
                ('reviewed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'review of a page',
                'verbose_name_plural': 'reviews of pages',
                'ordering': ['reviewed_at', 'id'],
            },
        ),
        migrations.RunPython(add_trigger, migrations.RunPython.noop),
    ]
