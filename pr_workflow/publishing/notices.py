"""Who is told about posting, going live, checks, corrections, take-downs and emergencies (R03, R41–R47, I6)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ..approval.inbox import editor_url
from ..approval.notices import course_path
from ..approval.panels import person_name
from ..clocks.reminders import REMINDED, reminder_key
from ..news.notices import accounts_concerned, others
from ..notifications.services import in_house_language, notice_write, notices_settle
from ..people.models import Agency
from ..people.roles import CHAIN, Role
from ..people.selectors import agency_for_page, role_members
from ..thai_time import thai_datetime
from .giving_up import newer_in_chain, writers_to_tell
from .models import Posting, PublicationCheck


def people_in(agency: Agency, roles: Iterable[Role]) -> list[Any]:
    """The active accounts that act in any of these roles."""
    return [person for role in roles for person in role_members(agency, role)]


def answerers_of(page, agency: Agency) -> list[Any]:
    """Who answers the check of a page: its responsible officer, or while that person cannot, the PR officers (R46)."""
    officer = page.responsible_officer
    return [officer.user] if officer and officer.can_act else list(role_members(agency, Role.WRITER))


def queue_path(posting: Posting) -> str:
    """Where an IT officer finds a posting."""
    return f"{reverse('pr_admin:posting')}#posting-{posting.pk}"


def on_news_approved(sender, *, page, revision, actor, now, **kwargs) -> None:
    """The IT officers have an item to post; after `posting_open`, in the same transaction."""
    posting = Posting.objects.filter(revision=revision).select_related("agency").first()
    if posting is None:
        return
    with in_house_language():
        notice_write(
            recipients=others(people_in(posting.agency, [Role.IT_OFFICER]), actor),
            key=f"approved:{revision.pk}",
            subject=_("To post: %(title)s") % {"title": page},
            text=_("Approved by the whole chain · to post by %(due)s") % {"due": thai_datetime(posting.due_at)},
            path=queue_path(posting),
            agency=posting.agency,
            urgent=posting.is_urgent,
            now=now,
        )


def on_news_posted(sender, *, page, posting, actor, now, **kwargs) -> None:
    """Those whom the item concerns read when it goes live; a new time is a new event."""
    with in_house_language():
        notice_write(
            recipients=others(accounts_concerned(page, posting.agency), actor),
            key=f"posted:{posting.pk}:{posting.go_live_at:%Y%m%d%H%M}",
            subject=_("Goes live %(time)s: %(title)s") % {"time": thai_datetime(posting.go_live_at), "title": page},
            path=course_path(page),
            agency=posting.agency,
            now=now,
        )


def on_approval_withdrawn(sender, *, page, posting, withdrawal, actor, now, **kwargs) -> None:
    """The writer reads why the item is back, with the way to the form; who signed it, the IT officers and those whom it
    concerns read it too, and the IT officers are asked to post it no more (R03, R39)."""
    keys = [f"approved:{posting.revision_id}", *(reminder_key(posting, stage) for stage in REMINDED)]
    notices_settle(keys=keys, path=queue_path(posting), now=now)
    chain = withdrawal.workflow_state
    signers = [seal.approver for seal in chain.seals.select_related("approver")]
    event: Any = {"key": f"withdrawn:{withdrawal.pk}", "agency": posting.agency, "now": now}
    with in_house_language():
        if actor is None:
            subject, text = _("Expired before it went live: %(title)s"), withdrawal.reason
            what = _("Give the item a later expiry and submit it again, or leave it. It does not go live.")
        else:
            subject, text = _("Approval withdrawn: %(title)s"), f"{person_name(actor)}: {withdrawal.reason}"
            what = _("It does not go live. The writer may correct it and submit it again.")
        if newer_in_chain(posting):
            what = _("This version does not go live. A newer version is being considered already.")
        event |= {"subject": subject % {"title": posting}, "text": f"{text}\n{what}"}
        writers = [chain.requested_by, getattr(page, "owner", None)]
        notice_write(recipients=others(writers, actor), path=editor_url(posting.revision), **event)
        informed = [*accounts_concerned(page, posting.agency), *signers, *people_in(posting.agency, [Role.IT_OFFICER])]
        notice_write(recipients=others(informed, actor), path=course_path(page), **event)


def live_tell(*, check: PublicationCheck, now: datetime) -> None:
    """The item is public: who answers for it is asked to check it, the others read it."""
    page, words = check.page.specific, {"title": check.revision.object_str, "due": thai_datetime(check.due_at)}
    event: Any = {"key": live_key(check), "agency": check.agency, "now": now}
    with in_house_language():
        notice_write(
            recipients=answerers_of(page, check.agency),
            subject=_("Live, please check: %(title)s") % words,
            text=_("Look at the public page and answer the check by %(due)s.") % words,
            path=reverse("pr_admin:check", args=[check.pk]),
            **event,
        )
        notice_write(
            recipients=accounts_concerned(page, check.agency),
            subject=_("Live: %(title)s") % words,
            path=course_path(page),
            **event,
        )


def live_key(check: PublicationCheck) -> str:
    """The event of a version that went live."""
    return f"live:{check.pk}"


def failure_key(posting: Posting) -> str:
    """The event of a version that is not live at its time; a new time is a new event."""
    return f"failed:{posting.pk}:{posting.go_live_at:%Y%m%d%H%M}"


def failure_tell(*, posting: Posting, now: datetime) -> None:
    """Due news is not live: IT officers and heads are told at once, day and night (I1, I6)."""
    words = {"title": str(posting), "time": thai_datetime(posting.go_live_at or now)}
    with in_house_language():
        unknown = _("Nobody has tried yet: the scheduler or the worker stands still.")
        notice_write(
            recipients=people_in(posting.agency, [Role.IT_OFFICER, Role.HEAD_OF_WORK, Role.HEAD_OF_SECTION]),
            key=failure_key(posting),
            subject=_("Not live at its time: %(title)s") % words,
            text=_("It was to go live %(time)s.") % words + f"\n{posting.failure or unknown}",
            path=course_path(posting.page),
            agency=posting.agency,
            urgent=True,
            now=now,
        )
    if posting.seal_broken_at:
        _broken_seal_tell(posting, now)


def _broken_seal_tell(posting: Posting, now: datetime) -> None:
    """Only a new approval helps: who wrote the item or answers for it is told once what to do (R03, R40)."""
    with in_house_language():
        way = _("Withdraw the approval in the course of the item, correct the item and submit it again.")
        notice_write(
            recipients=writers_to_tell(posting),
            key=f"seal-broken:{posting.pk}:{posting.seal_broken_at:%Y%m%d%H%M}",
            subject=_("Not live, needs another approval: %(title)s") % {"title": posting},
            text=f"{posting.failure}\n{way}",
            path=course_path(posting.page),
            agency=posting.agency,
            urgent=True,
            now=now,
        )


def on_correction_opened(sender, *, page, correction, actor, now, **kwargs) -> None:
    """The officer and the owner have a correction to make, with its own clock (R47)."""
    words = {"title": page, "number": correction.number, "due": thai_datetime(correction.due_at)}
    with in_house_language():
        text = _("What to correct: %(note)s") % {"note": correction.check_row.note}
        notice_write(
            recipients=accounts_concerned(page, correction.agency),
            key=f"correction:{correction.pk}",
            subject=_("Correction %(number)s: %(title)s") % words,
            text=text + "\n" + _("To correct by %(due)s") % words,
            path=course_path(page),
            agency=correction.agency,
            now=now,
        )


def on_news_taken_down(sender, *, page, reason, take_down, actor, now, **kwargs) -> None:
    """Those whom the item concerns, the IT officers and the heads read why it left the site (R50)."""
    agency = agency_for_page(page)
    if agency is None or take_down is None or take_down.pk is None:
        return
    people = [*accounts_concerned(page, agency), *people_in(agency, [Role.IT_OFFICER, Role.HEAD_OF_WORK])]
    with in_house_language():
        notice_write(
            recipients=others(people, actor),
            key=f"down:{take_down.pk}",
            subject=_("Taken off the site: %(title)s") % {"title": page},
            text=f"{take_down.get_kind_display()} · {person_name(actor)}\n{reason}",
            path=course_path(page),
            agency=agency,
            now=now,
        )


def on_emergency_published(sender, *, page, emergency, actor, now, **kwargs) -> None:
    """Every member of the chain is told at once: one of them has to confirm it (I3, R37)."""
    words = {"title": page, "name": person_name(actor), "due": thai_datetime(emergency.due_at)}
    event: Any = {"key": f"emergency:{emergency.pk}", "agency": emergency.agency, "urgent": True, "now": now}
    with in_house_language():
        subject = _("Published in an emergency: %(title)s") % words
        text = _("By %(name)s, without the chain: %(reason)s") % {**words, "reason": emergency.reason}
        confirm = _("A second person has to confirm it by %(due)s.") % words
        notice_write(
            recipients=others(people_in(emergency.agency, CHAIN), actor),
            subject=subject,
            text=f"{text}\n{confirm}",
            path=reverse("pr_admin:emergency", args=[emergency.pk]),
            **event,
        )
        informed = [*accounts_concerned(page, emergency.agency), *people_in(emergency.agency, [Role.IT_OFFICER])]
        notice_write(recipients=others(informed, actor), subject=subject, text=text, path=course_path(page), **event)


def on_emergency_decided(sender, *, page, emergency, actor, now, **kwargs) -> None:
    """Who published it and those whom it concerns read what the second person decided."""
    words = {"title": page}
    with in_house_language():
        words["outcome"] = emergency.get_outcome_display()
        notice_write(
            recipients=others([emergency.published_by, *accounts_concerned(page, emergency.agency)], actor),
            key=f"emergency:{emergency.pk}:decided",
            subject=_("Emergency publication, %(outcome)s: %(title)s") % words,
            text=emergency.comment,
            path=course_path(page),
            agency=emergency.agency,
            now=now,
        )
