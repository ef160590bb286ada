"""What the evaluation does when the plugin announces something."""

from django.contrib.auth.models import Permission

from pr_workflow.people.models import AgencyGroup
from pr_workflow.people.roles import REPORT_READERS


def on_roles_ensured(sender, *, agency, **kwargs):
    """Let the roles that steer the work read the weekly reports of their agency."""
    permission = Permission.objects.get(content_type__app_label="pr_evaluation", codename="view_weeklyreport")
    for row in AgencyGroup.objects.filter(agency=agency, role__in=REPORT_READERS).select_related("group"):
        row.group.permissions.add(permission)
