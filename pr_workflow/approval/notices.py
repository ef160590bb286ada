"""Who is told what happens in the chain: who may decide, who wrote the item, who is to be kept informed (R03, R38)."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import TaskState

from ..clocks.reminders import REMINDED, reminder_key
from ..news.notices import accounts_concerned, others
from ..notifications.services import in_house_language, notice_write, notices_settle
from ..people.selectors import agency_for_page
from ..thai_time import thai_datetime
from .inbox import editor_url
from .panels import person_name
from .selectors import step_deciders


def deciders_of(task_state: TaskState) -> list[Any]:
    """Accounts to tell that a step waits: everybody who may decide it now."""
    return list(step_deciders(task_state))


def review_path(task_state: TaskState) -> str:
    """Where a step is decided."""
    return reverse("pr_admin:review", args=[task_state.pk])


def course_path(page) -> str:
    """Where everybody of the agency sees what became of an item."""
    return reverse("pr_admin:news_timeline", args=[page.pk])


def step_settle(task_state: TaskState, now) -> None:
    """The step is decided: whoever else was asked to decide it is asked no more."""
    keys = [f"step:{task_state.pk}"]
    deadline = getattr(task_state, "deadline", None)
    if deadline is not None:
        keys += [reminder_key(deadline, stage) for stage in REMINDED]
    notices_settle(keys=keys, path=review_path(task_state), now=now)


def chain_settle(workflow_state, now) -> None:
    """All steps of a chain that are no longer running are settled."""
    done = workflow_state.task_states.exclude(status=TaskState.STATUS_IN_PROGRESS).select_related("deadline")
    for task_state in done:
        step_settle(task_state, now)


def on_step_started(sender, *, content, task_state, deadline, is_first, actor, now, **kwargs) -> None:
    """Who may decide the step is asked to; those to keep informed read where the item stands."""
    chain_settle(task_state.workflow_state, now)
    words = {"title": str(content), "step": task_state.task.name, "name": person_name(actor)}
    event: Any = {"key": f"step:{task_state.pk}", "agency": deadline.agency, "now": now}
    with in_house_language():
        text = _("Step: %(step)s · submitted by %(name)s · to decide by %(due)s")
        submitter = person_name(task_state.workflow_state.requested_by)
        notice_write(
            recipients=deciders_of(task_state),
            subject=_("Please consider: %(title)s") % words,
            text=text % {**words, "name": submitter, "due": thai_datetime(deadline.due_at)},
            path=review_path(task_state),
            urgent=deadline.is_urgent,
            **event,
        )
        if not hasattr(content, "stakeholders"):
            return
        subject = _("Submitted: %(title)s") if is_first else _("Passed on: %(title)s")
        notice_write(
            recipients=others(accounts_concerned(content, deadline.agency), actor),
            subject=subject % words,
            text=_("Waits at the step: %(step)s") % words,
            path=course_path(content),
            **event,
        )


def on_step_returned(sender, *, content, task_state, agency, reason, actor, now, **kwargs) -> None:
    """The writer reads what to correct, with the way to the form; the others that it came back (R39)."""
    step_settle(task_state, now)
    event: Any = {"key": f"return:{task_state.pk}", "agency": agency, "now": now}
    submitter, owner = task_state.workflow_state.requested_by, getattr(content, "owner", None)
    words = {"title": str(content), "step": task_state.task.name, "name": person_name(actor)}
    with in_house_language():
        subject = _("Returned for correction: %(title)s") % words
        text = _("By %(name)s at the step “%(step)s”:") % words + f"\n{reason}"
        notice_write(
            recipients=others([submitter, owner], actor),
            subject=subject,
            text=text,
            path=editor_url(task_state.revision),
            **event,
        )
        if hasattr(content, "stakeholders"):
            informed = others(accounts_concerned(content, agency), actor)
            notice_write(recipients=informed, subject=subject, text=text, path=course_path(content), **event)


def on_news_approved(sender, *, page, revision, workflow_state, actor, now, **kwargs) -> None:
    """Who wrote the item, and those to keep informed, read that the whole chain has approved it."""
    chain_settle(workflow_state, now)
    agency = agency_for_page(page)
    if agency is None:
        return
    with in_house_language():
        notice_write(
            recipients=others([workflow_state.requested_by, *accounts_concerned(page, agency)], actor),
            key=f"approved:{revision.pk}",
            subject=_("Approved: %(title)s") % {"title": page},
            text=_("The whole chain has approved it. The IT officer sets the time of going live."),
            path=course_path(page),
            agency=agency,
            now=now,
        )
