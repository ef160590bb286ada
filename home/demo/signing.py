"""The people of the demo read before they sign, as everybody has to."""

from datetime import datetime

from wagtail.models import TaskState

from pr_workflow.approval.content_hash import content_hash
from pr_workflow.approval.reading_marks import version_seen
from pr_workflow.approval.services import news_approve


def look_at(person, step: TaskState, now: datetime) -> None:
    """The person reads the version that waits."""
    version_seen(user=person, revision=step.revision, digest=content_hash(step.revision), now=now)


def read_and_approve(person, step: TaskState, now: datetime, *, comment: str = "") -> None:
    """The person reads the version that waits, and signs it."""
    look_at(person, step, now)
    news_approve(actor=person, task_state=step, comment=comment, now=now)
