"""What each step knows about an item, as plain JSON values: the archive keeps it, the printed form shows it (R49).

Names are written out beside numbers, because a record outlives accounts, channels and pages.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import TaskState, WorkflowState

from ..approval.content_hash import files_used_by
from ..approval.models import ApprovalSeal, ApprovalWithdrawal, ReturnReason, StepDeadline, Submission
from ..audit.models import AuditEntry
from ..clocks.models import ClockPause
from ..distribution.models import Delivery
from ..people.models import StaffProfile
from ..people.procedures import revision_in_words
from ..publishing.models import CorrectionRound, EmergencyPublication, Posting, PublicationCheck, TakeDown

Json = dict[str, Any]


def moment(value: datetime | None) -> str | None:
    """ISO 8601, or None."""
    return value.isoformat() if value else None


def account_name(user) -> str:
    """The name of an account; the user name only of somebody without one."""
    return (user.get_full_name() or user.get_username()) if user else ""


def officer(profile: StaffProfile | None) -> Json | None:
    """Name and position of a person of the staff directory."""
    return {"name": profile.display_name, "position": profile.position} if profile else None


def account(user) -> Json | None:
    """Name and position of an account, from the staff directory when it stands there."""
    if user is None:
        return None
    return officer(getattr(user, "staff_profile", None)) or {"name": account_name(user), "position": ""}


def _unit(profile: StaffProfile | None) -> str:
    return profile.unit.name if profile and profile.unit else ""


def item_facts(content) -> Json:
    """What the request form says about the item itself; codes stay codes, people are names."""
    writer = getattr(content.owner, "staff_profile", None) if content.owner else None
    agency = writer.agency if writer else getattr(content.responsible_officer, "agency", None)
    giver = content.news_giver or (agency.news_giver if agency else None)
    return {
        "number": str(content.uuid),
        "title": content.title,
        "news_type": content.news_type,
        "lead": content.lead,
        "event_date": content.event_date.isoformat() if content.event_date else None,
        "place": content.place,
        "disclosure": content.disclosure,
        "target_groups": list(content.target_groups or []),
        "media_formats": list(content.media_formats or []),
        "channels": list(content.channels or []),
        "writer": account(content.owner),
        "unit": _unit(writer),
        "responsible_officer": officer(content.responsible_officer),
        "news_giver": officer(giver),
        "plan_activity": str(content.plan_activity) if content.plan_activity else "",
        "files": [used.row.title if used.row else used.key for used in files_used_by(content)],
    }


def seal_facts(seal: ApprovalSeal) -> Json:
    """One signature: step, name, position, in what capacity, when, over which content."""
    return {
        "uuid": str(seal.uuid),
        "task": seal.task_id,
        "step": seal.task.name,
        "name": seal.approver_name,
        "position": seal.approver_position,
        "capacity": seal.capacity,
        "order_number": seal.delegation.order_number if seal.delegation else "",
        "at": moment(seal.sealed_at),
        "comment": seal.comment,
        "content_hash": seal.content_hash,
    }


def seals_on(**which) -> list[Json]:
    """The signatures that fit, in the order they were given."""
    seals = ApprovalSeal.objects.filter(**which).select_related("task", "delegation").order_by("sealed_at", "id")
    return [seal_facts(seal) for seal in seals]


def submission_facts(submission: Submission) -> Json:
    """A submission with the steps it must pass, those left out, and the signatures it got."""
    return {
        "uuid": str(submission.uuid),
        "revision": submission.revision_id,
        "lane": submission.lane,
        "procedure": revision_in_words(submission.procedure_revision) if submission.procedure_revision else "",
        "submitted_at": moment(submission.submitted_at),
        "submitted_by": account(submission.submitted_by),
        "steps": submission.steps,
        "seals": seals_on(workflow_state=submission.workflow_state_id, revision=submission.revision_id),
    }


def submissions_of(page) -> list[Json]:
    """Every submission of a page, oldest first."""
    rows = Submission.objects.filter(workflow_state__in=chains_of(page)).order_by("submitted_at", "pk")
    return [
        submission_facts(row)
        for row in rows.select_related("submitted_by__staff_profile", "procedure_revision__procedure")
    ]


def withdrawals_of(page) -> list[Json]:
    """Approvals given up before their version was public; without a name the system did it, because it had expired."""
    rows = ApprovalWithdrawal.objects.filter(workflow_state__in=chains_of(page))
    return [
        {
            "uuid": str(row.uuid),
            "revision": row.revision_id,
            "at": moment(row.withdrawn_at),
            "by": {"name": row.withdrawn_by_name, "position": row.withdrawn_by_position}
            if row.withdrawn_by_id
            else None,
            "capacity": row.capacity,
            "reason": row.reason,
        }
        for row in rows.order_by("withdrawn_at", "pk")
    ]


def chains_of(page):
    """The courses of consideration of a page."""
    return WorkflowState.objects.filter(base_content_type=page.get_base_content_type(), object_id=str(page.pk))


def steps_of(page) -> list[Json]:
    """Each step an item stood at: its clock, who ended it and how, and the reasons of a return."""
    states = TaskState.objects.filter(workflow_state__in=chains_of(page)).order_by("started_at", "pk")
    reasons: dict[int, list[Json]] = {}
    for reason in ReturnReason.objects.filter(task_state__in=states):
        reasons.setdefault(reason.task_state_id, []).append({"field": reason.field, "text": reason.text})
    return [
        {
            "task": state.task_id,
            "step": state.task.name,
            "revision": state.revision_id,
            "status": state.status,
            "comment": state.comment,
            "started_at": moment(state.started_at),
            "due_at": moment(_deadline(state)),
            "finished_at": moment(state.finished_at),
            "finished_by": account(state.finished_by),
            "reasons": reasons.get(state.pk, []),
        }
        for state in states.select_related("task", "deadline", "finished_by__staff_profile")
    ]


def _deadline(state: TaskState) -> datetime | None:
    clock: StepDeadline | None = getattr(state, "deadline", None)
    return clock.due_at if clock else None


def postings_of(page_id: int) -> list[Json]:
    """The IT officer's work: receipt, time set, when it went live or why it was given up."""
    rows = Posting.objects.filter(page_id=page_id).order_by("opened_at", "pk")
    return [
        {
            "uuid": str(row.uuid),
            "revision": row.revision_id,
            "opened_at": moment(row.opened_at),
            "due_at": moment(row.due_at),
            "received_at": moment(row.received_at),
            "received_by": account(row.received_by),
            "wished_at": moment(row.wished_at),
            "posted_at": moment(row.posted_at),
            "posted_by": account(row.posted_by),
            "go_live_at": moment(row.go_live_at),
            "went_live_at": moment(row.went_live_at),
            "closed_at": moment(row.closed_at),
            "closed_reason": row.closed_reason,
            "attempts": row.attempts,
        }
        for row in rows.select_related("posted_by__staff_profile", "received_by__staff_profile")
    ]


