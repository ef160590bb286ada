"""What happened to an item, from the records of every step (R38, R71)."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from wagtail.models import TaskState

from .approval.decision_words import AGREEMENT, APPROVAL, last_task
from .distribution.models import Delivery
from .publishing.models import PublicationCheck, TakeDown
from .publishing.selectors import closing_in_words
from .stages import Stage
from .thai_time import thai_datetime
from .timeline_parts import ALARM, DONE, PAUSED, TROUBLE, WAITING, TimelineEvent
from .timeline_records import Records

#: What becomes of a delivery, as the state of its event.
DELIVERY_STATES: dict[str, str] = {
    Delivery.State.SENT: DONE,
    Delivery.State.CANCELLED: DONE,
    Delivery.State.FAILED: TROUBLE,
    Delivery.State.UNKNOWN: TROUBLE,
}


def events_of(records: Records) -> list[TimelineEvent]:
    """Everything that happened, oldest first."""
    steps = (_writing, _considering, _posting, _checking, _correcting, _pausing, _delivering, _archiving)
    return sorted((event for step in steps for event in step(records)), key=lambda event: event.at)


def _writing(records: Records) -> Iterator[TimelineEvent]:
    first = records.first_revision
    if first:
        yield TimelineEvent(first.created_at, Stage.WRITE, _("Draft begun"), **records.person(first.user_id))
    submitted = 0
    for entry in records.log:
        who = records.person(entry.actor_id_text, entry.actor_name)
        if entry.verb == "news_submit":
            submitted += 1
            what = _("Submitted for consideration") if submitted == 1 else _("Corrected and submitted again")
            yield TimelineEvent(entry.at, Stage.WRITE, what, **who)
        elif entry.verb == "news_withdraw":
            yield TimelineEvent(entry.at, Stage.WRITE, _("Withdrawn"), **who)


def _considering(records: Records) -> Iterator[TimelineEvent]:
    for seal in records.seals:
        is_last = last_task(records.steps_asked(seal.workflow_state_id, seal.revision_id)) == seal.task_id
        words = APPROVAL if is_last else AGREEMENT
        yield TimelineEvent(
            seal.sealed_at,
            Stage.APPROVE,
            str(words.event) % {"step": seal.task.name},
            who=seal.approver_name,
            position=seal.approver_position,
            capacity=seal.capacity,
            note=seal.comment,
        )
    for step in records.steps:
        if step.status == TaskState.STATUS_REJECTED:
            yield TimelineEvent(
                step.finished_at,
                Stage.APPROVE,
                _("Returned for correction: %(step)s") % {"step": step.task.name},
                note=step.comment,
                state=TROUBLE,
                **records.person(step.finished_by_id),
            )
    for submission in records.submissions:
        for step in submission.steps:
            if step.get("skipped"):
                what = _("Step left out: %(step)s") % {"step": step["name"]}
                yield TimelineEvent(submission.submitted_at, Stage.APPROVE, what, note=step["skipped"])


def _posting(records: Records) -> Iterator[TimelineEvent]:
    for posting in records.postings:
        yield TimelineEvent(posting.opened_at, Stage.POST, _("Handed to the IT officer"))
        if posting.received_at:
            who = records.person(posting.received_by_id)
            yield TimelineEvent(posting.received_at, Stage.POST, _("Received by the IT officer"), **who)
    for entry in records.log:
        who = records.person(entry.actor_id_text, entry.actor_name)
        if entry.verb == "news_post":
            moment = thai_datetime(datetime.fromisoformat(entry.data["go_live_at"]))
            yield TimelineEvent(entry.at, Stage.POST, _("Posted, to go live on %(time)s") % {"time": moment}, **who)
        elif entry.verb == "news_post_by_itself":
            moment = thai_datetime(datetime.fromisoformat(entry.data["go_live_at"]))
            text = _("Posted by the system, as the agency has set it, to go live on %(time)s")
            yield TimelineEvent(entry.at, Stage.POST, text % {"time": moment})
        elif entry.verb == "posting_recall":
            note = closing_in_words(entry.data.get("reason", ""))
            yield TimelineEvent(entry.at, Stage.POST, _("Go-live time taken back"), note=note, **who)
        elif entry.verb == "news_take_down":
            note = closing_in_words(entry.data.get("reason", ""))
            kind = dict(TakeDown.Kind.choices).get(entry.data.get("kind", ""))
            what = _("Taken off the site: %(kind)s") % {"kind": kind} if kind else _("Taken off the site")
            yield TimelineEvent(entry.at, Stage.POST, what, note=note, state=TROUBLE, **who)
    yield from _given_up(records)
    yield from _going_live(records)
    yield from _in_emergency(records)


def _given_up(records: Records) -> Iterator[TimelineEvent]:
    """Approvals that were withdrawn, and items that expired, before they went live."""
    for row in records.withdrawals:
        yield TimelineEvent(
            row.withdrawn_at,
            Stage.POST,
            _("Approval withdrawn") if row.withdrawn_by_id else _("Expired before it went live"),
            who=row.withdrawn_by_name,
            position=row.withdrawn_by_position,
            note=row.reason,
            state=TROUBLE,
            capacity=row.capacity,
        )


def _going_live(records: Records) -> Iterator[TimelineEvent]:
    """After the setting of the time: what is posted at once has both in one moment."""
    for posting in records.postings:
        if posting.went_live_at:
            yield TimelineEvent(posting.went_live_at, Stage.POST, _("Went live"))
        elif posting.failure and posting.failed_at:
            yield TimelineEvent(
                posting.failed_at, Stage.POST, _("Could not go live"), note=posting.failure, state=TROUBLE
            )


def _in_emergency(records: Records) -> Iterator[TimelineEvent]:
    """What happened without the chain, and what a second person made of it (R37)."""
    words = {
        "emergency_publish": (_("Published in an emergency, without the chain"), ALARM),
        "emergency_confirm": (_("Emergency publication confirmed"), DONE),
        "emergency_refuse": (_("Emergency publication refused"), TROUBLE),
    }
    for entry in records.log:
        if entry.verb in words:
            what, state = words[entry.verb]
            note = entry.data.get("reason") or entry.data.get("comment", "")
            who = records.person(entry.actor_id_text, entry.actor_name)
            yield TimelineEvent(entry.at, Stage.POST, what, note=note, state=state, **who)


def _checking(records: Records) -> Iterator[TimelineEvent]:
    for check in records.checks:
        if not check.answered_at:
            continue
        is_correct = check.result == PublicationCheck.Result.CORRECT
        what = _("Found correct") if is_correct else _("Needs correction")
        if check.round:
            what = _("%(what)s (correction round %(number)s)") % {"what": what, "number": check.round}
        yield TimelineEvent(
            check.answered_at,
            Stage.VERIFY,
            what,
            note=check.note,
            state=DONE if is_correct else TROUBLE,
            **records.person(check.answered_by_id),
        )


def _delivering(records: Records) -> Iterator[TimelineEvent]:
    for delivery in records.deliveries:
        yield TimelineEvent(
            delivery.last_state_change,
            Stage.DISTRIBUTE,
            f"{delivery.channel}: {delivery.get_state_display()}",
            note=delivery.error,
            state=DELIVERY_STATES.get(delivery.state, WAITING),
        )


def _archiving(records: Records) -> Iterator[TimelineEvent]:
    for record in records.archived:
        yield TimelineEvent(record.archived_at, Stage.ARCHIVE, _("Archived"), who=record.archived_by_name)


def _correcting(records: Records) -> Iterator[TimelineEvent]:
    # A round ends with the go-live that opens the next check, or with a taking down.
    went_live = {check.opened_at for check in records.checks}
    for correction in records.corrections:
        number = {"number": correction.number}
        yield TimelineEvent(correction.opened_at, Stage.WRITE, _("Correction round %(number)s begun") % number)
        if correction.closed_at:
            if correction.closed_at in went_live:
                what = _("Correction round %(number)s ended: the corrected version is on the site") % number
            else:
                what = _("Correction round %(number)s ended: the item left the site") % number
            yield TimelineEvent(correction.closed_at, Stage.VERIFY, what)


def _pausing(records: Records) -> Iterator[TimelineEvent]:
    """Times in which a clock stood still, because somebody else had to answer (R35)."""
    for pause, stage in records.pauses:
        what = _("Clock stopped, waiting for: %(whom)s") % {"whom": pause.waiting_for}
        who = records.person(pause.paused_by_id)
        yield TimelineEvent(pause.paused_at, stage, what, note=pause.reason, state=PAUSED, **who)
        if pause.resumed_at:
            who = records.person(pause.resumed_by_id)
            yield TimelineEvent(pause.resumed_at, stage, _("The clock runs again"), **who)
