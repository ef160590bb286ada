"""System checks: what would break the promises is said at start, not at three in the morning."""

from django.conf import settings
from django.core.checks import Error, Tags, register

from .approval import checks as approval_checks
from .people import checks as people_checks
from .plan import checks as plan_checks

__all__ = [
    "approval_checks",
    "edits_need_new_approval",
    "finish_action_is_ours",
    "people_checks",
    "plan_checks",
    "the_wall_stands",
]

#: In this order: each answers through the ones before it.
MIDDLEWARE = (
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "pr_workflow.audit.middleware.RequestAddress",
    "pr_workflow.refusals.RefusalAnswers",
    "pr_workflow.agency_wall.AgencyWall",
    "pr_workflow.side_doors.SideDoors",
    "pr_workflow.token_api.TokenApiDoors",
)


@register(Tags.compatibility)
def finish_action_is_ours(app_configs, **kwargs):
    """Stock Wagtail would publish the newest text when the chain ends; ours hands over the sealed one (I3)."""
    expected = "pr_workflow.finish.finish_approved"
    if getattr(settings, "WAGTAIL_FINISH_WORKFLOW_ACTION", None) == expected:
        return []
    return [Error(f'Set WAGTAIL_FINISH_WORKFLOW_ACTION = "{expected}".', id="pr_workflow.E001")]


@register(Tags.compatibility)
def edits_need_new_approval(app_configs, **kwargs):
    """Without this setting a text changed after the first signature would pass (I3)."""
    if getattr(settings, "WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT", False):
        return []
    return [Error("Set WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True.", id="pr_workflow.E002")]


@register(Tags.security)
def the_wall_stands(app_configs, **kwargs):
    """Without it agencies see each other's drafts, and refusals are neither answered nor logged (I3, I5)."""
    present = [name for name in settings.MIDDLEWARE if name in MIDDLEWARE]
    if present == list(MIDDLEWARE):
        return []
    return [Error(f"MIDDLEWARE must hold, in this order: {', '.join(MIDDLEWARE)}.", id="pr_workflow.E003")]


@register(Tags.compatibility)
def posting_leaves_chains_alone(app_configs, **kwargs):
    """Stock Wagtail ends the consideration of a newer version when an older one is published."""
    if getattr(settings, "WAGTAIL_WORKFLOW_CANCEL_ON_PUBLISH", True) is False:
        return []
    return [Error("Set WAGTAIL_WORKFLOW_CANCEL_ON_PUBLISH = False.", id="pr_workflow.E004")]