def checks_of(page_id: int) -> list[Json]:
    """All rounds of checking: what the machine found, the snapshot, the answer."""
    rows = PublicationCheck.objects.filter(page_id=page_id).order_by("opened_at", "pk").select_related("answered_by")
    return [
        {
            "uuid": str(check.uuid),
            "round": check.round,
            "revision": check.revision_id,
            "result": check.result,
            "prefilled": check.prefilled,
            "snapshot_sha256": check.snapshot_sha256,
            "snapshot_at": moment(check.snapshot_at),
            "answers": check.answers,
            "note": check.note,
            "coordination": check.coordination,
            "opened_at": moment(check.opened_at),
            "due_at": moment(check.due_at),
            "answered_at": moment(check.answered_at),
            "answered_by": account_name(check.answered_by),
        }
        for check in rows
    ]


def corrections_of(page_id: int) -> list[Json]:
    """The numbered rounds of correction."""
    return [
        {
            "uuid": str(row.uuid),
            "number": row.number,
            "keeps_live": row.keeps_live,
            "opened_at": moment(row.opened_at),
            "due_at": moment(row.due_at),
            "closed_at": moment(row.closed_at),
        }
        for row in CorrectionRound.objects.filter(page_id=page_id).order_by("number")
    ]


def emergency_facts(row: EmergencyPublication) -> Json:
    """A publication without its chain: who, why, and what the second person said."""
    return {
        "uuid": str(row.uuid),
        "revision": row.revision_id,
        "reason": row.reason,
        "content_hash": row.content_hash,
        "published_at": moment(row.published_at),
        "published_by": account(row.published_by),
        "due_at": moment(row.due_at),
        "outcome": row.outcome,
        "decided_at": moment(row.decided_at),
        "decided_by": account(row.decided_by),
        "comment": row.comment,
    }


