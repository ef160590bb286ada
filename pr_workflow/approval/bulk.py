"""Several signatures at once, for heads, where the agency allows it: each item by itself through the usual verb (R38).

Only items whose present version the person has opened; never in the fast lane, never the last step of a chain.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import TaskState

from ..audit.services import audit_record
from ..people.models import Agency
from ..people.roles import Role
from ..people.selectors import profile_of
from .decision_words import last_task
from .errors import ApprovalRefused
from .inbox import roles_of_steps, steps_waiting_for
from .models import Lane, Submission
from .reading_marks import UNREAD, versions_seen_by
from .seen_version import SeenVersion
from .selectors import changed_since
from .services import news_approve

#: Who may sign several items at once; the final authority looks at each one.
BULK_ROLES = frozenset({Role.HEAD_OF_WORK, Role.HEAD_OF_SECTION})
#: So many at once; who has more waiting signs in rounds.
MOST = 50


@dataclass(frozen=True)
class BulkItem:
    """One waiting step, and why it cannot be signed together with others; empty when it can.

    `is_to_open`: opening the item is all that is missing.
    """

    state: TaskState
    refusal: str
    is_to_open: bool = False


@dataclass(frozen=True)
class BulkOutcome:
    """What became of one item: signed, or refused with a reason."""

    title: str
    signed: bool
    reason: str = ""


def bulk_agency(user) -> Agency | None:
    """The agency that lets this person sign several items at once; None when it does not."""
    profile = profile_of(user)
    return profile.agency if profile and profile.agency.bulk_approval else None


def bulk_items(user, states: list[TaskState]) -> list[BulkItem]:
    """Which of these waiting steps may be signed together (six queries, however many; seven with plans among them)."""
    roles = roles_of_steps(state.task_id for state in states)
    seen = versions_seen_by(user, [state.revision_id for state in states])
    rows = Submission.objects.filter(revision__in=[state.revision_id for state in states])
    submissions = {(row.workflow_state_id, row.revision_id): row for row in rows}
    newest = _newest_versions(states)
    found = []
    for state in states:
        submission = submissions.get((state.workflow_state_id, state.revision_id))
        refusal = _refusal(state, submission, roles.get(state.task_id, set()))
        if not refusal and newest.get(_content_key(state)) != state.revision_id:
            refusal = changed_since()
        if not refusal and state.revision_id not in seen:
            found.append(BulkItem(state, str(UNREAD), is_to_open=True))
        else:
            found.append(BulkItem(state, refusal))
    return found


def _content_key(state: TaskState) -> tuple[int, str]:
    return state.revision.base_content_type_id, state.revision.object_id


def _newest_versions(states: list[TaskState]) -> dict[tuple[int, str], int | None]:
    """The newest version of what each step is about; one query for each kind of content."""
    numbers: dict[int, set[str]] = {}
    for kind, number in map(_content_key, states):
        numbers.setdefault(kind, set()).add(number)
    found = {}
    for kind, keys in numbers.items():
        model: Any = ContentType.objects.get_for_id(kind).model_class()
        for key, newest in model._base_manager.filter(pk__in=keys).values_list("pk", "latest_revision_id"):
            found[kind, str(key)] = newest
    return found


def _refusal(state: TaskState, submission: Submission | None, roles: set[str]) -> str:
    if submission is None or not roles & BULK_ROLES or last_task(submission.steps) == state.task_id:
        return _("This step is decided item by item.")
    if submission.lane == Lane.FAST:
        return _("The fast lane is decided item by item.")
    return ""


def news_approve_several(*, actor, numbers: Iterable[int], now: datetime) -> list[BulkOutcome]:
    """Sign each of these steps by itself, each in its own transaction; one refusal stops no other (R38, I3).

    `numbers` are task states; whatever they name, only what waits for `actor` and was opened in exactly its present
    version is signed, `MOST` of them; the others come back as not signed. Refusals are logged. Raises
    `ApprovalRefused` when the agency does not allow it.
    """
    agency = bulk_agency(actor)
    if agency is None:
        raise ApprovalRefused(_("Your agency lets each item be decided by itself."))
    each_once = list(dict.fromkeys(numbers))
    outcomes = [_approve_one(actor, agency, number, now) for number in each_once[:MOST]]
    return outcomes + _left_for_another_round(actor, each_once[MOST:])


def _left_for_another_round(actor, numbers: list[int]) -> list[BulkOutcome]:
    """What was chosen beyond the most at once, said by name where it waits for the person; nothing is tried on it."""
    reason = _("At most %(most)s items are signed at once. Choose this one again on the start page.") % {"most": MOST}
    waiting = steps_waiting_for(actor).filter(pk__in=numbers)
    titles = {state.pk: state.revision.object_str for state in waiting}
    return [
        BulkOutcome(titles.get(number) or _("Item %(number)s") % {"number": number}, False, reason)
        for number in numbers
    ]


def _approve_one(actor, agency: Agency, number: int, now: datetime) -> BulkOutcome:
    state = steps_waiting_for(actor).filter(pk=number).first()
    if state is None:
        reason = _("This item does not wait for you.")
        return _refused(actor, agency, None, _("Item %(number)s") % {"number": number}, reason, now)
    title = state.revision.object_str
    (item,) = bulk_items(actor, [state])
    present = SeenVersion.of(state)
    refusal = item.refusal
    if not refusal:
        try:
            news_approve(actor=actor, task_state=state, seen=present, now=now)
        except ApprovalRefused as refused:
            refusal = str(refused)
        else:
            return BulkOutcome(title, True)
    return _refused(actor, agency, state, title, refusal, now)


@transaction.atomic
def _refused(actor, agency: Agency, state: TaskState | None, title: str, reason: str, now: datetime) -> BulkOutcome:
    """Log one refusal; an item that does not wait for the person is not named, it may be another agency's (I5)."""
    target = state.revision.as_object() if state else actor
    audit_record(
        actor=actor,
        verb="refused",
        target=target,
        now=now,
        agency=agency,
        data={"act": "news_approve_several", "reason": reason, "item": title},
    )
    return BulkOutcome(title, False, reason)
