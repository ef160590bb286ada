"""Verbs of the check after posting: open it, answer it, count the rounds (S1 §4.5, R44–R47)."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..audit.services import audit_record, chain_lock
from ..clocks.models import ClockStep
from ..clocks.services import clock_fields
from ..signals import correction_opened, publication_verified
from .check_findings import faults_of
from .models import CorrectionRound, PublicationCheck, TakeDown
from .selectors import may_answer
from .take_down import page_take_down

#: The lines of the manual (S1 §4.5.1–5.3), each answered yes or no.
CHECK_LINES = {
    "title": gettext_lazy("The headline suits the story."),
    "content": gettext_lazy("The text is correct."),
    "images": gettext_lazy("The pictures suit the story."),
    "complete": gettext_lazy("The item is complete."),
    "coordinated": gettext_lazy("It has been coordinated with those concerned."),
}


class VerificationRefused(PermissionDenied):
    """Somebody other than the responsible officer answered the check. Answered as 403."""


def answerer_guard(*, actor, page, agency) -> None:
    """Refuse everybody who does not answer for the page. Raises `VerificationRefused`."""
    if actor is None or not may_answer(actor, page, agency):
        raise VerificationRefused(
            _("Only the responsible officer, %(name)s, answers this check.") % {"name": page.responsible_officer or "—"}
        )


def _answer_guard(
    actor, check: PublicationCheck, answers: Mapping[str, bool], result: str, note: str, acknowledged: bool
) -> None:
    answerer_guard(actor=actor, page=check.page.specific, agency=check.agency)
    if check.answered_at:
        raise VerificationRefused(_("This check has already been answered."))
    if check.closed_at:
        raise VerificationRefused(_("This version is not on the site any more, so there is nothing to check."))
    wrong = [line for line in CHECK_LINES if not answers.get(line)]
    if result == PublicationCheck.Result.CORRECT and wrong:
        raise ValidationError(
            {wrong[0]: _("“Correct” needs a yes on every line. Answer this line, or choose “needs correction”.")}
        )
    if result == PublicationCheck.Result.CORRECT and not acknowledged and faults_of(check):
        raise ValidationError(
            {
                "acknowledged": _(
                    "The machine found a fault. Say that you have looked at it, or choose “needs correction”."
                )
            }
        )
    if result == PublicationCheck.Result.NEEDS_CORRECTION and not note.strip():
        raise ValidationError({"note": _("Write in “What to correct” what is wrong and where.")})
    if result not in PublicationCheck.Result.values:
        raise ValidationError({"result": _("Choose “correct” or “needs correction”.")})


@transaction.atomic
def publication_verify(
    *,
    actor,
    check: PublicationCheck,
    answers: Mapping[str, bool],
    result: str,
    note: str = "",
    coordination: str = "",
    acknowledged: bool = False,
    keeps_live: bool | None = None,
    now: datetime,
) -> PublicationCheck:
    """Answer a check: ถูกต้อง hands the item to the archive, แก้ไข opens the next numbered round (R44–R47).

    `coordination` says with whom it was coordinated. `acknowledged` is needed to call a page correct in which the
    machine found a fault. `keeps_live` says whether the page stays online while it is corrected; None: as the agency
    has ruled. Raises `VerificationRefused` for anybody but the responsible officer, `ValidationError` naming the field.
    """
    chain_lock(check.agency)
    check = PublicationCheck.objects.select_for_update(of=("self",)).select_related("agency", "page").get(pk=check.pk)
    _answer_guard(actor, check, answers, result, note, acknowledged)
    check.answers = {line: bool(answers.get(line)) for line in CHECK_LINES}
    check.prefilled = {**check.prefilled, "acknowledged": [finding.code for finding in faults_of(check)]}
    check.result, check.note, check.coordination = result, note.strip(), coordination.strip()
    check.answered_by, check.answered_at = actor, now
    check.save()
    page = check.page.specific
    _answer_record(check, page, actor, now)
    if result == PublicationCheck.Result.CORRECT:
        transaction.on_commit(
            lambda: publication_verified.send_robust(sender=type(page), page=page, check=check, actor=actor, now=now)
        )
    else:
        stays = check.agency.correction_keeps_live if keeps_live is None else keeps_live
        correction = _correction_open(check, page, actor, stays, now)
        transaction.on_commit(
            lambda: correction_opened.send_robust(
                sender=type(page), page=page, correction=correction, actor=actor, now=now
            )
        )
    return check


def _answer_record(check: PublicationCheck, page, actor, now: datetime) -> None:
    audit_record(
        actor=actor,
        verb="publication_verify",
        target=page,
        now=now,
        agency=check.agency,
        data={
            "revision": check.revision_id,
            "round": check.round,
            "result": check.result,
            "note": check.note,
            "coordination": check.coordination,
            "faults": check.prefilled["acknowledged"],
        },
    )


def _correction_open(check: PublicationCheck, page, actor, keeps_live: bool, now: datetime) -> CorrectionRound:
    number = CorrectionRound.objects.filter(page_id=page.pk).count() + 1
    correction = CorrectionRound.objects.create(
        agency=check.agency,
        page_id=page.pk,
        check_row=check,
        number=number,
        keeps_live=keeps_live,
        opened_at=now,
        **clock_fields(check.agency, ClockStep.CORRECTION, now),
    )
    data = {"round": number, "keeps_live": keeps_live}
    audit_record(actor=actor, verb="correction_open", target=page, now=now, agency=check.agency, data=data)
    if not keeps_live:
        page_take_down(actor=actor, page=page, kind=TakeDown.Kind.CORRECTION, reason=check.note, now=now)
    return correction
