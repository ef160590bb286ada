"""Where is this item? Computed from the records of each step; no status is stored twice (design §1, R38, R71)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import TaskState, WorkflowState

from .distribution.models import Delivery
from .publishing.models import PublicationCheck
from .stages import Stage
from .thai_time import thai_datetime
from .timeline_records import Records

DONE, WAITING, TROUBLE = "done", "waiting", "trouble"
#: What becomes of a delivery, as the state of its event.
DELIVERY_STATES: dict[str, str] = {
    Delivery.State.SENT: DONE,
    Delivery.State.CANCELLED: DONE,
    Delivery.State.FAILED: TROUBLE,
    Delivery.State.UNKNOWN: TROUBLE,
}


@dataclass(frozen=True)
class TimelineEvent:
    """One thing that happened: when, at which stage, what, who. `state` is done, waiting or trouble."""

    at: datetime
    stage: Stage
    what: str
    who: str = ""
    position: str = ""
    note: str = ""
    state: str = DONE


@dataclass(frozen=True)
class Standing:
    """Where an item stands: the stage, a sentence, until when the next thing is to be done."""

    stage: Stage
    sentence: str
    due_at: datetime | None = None
    state: str = WAITING


@dataclass
class Timeline:
    """The course of one item, oldest first, and where it stands now."""

    standing: Standing
    events: list[TimelineEvent] = field(default_factory=list)

    @property
    def stage(self) -> Stage:
        """The stage the item stands at."""
        return self.standing.stage

    def is_overdue(self, now: datetime) -> bool:
        """Whether what it waits for should have been done by `now` (aware)."""
        return self.standing.due_at is not None and self.standing.due_at < now


def news_timeline(page) -> Timeline:
    """Who did what to this item and when, and at which stage it stands. A constant number of queries."""
    records = Records.of(page)
    events = [
        *_writing(records),
        *_considering(records),
        *_posting(records),
        *_checking(records),
        *_delivering(records),
        *_archiving(records),
    ]
    return Timeline(standing=_standing(records), events=sorted(events, key=lambda event: event.at))


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
        yield TimelineEvent(
            seal.sealed_at,
            Stage.APPROVE,
            _("Approved: %(step)s") % {"step": seal.task.name},
            who=seal.approver_name,
            position=seal.approver_position,
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


def _posting(records: Records) -> Iterator[TimelineEvent]:
    for posting in records.postings:
        yield TimelineEvent(posting.opened_at, Stage.POST, _("Handed to the IT officer"))
        if posting.went_live_at:
            yield TimelineEvent(posting.went_live_at, Stage.POST, _("Went live"))
        elif posting.failure and posting.failed_at:
            yield TimelineEvent(
                posting.failed_at, Stage.POST, _("Could not go live"), note=posting.failure, state=TROUBLE
            )
    for entry in records.log:
        who = records.person(entry.actor_id_text, entry.actor_name)
        if entry.verb == "news_post":
            moment = thai_datetime(datetime.fromisoformat(entry.data["go_live_at"]))
            yield TimelineEvent(entry.at, Stage.POST, _("Posted, to go live on %(time)s") % {"time": moment}, **who)
        elif entry.verb == "posting_recall":
            note = entry.data.get("reason", "")
            yield TimelineEvent(entry.at, Stage.POST, _("Go-live time taken back"), note=note, **who)
        elif entry.verb == "news_take_down":
            note = entry.data.get("reason", "")
            yield TimelineEvent(entry.at, Stage.POST, _("Taken off the site"), note=note, state=TROUBLE, **who)


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


def _standing(records: Records) -> Standing:
    """The first unfinished thing in the order of the flow; a running round goes before a live version."""
    for ask in (_in_the_chain, _at_the_it_officer, _in_correction, _on_the_site):
        if standing := ask(records):
            return standing
    if records.was_live:
        return Standing(Stage.ARCHIVE, _("No longer public."), state=DONE)
    return Standing(Stage.WRITE, _("A draft; not submitted yet."))


def _in_the_chain(records: Records) -> Standing | None:
    chain, step = records.chain, records.current_step
    if chain is None or step is None:
        return None
    if chain.status == WorkflowState.STATUS_IN_PROGRESS:
        deadline: Any = getattr(step, "deadline", None)
        sentence = _("Waits for the decision of: %(step)s.") % {"step": step.task.name}
        return Standing(Stage.APPROVE, sentence, deadline.due_at if deadline else None)
    if chain.status == WorkflowState.STATUS_NEEDS_CHANGES:
        return Standing(Stage.WRITE, _("Returned; waits for correction by the writer."), state=TROUBLE)
    return None


def _at_the_it_officer(records: Records) -> Standing | None:
    posting = records.open_posting
    if posting is None:
        return None
    if posting.failure:
        return Standing(Stage.POST, posting.failure, posting.go_live_at, TROUBLE)
    if posting.go_live_at:
        sentence = _("Goes live on %(time)s.") % {"time": thai_datetime(posting.go_live_at)}
        return Standing(Stage.POST, sentence, posting.go_live_at)
    return Standing(Stage.POST, _("Approved; waits for the IT officer to post it."), posting.due_at)


def _in_correction(records: Records) -> Standing | None:
    correction = records.open_correction
    if correction is None:
        return None
    sentence = _("Live, under correction (round %(number)s).") % {"number": correction.number}
    return Standing(Stage.WRITE, sentence, correction.due_at, TROUBLE)


def _on_the_site(records: Records) -> Standing | None:
    if not records.is_live:
        return None
    check = records.open_check
    if check:
        return Standing(Stage.VERIFY, _("Live; waits for the check by the responsible officer."), check.due_at)
    states = {delivery.state for delivery in records.deliveries}
    if states & {Delivery.State.FAILED, Delivery.State.UNKNOWN}:
        return Standing(Stage.DISTRIBUTE, _("Live and correct; a channel needs a person."), state=TROUBLE)
    if states & {Delivery.State.PLANNED, Delivery.State.DUE, Delivery.State.SENDING}:
        return Standing(Stage.DISTRIBUTE, _("Live and correct; is being sent to the channels."))
    if records.archived:
        return Standing(Stage.ARCHIVE, _("Live, checked, distributed and archived."), state=DONE)
    return Standing(Stage.ARCHIVE, _("Live and correct; the archive record is being made."))
