"""ใบขออนุญาตเผยแพร่: the request to publish as it is printed, with one block per signature (S1 §4.3, R49).

Made from the same facts whether the item still waits or lies in the archive (`evidence`), so both print alike. Always
in the language of the site: it is a paper of the agency, not of whoever prints it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.models import TaskState

from ..approval.content_hash import content_hash
from ..approval.models import Lane, Submission
from ..news.models import Disclosure, NewsType
from ..people.models import Agency
from ..publishing.models import EmergencyPublication
from ..stages import ChannelKind, TargetGroup
from ..thai_time import Digits, thai_date, thai_datetime, thai_digits
from .evidence import Json, chains_of, emergencies_of, item_facts, steps_of, submission_facts, withdrawals_of
from .models import ArchiveRecord

#: Signature blocks side by side.
BLOCKS_IN_A_ROW = 3


@dataclass(frozen=True)
class SignatureBlock:
    """One step: signed, returned, left out with a reason, or still empty."""

    number: str
    step: str
    word: str
    name: str = ""
    position: str = ""
    capacity: str = ""
    at: str = ""
    comment: str = ""
    skipped: str = ""

    @property
    def is_empty(self) -> bool:
        """Nobody has decided this step: it is printed with dotted lines."""
        return not (self.name or self.skipped)


@dataclass(frozen=True)
class RequestForm:
    """Everything printed on the form, as finished text."""

    agency: Agency
    number: str
    day: str
    title: str
    facts: list[tuple[str, str]]
    lead: str
    blocks: list[list[SignatureBlock]]
    #: Printed across every page of a form whose signatures count no more; empty as long as they do.
    mark: str = ""
    withdrawn: list[tuple[str, str]] = field(default_factory=list)
    emergencies: list[tuple[str, str]] = field(default_factory=list)
    fingerprint: str = ""
    digits: Digits = "arabic"


def _named(codes: Iterable[str], choices) -> str:
    words = dict(choices)
    return ", ".join(str(words.get(code, code)) for code in codes)


def person_text(person: Json | None) -> str:
    """Name and position on one line; a dash for nobody."""
    return ", ".join(filter(None, (person["name"], person["position"]))) if person else "–"


def when_text(value: str | None, digits: Digits = "arabic") -> str:
    """A kept moment in B.E.; a dash for none."""
    return thai_datetime(datetime.fromisoformat(value), "long", digits) if value else "–"


def grouped(digest: str) -> str:
    """The first 16 characters of a hash in groups of four: short enough to compare by eye."""
    return " ".join(digest[start : start + 4] for start in range(0, 16, 4))


def digits_of(agency: Agency) -> Digits:
    """The digits an agency writes its papers in."""
    return "thai" if agency.thai_digits else "arabic"


def _facts(item: Json, submission: Json | None, digits: Digits) -> list[tuple[str, str]]:
    day = datetime.fromisoformat(item["event_date"]).date() if item["event_date"] else None
    event = " ".join(filter(None, (thai_date(day, "long", digits) if day else "", item["place"])))
    rows = [
        (_("Type"), _named([item["news_type"]], NewsType.choices)),
        (_("Written by"), person_text(item["writer"])),
        (_("Unit"), item["unit"]),
        (_("Responsible officer"), person_text(item["responsible_officer"])),
        (_("Authorised news giver"), person_text(item["news_giver"])),
        (_("Plan activity"), item["plan_activity"]),
        (_("Date and place of the event"), event),
        (_("Channels"), _named(item["channels"], ChannelKind.choices)),
        (_("Target groups"), _named(item["target_groups"], TargetGroup.choices)),
        (_("Disclosure"), _named([item["disclosure"]], Disclosure.choices)),
        (_("Pictures and files"), ", ".join(item["files"])),
    ]
    if submission:
        by = person_text(submission["submitted_by"])
        rows.append((_("Submitted at"), f"{when_text(submission['submitted_at'], digits)} · {by}"))
        # Records kept before there was a register of procedures do not say it.
        rows.append((_("Procedure"), submission.get("procedure", "")))
        if submission["lane"] != Lane.NORMAL:
            rows.append((_("Way of consideration"), _named([submission["lane"]], Lane.choices)))
    return [(label, text) for label, text in rows if text]


def _skip_reason(step: Json) -> str:
    """Why a step was left out; empty for a step that is to be signed."""
    skipped = step.get("skipped") or ""
    return skipped if isinstance(skipped, str) else step.get("reason") or _("by rule")


def _block(number: int, step: Json, word: str, seals: dict, returns: dict, digits: Digits) -> SignatureBlock:
    which = (thai_digits(number) if digits == "thai" else str(number), step["name"])
    if seal := seals.get(step["task"]):
        return SignatureBlock(
            *which,
            word,
            seal["name"],
            seal["position"],
            seal.get("capacity", ""),
            when_text(seal["at"], digits),
            seal["comment"],
        )
    if row := returns.get(step["task"]):
        who = row["finished_by"] or {"name": "–", "position": ""}
        at = when_text(row["finished_at"], digits)
        word = _("Returned for correction")
        return SignatureBlock(*which, word, who["name"], who["position"], at=at, comment=row["comment"])
    return SignatureBlock(*which, word, skipped=_skip_reason(step))


def signature_blocks(submission: Json, steps: list[Json], digits: Digits) -> list[SignatureBlock]:
    """One block per step of a submission, in order; the last level approves, those before it agree."""
    seals = {seal["task"]: seal for seal in submission["seals"]}
    returns = {
        row["task"]: row
        for row in steps
        if row["revision"] == submission["revision"] and row["status"] == TaskState.STATUS_REJECTED
    }
    kept = submission["steps"]
    signing = [number for number, step in enumerate(kept) if not _skip_reason(step)]
    last = signing[-1] if signing else -1
    words = [
        pgettext("signature", "Approved") if number == last else pgettext("signature", "Agreed")
        for number in range(len(kept))
    ]
    return [
        _block(number, step, words[number - 1], seals, returns, digits) for number, step in enumerate(kept, start=1)
    ]


def emergency_lines(rows: list[Json], digits: Digits) -> list[tuple[str, str]]:
    """What the form says about publications without the chain."""
    lines = []
    for row in rows:
        at, who = when_text(row["published_at"], digits), person_text(row["published_by"])
        lines.append((_("Published in an emergency, without its chain"), f"{at} · {who}"))
        lines.append((_("Reason"), row["reason"]))
        if row["outcome"]:
            word = _named([row["outcome"]], EmergencyPublication.Outcome.choices)
            decided = f"{word} · {when_text(row['decided_at'], digits)} · {person_text(row['decided_by'])}"
        else:
            decided = _("Not confirmed by a second person yet")
        lines.append((_("Decision of the second person"), decided))
    return lines


def withdrawal_mark(row: Json) -> str:
    """What became of an approval, in the few words that are printed large."""
    return pgettext("mark on paper", "Approval withdrawn") if row["by"] else pgettext("mark on paper", "Expired")


def withdrawal_lines(row: Json, digits: Digits) -> list[tuple[str, str]]:
    """What the form says about an approval that was given up: when, by whom and in what capacity, why (R39, R43)."""
    who = person_text(row["by"]) if row["by"] else _("The system, because the item had expired")
    lines = [
        (
            _("Approval withdrawn") if row["by"] else _("Expired before it went live"),
            _("The signatures below count no more; a new submission begins at the first step."),
        ),
        (_("Time"), when_text(row["at"], digits)),
        (_("By"), who),
        (_("Capacity"), row["capacity"]),
        (_("Reason"), row["reason"]),
    ]
    return [(label, text) for label, text in lines if text]


def form_of_facts(
    agency: Agency,
    item: Json,
    submission: Json | None,
    steps: list[Json],
    emergencies: list[Json],
    withdrawals: list[Json],
    digest: str,
) -> RequestForm:
    """The form from kept facts."""
    digits = digits_of(agency)
    blocks = signature_blocks(submission, steps, digits) if submission else []
    begun = submission["submitted_at"] if submission else emergencies[0]["published_at"]
    number = f"{agency.doc_prefix}/" if agency.doc_prefix else ""
    ended = next((row for row in withdrawals if submission and row["revision"] == submission["revision"]), None)
    return RequestForm(
        agency=agency,
        number=thai_digits(number) if digits == "thai" else number,
        day=thai_date(datetime.fromisoformat(begun), "long", digits),
        title=item["title"],
        facts=_facts(item, submission, digits),
        lead=item["lead"],
        blocks=[blocks[at : at + BLOCKS_IN_A_ROW] for at in range(0, len(blocks), BLOCKS_IN_A_ROW)],
        mark=withdrawal_mark(ended) if ended else "",
        withdrawn=withdrawal_lines(ended, digits) if ended else [],
        emergencies=emergency_lines(emergencies, digits),
        fingerprint=grouped(digest),
        digits=digits,
    )


def has_request_form(page) -> bool:
    """Is there anything to print for this page yet?"""
    submitted = Submission.objects.filter(workflow_state__in=chains_of(page)).exists()
    return submitted or EmergencyPublication.objects.filter(page_id=page.pk).exists()


def form_of_page(page, agency: Agency) -> RequestForm | None:
    """The form of the latest submission of a page, or of its latest emergency; None when neither has happened."""
    submissions = Submission.objects.filter(workflow_state__in=chains_of(page)).select_related("revision")
    latest = submissions.select_related("submitted_by__staff_profile").order_by("-submitted_at", "-pk").first()
    emergency = EmergencyPublication.objects.filter(page_id=page.pk).select_related("revision").last()
    shown = latest or emergency
    if shown is None:
        return None
    return form_of_facts(
        agency,
        item_facts(shown.revision.as_object()),
        submission_facts(latest) if latest else None,
        steps_of(page),
        emergencies_of(page.pk),
        withdrawals_of(page),
        content_hash(shown.revision),
    )


def form_of_record(record: ArchiveRecord) -> RequestForm | None:
    """The form of the archived version, from the record alone; None in format 1, which did not keep it."""
    course = record.history
    if not course.get("item"):
        return None
    of_version = [row for row in course["submissions"] if row["revision"] == record.revision_number]
    emergencies = [row for row in course["emergencies"] if row["revision"] == record.revision_number]
    if not (of_version or emergencies):
        return None
    submission = of_version[-1] if of_version else None
    # Records kept before approvals could be withdrawn say nothing of it.
    withdrawals = course.get("withdrawals", [])
    return form_of_facts(
        record.agency, course["item"], submission, course["steps"], emergencies, withdrawals, record.content_hash
    )
