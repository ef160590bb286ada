"""``manage.py rebuild_published``: makes the public projection again from the pages (design §3)."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from pr_workflow.publishing.rebuild import projection_differences, projection_rebuild


class Command(BaseCommand):
    """Rebuilds what API, feeds and sitemap read; ``--check`` only compares and exits with 1 when rows differ."""

    help = "Make the rows that API, feeds and sitemap read again from the pages."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="Change nothing, name the rows that differ.")

    def handle(self, *args, **options):
        now = timezone.now()
        if not options["check"]:
            number = projection_rebuild(now=now)
            self.stdout.write(f"{number} pages looked at; every public page has its row.")
        differences = list(projection_differences(now=now))
        for difference in differences:
            self.stderr.write(str(difference))
        if differences:
            raise CommandError(f"{len(differences)} rows differ from their pages.")
        self.stdout.write("Every row says what its page says.")
