"""Verbs of the check after posting: open it, answer it, count the rounds (S1 §4.5, R44–R47)."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..audit.services import audit_record, chain_lock
from ..conf import step_limit_working_days
from ..festival_calendar.selectors import add_working_days
from ..signals import correction_opened, publication_verified
from .models import CorrectionRound, PublicationCheck
from .selectors import may_answer

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


@transaction.atomic
def check_open(*, page, revision, agency, now: datetime) -> PublicationCheck:
    """Open the check of a revision that has just gone live; a running correction round is closed by it."""
    rounds = CorrectionRound.objects.filter(page_id=page.pk)
    rounds.filter(closed_at=None).update(closed_at=now)
    check = PublicationCheck.objects.create(
        agency=agency,
        page_id=page.pk,
        revision=revision,
        round=rounds.count(),
        opened_at=now,
        due_at=add_working_days(now, step_limit_working_days(), agency=agency),
    )
    audit_record(
        actor=None,
        verb="check_open",
        target=page,
        now=now,
        agency=agency,
        data={"revision": revision.pk, "round": check.round, "due_at": check.due_at},
    )
    return check


def answerer_guard(*, actor, page, agency) -> None:
    """Refuse everybody who does not answer for the page. Raises `VerificationRefused`."""
    if actor is None or not may_answer(actor, page, agency):
        raise VerificationRefused(
            _("Only the responsible officer, %(name)s, answers this check.") % {"name": page.responsible_officer or "—"}
        )


def _answer_guard(actor, check: PublicationCheck, answers: Mapping[str, bool], result: str, note: str) -> None:
    answerer_guard(actor=actor, page=check.page.specific, agency=check.agency)
    if check.answered_at:
        raise VerificationRefused(_("This check has already been answered."))
    wrong = [line for line in CHECK_LINES if not answers.get(line)]
    if result == PublicationCheck.Result.CORRECT and wrong:
        raise ValidationError(
            {wrong[0]: _("“Correct” needs a yes on every line. Answer this line, or choose “needs correction”.")}
        )
    if result == PublicationCheck.Result.NEEDS_CORRECTION and not note.strip():
        raise ValidationError({"note": _("Write in “What to correct” what is wrong and where.")})
    if result not in PublicationCheck.Result.values:
        raise ValidationError({"result": _("Choose “correct” or “needs correction”.")})


@transaction.atomic
def publication_verify(
    *, actor, check: PublicationCheck, answers: Mapping[str, bool], result: str, note: str = "", now: datetime
) -> PublicationCheck:
    """Answer a check: ถูกต้อง hands the item to the archive, แก้ไข opens the next numbered round (R44–R47).

    Raises `VerificationRefused` for anybody but the responsible officer, `ValidationError` naming the field.
    """
    chain_lock(check.agency)
    check = PublicationCheck.objects.select_for_update(of=("self",)).select_related("agency", "page").get(pk=check.pk)
    _answer_guard(actor, check, answers, result, note)
    check.answers = {line: bool(answers.get(line)) for line in CHECK_LINES}
    check.result, check.note, check.answered_by, check.answered_at = result, note.strip(), actor, now
    check.save()
    page = check.page.specific
    audit_record(
        actor=actor,
        verb="publication_verify",
        target=page,
        now=now,
        agency=check.agency,
        data={"revision": check.revision_id, "round": check.round, "result": result, "note": check.note},
    )
    if result == PublicationCheck.Result.CORRECT:
        transaction.on_commit(
            lambda: publication_verified.send_robust(sender=type(page), page=page, check=check, actor=actor, now=now)
        )
    else:
        correction = _correction_open(check, page, actor, now)
        transaction.on_commit(
            lambda: correction_opened.send_robust(
                sender=type(page), page=page, correction=correction, actor=actor, now=now
            )
        )
    return check


def _correction_open(check: PublicationCheck, page, actor, now: datetime) -> CorrectionRound:
    number = CorrectionRound.objects.filter(page_id=page.pk).count() + 1
    correction = CorrectionRound.objects.create(
        agency=check.agency,
        page_id=page.pk,
        check_row=check,
        number=number,
        opened_at=now,
        due_at=add_working_days(now, step_limit_working_days(), agency=check.agency),
    )
    audit_record(actor=actor, verb="correction_open", target=page, now=now, agency=check.agency, data={"round": number})
    return correction
