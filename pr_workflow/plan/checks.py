"""System check of the plan: whether its editor can send the largest plan."""

from django.conf import settings
from django.core.checks import Tags, Warning, register

from .line_limit import FIELDS_NEEDED, MAX_LINES


@register(Tags.compatibility)
def the_largest_plan_can_be_saved(app_configs, **kwargs):
    """A site with Django's own limit of 1,000 fields could not save a plan of some thirty lines by hand (R19)."""
    allowed = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    if allowed is None or allowed >= FIELDS_NEEDED:
        return []
    return [
        Warning(
            f"The editor of a plan with {MAX_LINES} lines sends up to {FIELDS_NEEDED:,} fields; "
            f"DATA_UPLOAD_MAX_NUMBER_FIELDS allows {allowed:,}.",
            hint="Set DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000.",
            id="pr_workflow.W005",
        )
    ]
