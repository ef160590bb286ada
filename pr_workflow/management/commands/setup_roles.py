"""`manage.py setup_roles`: groups, permissions and approval chains of the agencies, made or repaired."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from pr_workflow.approval.setup import chain_ensure
from pr_workflow.management.arguments import agency_argument
from pr_workflow.people.grants import publishing_groups
from pr_workflow.people.models import Agency
from pr_workflow.people.services import roles_ensure


class Command(BaseCommand):
    """Safe to repeat after every upgrade: gives what is missing, changes nothing that people set up (R05, R08)."""

    help = "Create or repair the groups, permissions and approval chains of all agencies, or of one."

    def add_arguments(self, parser):
        parser.add_argument("--agency", type=agency_argument, metavar="CODE", help="Only this agency.")

    def handle(self, *args, **options):
        agencies = [options["agency"]] if options["agency"] else list(Agency.objects.select_related("site"))
        if not agencies:
            self.stdout.write("There is no agency yet. Add one first, or load the demo: manage.py load_demo")
        for agency in agencies:
            self.stdout.write(f"{agency.code}:")
            for line in self.set_up(agency):
                self.stdout.write(f"  {line}")
        for group in publishing_groups():
            self.stderr.write(
                f"Warning: the group “{group.name}” may publish around the chain. Take the publish permission away."
            )

    def set_up(self, agency):
        """Both services; yields one line for each thing they did."""
        now = timezone.now()
        changes = roles_ensure(actor=None, agency=agency, now=now)
        chain = chain_ensure(actor=None, agency=agency, now=now)
        yield from (f"+ {line}" for line in changes.given)
        yield from (f"- {line}" for line in changes.taken)
        for workflow, made in chain.parts.values():
            yield f"{'+ made' if made else '= kept'} the chain “{workflow.name}”"
        if not (changes.given or changes.taken):
            yield "= groups and permissions as they should be"
