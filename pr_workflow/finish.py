"""What the end of an approval chain does (setting `WAGTAIL_FINISH_WORKFLOW_ACTION`).

Wagtail reads this setting while its models are still loading, so this module imports no models.
"""

from .signals import chain_finishing


def finish_approved(workflow_state, user=None):
    """Hand an approved object to its own `approval_finished`; anything else is published as Wagtail does.

    News is not published here: it waits for the IT officer to post it (S1 §4). Plans go live at once.
    """
    content = workflow_state.content_object
    content = getattr(content, "specific", content)
    handler = getattr(content, "approval_finished", None)
    if handler is not None:
        chain_finishing.send(sender=type(workflow_state), workflow_state=workflow_state)
        handler(workflow_state=workflow_state, user=user)
        return
    content.get_latest_revision().publish(user=user, skip_permission_checks=True)
