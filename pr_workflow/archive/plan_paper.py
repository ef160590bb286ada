"""The annual plan on paper: in force with its signatures, or as a draft that says so (S1 §4.1, S2 §3.3, R22).

It lies here, behind the approval, because the plan knows no signatures; it is drawn like the other papers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import pgettext

from ..approval.content_hash import content_hash
from ..approval.models import Submission
from ..approval.selectors import chain_tasks
from ..paper import own_file
from ..plan.models import ActivityCancellation, AnnualPlan, PlanActivity
from ..plan.selectors import activities_of, public_cancellations
from ..stages import ChannelKind, MediaFormat, TargetGroup
from ..thai_time import Digits, bangkok_date, thai_date, thai_date_range, thai_digits
from .evidence import steps_of, submission_facts
from .printing import SHEETS, paper_html
from .request_form import BLOCKS_IN_A_ROW, SignatureBlock, digits_of, grouped, signature_blocks


@dataclass(frozen=True)
class PaperLine:
    """One activity as finished text."""

    code: str
    title: str
    important_day: str
    mission: str
    unit: str
    period: str
    audience: str
    ways: str
    officer: str
    indicator: str
    budget: str
    cancelled_on: str
    public_note: str


@dataclass(frozen=True)
class PaperTable:
    """The activities of one origin, with their sum."""

    heading: str
    lines: list[PaperLine]
    total: str


def plan_html(plan: AnnualPlan, *, is_draft: bool, address: str, reader, now: datetime) -> str:
    """The paper as HTML, in the language of the site; empty when there is no such version of the plan.

    Args: is_draft, the latest version, marked as a draft and without a signature; otherwise the version in force.
    now, aware.
    """
    revision = plan.latest_revision if is_draft else plan.live_revision
    if revision is None or not (is_draft or plan.live):
        return ""
    digits = digits_of(plan.agency)
    with translation.override(settings.LANGUAGE_CODE):
        version: AnnualPlan = revision.as_object()
        activities, cancelled = activities_of(version), public_cancellations(plan)
        blocks = _empty_blocks(version) if is_draft else _signed_blocks(plan, revision, digits)
        return paper_html(
            "plan",
            plan.agency,
            address=address,
            reader=reader,
            now=now,
            sheets=(*SHEETS, own_file("plan_paper.css")),
            plan=version,
            is_draft=is_draft,
            fiscal_year=_in_digits(version.fiscal_year_be, digits),
            number=_in_digits(version.doc_number, digits),
            day=thai_date(version.doc_date, "long", digits) if version.doc_date else "",
            tables=list(_tables(activities, cancelled, digits)),
            has_cancelled=any(activity.uuid in cancelled for activity in activities),
            total=_baht(activities, digits),
            blocks=[blocks[at : at + BLOCKS_IN_A_ROW] for at in range(0, len(blocks), BLOCKS_IN_A_ROW)],
            fingerprint=grouped(content_hash(revision, version)),
        )


def plan_paper_name(plan: AnnualPlan, *, is_draft: bool) -> str:
    """The file name, in the language of the site."""
    with translation.override(settings.LANGUAGE_CODE):
        mark = f"{pgettext('mark on paper', 'Draft')} " if is_draft else ""
        return f"{mark}{plan.title}"[:120] + ".pdf"


def _in_digits(value: object, digits: Digits) -> str:
    return thai_digits(value) if digits == "thai" else str(value)


def _baht(activities: Iterable[PlanActivity], digits: Digits) -> str:
    total = sum((activity.budget_baht or Decimal() for activity in activities), Decimal())
    return _in_digits(f"{total:,.2f}".removesuffix(".00"), digits)


def _tables(activities: list[PlanActivity], cancelled: Mapping[UUID, ActivityCancellation], digits: Digits):
    """By mission first, by festival second; a table without lines is left out."""
    for origin in PlanActivity.Origin:
        lines = sorted((a for a in activities if a.origin == origin), key=lambda a: (a.start, a.sort_order or 0))
        if lines:
            yield PaperTable(
                str(origin.label),
                [_line(line, cancelled.get(line.uuid), digits) for line in lines],
                _baht(lines, digits),
            )


def _line(activity: PlanActivity, cancelled: ActivityCancellation | None, digits: Digits) -> PaperLine:
    """The figures as approved. Of a cancellation the day and what the public reads, as on the public plan (R24)."""
    ways = [_named(activity.media_formats, MediaFormat.choices), _named(activity.channels, ChannelKind.choices)]
    officer, target = activity.responsible_officer, activity.target_value
    goal = "" if target is None else f"({_in_digits(f'{target:,.2f}'.removesuffix('.00'), digits)})"
    return PaperLine(
        code=activity.code,
        title=activity.title,
        important_day=activity.important_day.name_th if activity.important_day else "",
        mission=activity.mission.strip(),
        unit=activity.unit.name if activity.unit else "",
        period=thai_date_range(activity.start, activity.end, "short", digits),
        audience=_named(activity.target_groups, TargetGroup.choices),
        ways=" / ".join(filter(None, ways)),
        officer=officer.display_name if officer else "",
        indicator=" ".join(filter(None, (activity.indicator, goal))),
        budget=_baht([activity], digits),
        cancelled_on=thai_date(bangkok_date(cancelled.at), "short", digits) if cancelled else "",
        public_note=cancelled.public_note if cancelled else "",
    )


def _named(keys: Iterable[str] | None, choices) -> str:
    return ", ".join(str(label) for key, label in choices if key in (keys or []))


def _signed_blocks(plan: AnnualPlan, revision, digits: Digits) -> list[SignatureBlock]:
    """What the people of the chain signed for exactly this version, in the capacity of their seals."""
    submission = Submission.objects.filter(revision=revision).order_by("-submitted_at", "-pk").first()
    return signature_blocks(submission_facts(submission), steps_of(plan), digits) if submission else []


def _empty_blocks(version: AnnualPlan) -> list[SignatureBlock]:
    """A block with dotted lines for each step the plan will pass; the last one approves."""
    workflow = version.get_workflow()
    names = [task.name for task in chain_tasks(workflow)] if workflow else []
    digits = digits_of(version.agency)
    blocks = [
        SignatureBlock(_in_digits(number, digits), name, pgettext("signature", "Agreed"))
        for number, name in enumerate(names, start=1)
    ]
    if blocks:
        blocks[-1] = replace(blocks[-1], word=pgettext("signature", "Approved"))
    return blocks
