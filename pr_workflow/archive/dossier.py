"""An archive record laid out for reading, on the screen and on paper: titled tables of words and dates."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.encoding import uri_to_iri
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from ..audit.models import AuditEntry
from ..audit.wording import act_in_words
from ..distribution.models import Delivery
from ..news.models import NewsType
from ..news.selectors import news_page_models
from ..publishing.models import EmergencyPublication, PublicationCheck, TakeDown
from ..publishing.selectors import closing_in_words
from ..publishing.verification import CHECK_LINES
from ..thai_time import thai_datetime
from .evidence import Json
from .files import file_is_whole
from .models import ArchiveRecord
from .request_form import person_text


def readable_address(url: str) -> str:
    """An address as a person reads it: Thai letters in place of their percent codes."""
    return str(uri_to_iri(url))


@dataclass(frozen=True)
class Link:
    """A cell that leads somewhere; paper prints its text."""

    text: str
    url: str

    def __str__(self):
        return self.text


@dataclass(frozen=True)
class Rows:
    """A table: a title, headings, and lines of equal length."""

    title: str
    headings: tuple[str, ...]
    lines: tuple[tuple, ...]

    def labelled(self) -> Iterator[list[tuple[str, Any]]]:
        """Each line as pairs of heading and cell, for narrow screens."""
        for line in self.lines:
            yield list(zip(self.headings, line, strict=True))


#: Makes the address of kept bytes from their SHA-256, where the reader may open them.
KeptUrl = Callable[[str], str]


def _when(text: str | None) -> str:
    return thai_datetime(datetime.fromisoformat(text)) if text else "–"


def _rows(title: str, headings: Iterable[str], lines: Iterable[tuple]) -> Rows:
    return Rows(title, tuple(headings), tuple(lines))


def _joined(*texts: str) -> str:
    return " · ".join(text for text in texts if text) or "–"


def type_in_words(news_type: str) -> str:
    """What the kept type means now; the record keeps the code."""
    return str(dict(NewsType.choices).get(news_type, news_type))


def approval_rows(record: ArchiveRecord) -> Rows:
    """Who signed which step, in which capacity, when. Records from before delegations carry no capacity."""
    return _rows(
        _("Approvals"),
        (_("Step"), _("Name"), _("Position"), _("Time"), _("Comment")),
        (
            (r["step"], r["name"], _joined(r["position"], r.get("capacity", "")), _when(r["at"]), r["comment"] or "–")
            for r in record.approvals
        ),
    )


def _wrong_lines(answers: Json) -> str:
    wrong = [str(text) for line, text in CHECK_LINES.items() if answers.get(line) is False]
    return _("Not so: %(lines)s") % {"lines": " ".join(wrong)} if wrong else ""


def _coordination(row: Json) -> str:
    """Records from before this was asked carry no such entry."""
    return _("Coordinated with: %(people)s") % {"people": row["coordination"]} if row.get("coordination") else ""


def check_rows(record: ArchiveRecord, kept_url: KeptUrl | None = None) -> Rows:
    """Each round of checking, its answer, and the page as it was served then."""
    words = dict(PublicationCheck.Result.choices)

    def snapshot(row: Json):
        digest = row.get("snapshot_sha256", "")
        if not digest:
            return "–"
        return Link(_when(row["snapshot_at"]), kept_url(digest)) if kept_url else _when(row["snapshot_at"])

    return _rows(
        _("Checks after posting"),
        (_("Round"), _("Result"), _("Answered by"), _("Time"), _("Remark"), _("Snapshot")),
        (
            (
                r["round"] or _("first posting"),
                words.get(r["result"], _("not answered")),
                r["answered_by"] or "–",
                _when(r["answered_at"]),
                _joined(r["note"], _wrong_lines(r["answers"]), _coordination(r)),
                snapshot(r),
            )
            for r in record.checks
        ),
    )


def delivery_rows(record: ArchiveRecord) -> Rows:
    """Where the item went, what came back, and whether the post was removed again."""
    words = dict(Delivery.State.choices)
    return _rows(
        _("Distribution"),
        (_("Channel"), _("State"), _("Sent at"), _("Attempts"), _("Proof"), _("Removed")),
        (
            (
                r["channel"],
                _joined(str(words.get(r["state"], r["state"])), r["error"]),
                _when(r["sent_at"]),
                r["attempts"],
                readable_address(r["external_url"]) or r["external_id"] or "–",
                _when(r.get("removed_at")),
            )
            for r in record.deliveries
        ),
    )


def file_rows(record: ArchiveRecord, kept_url: KeptUrl | None = None) -> Rows:
    """The kept files with their fingerprints, each read and compared."""

    def state(row: Json) -> str:
        if not row["sha256"]:
            return _("deleted before it could be kept")
        return _("verified") if file_is_whole(row) else _("NOT VERIFIED: gone or changed")

    def name(row: Json):
        return Link(row["name"], kept_url(row["sha256"])) if kept_url and row["sha256"] else row["name"]

    return _rows(
        _("Files"),
        (_("Name"), _("Size"), _("SHA-256"), _("State")),
        ((name(r), filesizeformat(r["size"]), r["sha256"] or "–", state(r)) for r in record.files),
    )


def posting_rows(course: Json) -> Rows:
    """The IT officer's work."""
    return _rows(
        _("Posting"),
        (_("Approved at"), _("Received"), _("Posted by"), _("Go-live time"), _("Went live at"), _("Remark")),
        (
            (
                _when(r["opened_at"]),
                _when(r["received_at"]),
                person_text(r["posted_by"]),
                _when(r["go_live_at"]),
                _when(r["went_live_at"]),
                closing_in_words(r["closed_reason"]) or "–",
            )
            for r in course["postings"]
        ),
    )


