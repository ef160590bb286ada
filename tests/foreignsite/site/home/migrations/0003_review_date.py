from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("home", "0002_people_and_disclosure")]

    operations = [
        migrations.AddField(
            model_name="bulletinpage",
            name="review_on",
            field=models.DateField(
                blank=True,
                help_text="When somebody looks whether the page is still right; empty: a year after it went live.",
                null=True,
                verbose_name="look at again on",
            ),
        ),
    ]