def emergencies_of(page_id: int) -> list[Json]:
    """Every publication of a page without its chain."""
    rows = EmergencyPublication.objects.filter(page_id=page_id).order_by("published_at", "pk")
    return [
        emergency_facts(row) for row in rows.select_related("published_by__staff_profile", "decided_by__staff_profile")
    ]


def take_downs_of(page_id: int) -> list[Json]:
    """When and why the page left the site."""
    rows = TakeDown.objects.filter(page_number=page_id).order_by("taken_down_at", "pk")
    return [
        {
            "uuid": str(row.uuid),
            "kind": row.kind,
            "reason": row.reason,
            "notice": row.notice,
            "replaced_by": row.replaced_by_id,
            "taken_down_at": moment(row.taken_down_at),
            "taken_down_by": account(row.taken_down_by),
            "ended_at": moment(row.ended_at),
        }
        for row in rows.select_related("taken_down_by__staff_profile")
    ]


def deliveries_of(revision_id: int) -> list[Json]:
    """The ledger rows of a revision, with what became of their removal."""
    rows = Delivery.objects.filter(revision_id=revision_id).select_related("channel", "removed_by__staff_profile")
    return [
        {
            "uuid": str(row.uuid),
            "channel": str(row.channel),
            "state": row.state,
            "attempts": row.attempts,
            "went_live_at": moment(row.went_live_at),
            "sent_at": moment(row.sent_at),
            "external_id": row.external_id,
            "external_url": row.external_url,
            "error": row.error,
            "removal_asked_at": moment(row.removal_asked_at),
            "removed_at": moment(row.removed_at),
            "removed_by": account(row.removed_by),
        }
        for row in rows.order_by("pk")
    ]


def _clocks(page) -> Iterable:
    yield from StepDeadline.objects.filter(task_state__workflow_state__in=chains_of(page))
    for model in (Posting, PublicationCheck, CorrectionRound, EmergencyPublication):
        yield from model._default_manager.filter(page_id=page.pk)


def pauses_of(page) -> list[Json]:
    """When a clock of the item stood still, and for whom it waited."""
    kinds: dict[ContentType, list[int]] = {}
    for clocked in _clocks(page):
        kinds.setdefault(ContentType.objects.get_for_model(clocked), []).append(clocked.pk)
    found = [
        pause
        for kind, numbers in kinds.items()
        for pause in ClockPause.objects.filter(content_type=kind, object_id__in=numbers).select_related("content_type")
    ]
    return [
        {
            "uuid": str(pause.uuid),
            "clock": pause.content_type.model,
            "waiting_for": pause.waiting_for,
            "reason": pause.reason,
            "paused_at": moment(pause.paused_at),
            "resumed_at": moment(pause.resumed_at),
        }
        for pause in sorted(found, key=lambda pause: (pause.paused_at, pause.pk))
    ]


def log_of(page, since: datetime | None = None) -> list[Json]:
    """The rows of the audit log about the page, with their hashes, which lead back into its chain."""
    rows = AuditEntry.objects.filter(target_type=type(page)._meta.label, target_id=str(page.pk))
    rows = rows.filter(at__gt=since) if since else rows
    return [
        {
            "uuid": str(row.uuid),
            "chain": row.chain,
            "sequence": row.sequence,
            "at": moment(row.at),
            "verb": row.verb,
            "actor": row.actor_name,
            "data": row.data,
            "entry_hash": row.entry_hash,
        }
        for row in rows.order_by("pk")
    ]


def history_of(content) -> Json:
    """The whole course of an item up to now: the field `history` of a record of format 2."""
    page_id = content.pk
    return {
        "item": item_facts(content),
        "submissions": submissions_of(content),
        "withdrawals": withdrawals_of(content),
        "steps": steps_of(content),
        "pauses": pauses_of(content),
        "postings": postings_of(page_id),
        "corrections": corrections_of(page_id),
        "emergencies": emergencies_of(page_id),
        "take_downs": take_downs_of(page_id),
        "log": log_of(content),
    }