def withdrawal_rows(course: Json) -> Rows:
    """Approvals given up before their version was public. Records from before this was kept say nothing of it."""
    return _rows(
        _("Withdrawn approvals"),
        (_("Time"), _("By"), _("Capacity"), _("Reason")),
        (
            (
                _when(r["at"]),
                person_text(r["by"]) if r["by"] else _("The system, because the item had expired"),
                r["capacity"] or "–",
                r["reason"],
            )
            for r in course.get("withdrawals", [])
        ),
    )


def emergency_rows(course: Json) -> Rows:
    """Publications without the chain."""
    words = dict(EmergencyPublication.Outcome.choices)
    return _rows(
        _("Emergency publications"),
        (_("Published"), _("By"), _("Reason"), _("Outcome"), _("Decided by"), _("Time")),
        (
            (
                _when(r["published_at"]),
                person_text(r["published_by"]),
                r["reason"],
                words.get(r["outcome"], _("not confirmed")),
                person_text(r["decided_by"]),
                _when(r["decided_at"]),
            )
            for r in course["emergencies"]
        ),
    )


def correction_rows(course: Json) -> Rows:
    """The numbered rounds of correction."""
    return _rows(
        _("Corrections"),
        (_("Round"), _("Opened"), _("Due"), _("Closed")),
        (
            (r["number"], _when(r["opened_at"]), _when(r["due_at"]), _when(r["closed_at"]))
            for r in course["corrections"]
        ),
    )


def take_down_rows(course: Json) -> Rows:
    """When the page left the site, and why."""
    words = dict(TakeDown.Kind.choices)
    return _rows(
        _("Take-downs"),
        (_("Time"), _("By"), _("Kind"), _("Reason"), _("Live again")),
        (
            (
                _when(r["taken_down_at"]),
                person_text(r["taken_down_by"]),
                words.get(r["kind"], r["kind"]),
                _joined(closing_in_words(r["reason"]), r["notice"]),
                _when(r["ended_at"]),
            )
            for r in course["take_downs"]
        ),
    )


def pause_rows(course: Json) -> Rows:
    """When a clock stood still."""
    return _rows(
        _("Pauses"),
        (_("From"), _("Until"), _("Waiting for"), _("Reason")),
        ((_when(r["paused_at"]), _when(r["resumed_at"]), r["waiting_for"], r["reason"]) for r in course["pauses"]),
    )


def log_rows(course: Json) -> Rows:
    """The course of the item as the log kept it."""
    return _rows(
        _("Course of the item"),
        (_("Time"), _("What"), _("Who"), _("Detail")),
        ((_when(r["at"]), act_in_words(r["verb"]), r["actor"] or "–", _detail(r["data"])) for r in course["log"]),
    )


def _detail(data: Json) -> str:
    texts = (str(data[key]) for key in ("step", "reason", "comment", "note") if data.get(key))
    return _joined(*(closing_in_words(text) for text in texts))


def later_rows(record: ArchiveRecord) -> Rows:
    """What happened to the item and its record since: read from the log now, no part of the record."""
    item = [model._meta.label for model in news_page_models()]
    rows = AuditEntry.objects.filter(agency=record.agency_id, at__gt=record.archived_at)
    about_item = rows.filter(target_type__in=item, target_id=str(record.page_number))
    about_record = rows.filter(target_type=record._meta.label, target_id=str(record.pk))
    return _rows(
        _("After archiving"),
        (_("Time"), _("What"), _("Who"), _("Detail")),
        (
            (thai_datetime(r.at), act_in_words(r.verb), r.actor_name or "–", _detail(r.data))
            for r in (about_item | about_record).order_by("pk")
        ),
    )


def tables_of(record: ArchiveRecord, kept_url: KeptUrl | None = None) -> list[Rows]:
    """Every table of the dossier; those nothing happened for are left out, but for the four a reader looks for."""
    course = record.history
    always = [approval_rows(record), check_rows(record, kept_url), delivery_rows(record), file_rows(record, kept_url)]
    if not course.get("item"):
        return always
    makers = (withdrawal_rows, emergency_rows, posting_rows, correction_rows, take_down_rows, pause_rows, log_rows)
    sometimes = [rows for rows in (make(course) for make in makers) if rows.lines]
    return [*always, *sometimes]


def body_text(record: ArchiveRecord) -> list[str]:
    """The text of the news as it was approved, as paragraphs without markup."""
    blocks = json.loads(record.content["revision"].get("body") or "[]")
    pieces = [block["value"] for block in blocks if isinstance(block.get("value"), str)]
    paragraphs = (part for piece in pieces for part in re.split(r"</(?:p|li|blockquote)>|\n", piece))
    return [text for text in (unescape(strip_tags(part)).strip() for part in paragraphs) if text]
