import django.db.models.deletion
import swapper
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        swapper.dependency('wagtailcore', 'Page'),
        ('wagtailcore', '0094_alter_page_locale'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('page', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=swapper.get_model_name('wagtailcore', 'Page'), verbose_name='page')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published at')),
                ('site_root', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=swapper.get_model_name('wagtailcore', 'Page'), verbose_name='root page of the site')),
            ],
            options={
                'verbose_name': 'search entry',
                'verbose_name_plural': 'search entries',
            },
        ),
        migrations.CreateModel(
            name='SearchText',
            fields=[
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='text', serialize=False, to='pr_search.searchentry')),
                ('title', models.TextField(verbose_name='title')),
                ('body', models.TextField(blank=True, verbose_name='text')),
                ('title_text', models.TextField(verbose_name='normalised title')),
                ('body_text', models.TextField(blank=True, verbose_name='normalised text')),
            ],
        ),
        migrations.CreateModel(
            name='SearchGram',
            fields=[
                ('pk', models.CompositePrimaryKey('gram', 'entry_id', 'impact', 'in_title', blank=True, editable=False, primary_key=True, serialize=False)),
                ('gram', models.IntegerField()),
                ('impact', models.SmallIntegerField()),
                ('in_title', models.BooleanField()),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grams', to='pr_search.searchentry')),
            ],
        ),
    ]
