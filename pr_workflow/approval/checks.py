"""System checks of the approval step: chains in use in which an item would stop (R05, I3)."""

from django.core.checks import Tags, Warning, register
from django.db import connections

from .unmanned import empty_chains, unmanned_levels, unsigned_steps


@register(Tags.database)
def chains_lead_to_the_end(app_configs, databases=None, **kwargs):
    """Every step of a chain in use has a member and leaves a signature; items would wait, or be refused, otherwise."""
    # Asks the default database only: that is where chains live.
    if "default" not in (databases or []):
        return []
    if "pr_workflow_stepskiprule" not in connections["default"].introspection.table_names():
        return []
    return [
        *(
            Warning(
                f'Nobody can fill the step "{found.step}" of the chain "{found.workflow}".',
                hint="Add a member to its group, or make a rule that leaves the level out while it is vacant.",
                id="pr_workflow.W002",
            )
            for found in unmanned_levels()
        ),
        *(
            Warning(
                f'The step "{found.step}" of the chain "{found.workflow}" leaves no signature.',
                hint="News and plans are refused there. Use steps of the kind “approval by a level”.",
                id="pr_workflow.W003",
            )
            for found in unsigned_steps()
        ),
        *(
            Warning(
                f'The chain "{found.workflow}" has no step in use.',
                hint="Nothing can be approved there. Add its steps, or switch the chain off once no item is in it.",
                id="pr_workflow.W004",
            )
            for found in empty_chains()
        ),
    ]
