"""System check of the people step: who could publish around the chain."""

from django.core.checks import Tags, Warning, register
from django.db import connections

from .grants import publishing_groups


@register(Tags.database)
def no_group_may_publish(app_configs, databases=None, **kwargs):
    """The chain and the posting queue publish; a group that holds Wagtail's permission is a door beside them (I3).

    The gate refuses news all the same, but other pages of the site would go live without anybody's approval.
    """
    return [
        Warning(
            f'The group "{group.name}" holds Wagtail\'s publish permission.',
            hint="Take it away under Settings > Groups, or delete the group if nobody needs it.",
            id="pr_workflow.W001",
        )
        for alias in databases or []
        if "wagtailcore_grouppagepermission" in connections[alias].introspection.table_names()
        for group in publishing_groups().using(alias)
    ]
