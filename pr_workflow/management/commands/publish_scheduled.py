"""`manage.py publish_scheduled`: Wagtail's command with our tick behind it.

A site that calls it from cron gets the promises too: nothing is lost, one bad item never stops another (I1), and news
goes live only through its posting (I3). `--dryrun` answers as Wagtail's own command does.
"""

from django.core.management import call_command
from wagtail.management.commands.publish_scheduled import Command as StockCommand


class Command(StockCommand):
    """Takes the place of Wagtail's command, because the plugin stands before Wagtail in INSTALLED_APPS."""

    def handle(self, *args, **options):
        if options["dryrun"]:
            return super().handle(*args, **options)
        call_command("publish_due", stdout=self.stdout)
        return None
