"""Where an item stands: at which stage, since when, with whom, until when, and what comes after (R38)."""

from django.utils.translation import gettext as _
from wagtail.models import WorkflowState

from .distribution.models import Delivery
from .publishing.models import TakeDown
from .stages import Stage
from .thai_time import thai_datetime
from .timeline_parts import DONE, TROUBLE, Standing
from .timeline_people import it_officers, people_who_may_sign, people_who_may_withdraw
from .timeline_records import Records


def standing_of(records: Records) -> Standing:
    """The first unfinished thing in the order of the flow; a running round goes before a live version."""
    for ask in (_in_the_chain, _at_the_it_officer, _in_correction, _given_up, _on_the_site):
        if standing := ask(records):
            return standing
    if records.was_live:
        return _gone(records)
    first = records.first_revision
    return Standing(
        Stage.WRITE,
        _("A draft; not submitted yet."),
        since=first.created_at if first else None,
        who=records.names(first.user_id if first else None),
        following=_("submission for consideration"),
    )


def _gone(records: Records) -> Standing:
    down = next((entry for entry in reversed(records.log) if entry.verb == "news_take_down"), None)
    kind = dict(TakeDown.Kind.choices).get(down.data.get("kind", "")) if down else None
    sentence = _("No longer public: %(kind)s.") % {"kind": kind} if kind else _("No longer public.")
    return Standing(Stage.ARCHIVE, sentence, state=DONE, since=down.at if down else None)


def _in_the_chain(records: Records) -> Standing | None:
    chain, step = records.chain, records.current_step
    if chain is None or step is None:
        return None
    if chain.status == WorkflowState.STATUS_IN_PROGRESS:
        deadline = getattr(step, "deadline", None)
        return Standing(
            Stage.APPROVE,
            _("Waits for the decision of: %(step)s.") % {"step": step.task.name},
            deadline.due_at if deadline else None,
            since=step.started_at,
            who=tuple(people_who_may_sign(chain, step)),
            following=_after_step(records, chain, step),
            clock=deadline,
        )
    if chain.status == WorkflowState.STATUS_NEEDS_CHANGES:
        return Standing(
            Stage.WRITE,
            _("Returned; waits for correction by the writer."),
            state=TROUBLE,
            since=step.finished_at,
            who=records.names(chain.requested_by_id),
            following=_("submission again, from the first step"),
        )
    return None


def _after_step(records: Records, chain, step) -> str:
    asked = [each for each in records.steps_asked(chain.pk, step.revision_id) if not each.get("skipped")]
    numbers = [each["task"] for each in asked]
    if step.task_id not in numbers:
        return ""
    rest = asked[numbers.index(step.task_id) + 1 :]
    return rest[0]["name"] if rest else _("posting by the IT officer")


def _at_the_it_officer(records: Records) -> Standing | None:
    posting = records.open_posting
    if posting is None:
        return None
    check = _("the check by the responsible officer")
    who = records.names(posting.received_by_id or posting.posted_by_id) or tuple(it_officers(posting.agency))
    if posting.seal_broken_at:
        return Standing(
            Stage.POST,
            posting.failure,
            posting.go_live_at,
            TROUBLE,
            posting.seal_broken_at,
            tuple(people_who_may_withdraw(posting)),
            _("withdrawal of the approval, correction and another submission"),
        )
    if posting.failure:
        return Standing(
            Stage.POST, posting.failure, posting.go_live_at, TROUBLE, posting.failed_at, who, _("another attempt")
        )
    if posting.go_live_at:
        sentence = _("Goes live on %(time)s.") % {"time": thai_datetime(posting.go_live_at)}
        return Standing(Stage.POST, sentence, posting.go_live_at, since=posting.posted_at, who=who, following=check)
    if posting.received_at:
        sentence = _("Approved and received; waits for the IT officer to post it.")
    else:
        sentence = _("Approved; waits for the IT officer to post it.")
    return Standing(
        Stage.POST, sentence, posting.due_at, since=posting.opened_at, who=who, following=check, clock=posting
    )


def _in_correction(records: Records) -> Standing | None:
    correction = records.open_correction
    if correction is None:
        return None
    number = {"number": correction.number}
    if records.is_live:
        sentence = _("Live, under correction (round %(number)s).") % number
    else:
        sentence = _("Taken off the site, under correction (round %(number)s).") % number
    return Standing(
        Stage.WRITE,
        sentence,
        correction.due_at,
        TROUBLE,
        correction.opened_at,
        records.responsible(),
        _("submission of the corrected version"),
        correction,
    )


def _given_up(records: Records) -> Standing | None:
    """Approved and given up before it went live: with the writer again, unless readers see an older version."""
    withdrawal = records.withdrawal
    left = [entry.at for entry in records.log if entry.verb == "news_take_down"]
    if withdrawal is None or records.is_live or (left and left[-1] > withdrawal.withdrawn_at):
        return None
    if withdrawal.withdrawn_by_id:
        sentence = _("The approval was withdrawn; the item is with its writer again.")
    else:
        sentence = _("Expired before it went live; it needs a later expiry and another submission.")
    return Standing(
        Stage.WRITE,
        sentence,
        state=TROUBLE,
        since=withdrawal.withdrawn_at,
        who=records.names(records.chain.requested_by_id) if records.chain else (),
        following=_("submission again, from the first step"),
    )


def _on_the_site(records: Records) -> Standing | None:
    if not records.is_live:
        return None
    check = records.open_check
    if check:
        return Standing(
            Stage.VERIFY,
            _("Live; waits for the check by the responsible officer."),
            check.due_at,
            since=check.opened_at,
            who=records.responsible(),
            following=_("archiving"),
            clock=check,
        )
    since = records.checks[-1].answered_at if records.checks else None
    states = {delivery.state for delivery in records.deliveries}
    if states & {Delivery.State.FAILED, Delivery.State.UNKNOWN}:
        return Standing(Stage.DISTRIBUTE, _("Live and correct; a channel needs a person."), state=TROUBLE, since=since)
    if states & {Delivery.State.PLANNED, Delivery.State.DUE, Delivery.State.SENDING}:
        return Standing(Stage.DISTRIBUTE, _("Live and correct; is being sent to the channels."), since=since)
    if records.archived:
        sentence = _("Live, checked, distributed and archived.")
        return Standing(Stage.ARCHIVE, sentence, state=DONE, since=records.archived[-1].archived_at)
    return Standing(Stage.ARCHIVE, _("Live and correct; the archive record is being made."), since=since)
