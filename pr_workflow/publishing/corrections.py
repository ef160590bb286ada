"""Which way a correction takes: owner and checker for a small one, the whole chain for a material one (R47)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from wagtail.models import Revision

from ..approval.models import ChainRule, Lane, Submission
from ..approval.selectors import chain_verdict
from .correction_kind import Correction, correction_kind, same_content
from .models import CorrectionRound, Posting


class CorrectionRefused(PermissionDenied):
    """A material change tried to take the short way of small corrections. Answered as 403."""


@dataclass(frozen=True)
class OpenCorrection:
    """A running round of correction, and what kind of change the newest version is."""

    round: CorrectionRound
    kind: Correction


def correction_running(page) -> OpenCorrection | None:
    """The round of correction a page stands in, with the kind of its newest version; None without a round."""
    if not page.pk:
        return None
    rounds = CorrectionRound.objects.filter(page_id=page.pk, closed_at=None).order_by("-number")
    running = rounds.select_related("check_row__revision", "agency__site").first()
    newest = Revision.objects.filter(pk=page.latest_revision_id).first() if running else None
    if running is None or newest is None:
        return None
    return OpenCorrection(running, kind_against_the_chain(newest))


def kind_against_the_chain(revision: Revision) -> Correction:
    """What kind of change a version is, against the last published one that went through the whole chain.

    Small corrections in between are counted together with it, so that several small ones never add up to a text the
    director has not seen. What went live in an emergency is no ground to stand on.
    """
    base = _last_of_the_whole_chain(int(revision.object_id), before=revision.pk)
    return correction_kind(base, revision) if base else Correction(("unsigned",))


def _last_of_the_whole_chain(page_pk: int, *, before: int) -> Revision | None:
    went_live = Posting.objects.filter(page_id=page_pk, went_live_at__isnull=False).exclude(revision=before)
    for posting in went_live.select_related("revision").order_by("-went_live_at", "-pk"):
        submission = _submission_of(posting.revision)
        if submission and not short_submissions([submission]) and chain_verdict(posting.revision).complete:
            return posting.revision
    return None


def _submission_of(revision: Revision) -> Submission | None:
    submissions = Submission.objects.filter(revision=revision).select_related("workflow_state")
    return submissions.order_by("-pk").first()


def short_way_refusal(revision: Revision) -> str:
    """Why a version that took the short way may not be public, as a whole sentence; empty for all others (I3)."""
    submission = _submission_of(revision)
    if submission is None or submission.pk not in short_submissions([submission]):
        return ""
    return short_way_problem(revision, submission)


def short_way_problem(revision: Revision, submission: Submission) -> str:
    """Why a version that was submitted on the short way may not be public; empty when it may.

    Asked again at the go-live, whatever was said before.
    """
    rounds = CorrectionRound.objects.filter(page_id=int(revision.object_id), opened_at__lte=submission.submitted_at)
    last = rounds.select_related("page", "check_row__revision").order_by("-number").first()
    if last is None:
        return _("This version took the short way of small corrections, but no correction was open.")
    if last.closed_at and last.page.live_revision_id != revision.pk:
        return _("Another version went live meanwhile. Submit the correction again.")
    if same_content(last.check_row.revision, revision):
        return _("Nothing was changed since the check found a fault. Correct the item first.")
    kind = kind_against_the_chain(revision)
    if kind.is_small:
        return ""
    text = _(
        "This change is not a small correction: %(reasons)s. It needs the whole chain. Withdraw it and submit again."
    )
    return text % {"reasons": kind.sentence}


def short_submissions(submissions: Iterable[Submission]) -> set[int]:
    """Keys of those on the short way: by the lane, or by the chain of that lane (one query for any number).

    An item that comes back keeps its chain, whatever it has become.
    """
    submissions = list(submissions)
    agencies = {submission.agency_id for submission in submissions}
    rules = ChainRule.objects.filter(agency__in=agencies, lane=Lane.CORRECTION)
    chains = set(rules.values_list("agency_id", "workflow_id"))
    return {
        submission.pk
        for submission in submissions
        if submission.lane == Lane.CORRECTION or (submission.agency_id, submission.workflow_state.workflow_id) in chains
    }


def short_way_guard(revision: Revision) -> None:
    """Raises `CorrectionRefused` with the sentence of `short_way_refusal`."""
    if reason := short_way_refusal(revision):
        raise CorrectionRefused(reason)
