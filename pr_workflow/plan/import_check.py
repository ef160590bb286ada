"""What a file would change in the draft of a plan, worked out before anything is written (R19).

The check is shown to the person and made again when they confirm; its `digest` says whether both saw the same.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from ..thai_time import thai_date
from .headers import Header, header_of
from .known_names import KnownNames
from .line_limit import too_many_lines
from .models import AnnualPlan, PlanActivity
from .reading_rows import LISTS, TEXTS, Line, Reading, bare, label_of, left_office, plain_key, rows_read
from .selectors import activities_of
from .sheets import Sheet
from .words import CHOICES

#: The fields of an activity that a file can carry, in the order of our own files.
COLUMNS = (
    "code", "title", "origin", "mission", "important_day", "start", "end", "target_groups", "channels", "media_formats",
    "responsible_officer", "unit", "indicator", "target_value", "budget_baht",
)  # fmt: skip


@dataclass(frozen=True)
class PlanFile:
    """An uploaded file: its name, the SHA-256 of its bytes, and the table that was chosen in it."""

    name: str
    sha256: str
    sheet: Sheet


@dataclass(frozen=True)
class LineChange:
    """One activity that the file would add or change; `fields` are label, text before, text after."""

    code: str
    title: str
    fields: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass
class ImportCheck:
    """Findings and differences. Without findings, `activities` is the plan as it would be (kept lines first)."""

    file: PlanFile
    header: Header
    reading: Reading
    revision: int | None = None
    new: list[LineChange] = field(default_factory=list)
    changed: list[LineChange] = field(default_factory=list)
    unchanged: list[LineChange] = field(default_factory=list)
    missing: list[LineChange] = field(default_factory=list)
    kept: list[PlanActivity] = field(default_factory=list)
    dropped: list[PlanActivity] = field(default_factory=list)
    added: list[PlanActivity] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        """Everything that keeps the file out, as whole sentences."""
        too_many = [sentence] if (sentence := too_many_lines(len(self.reading.lines))) else []
        return [*too_many, *self.header.problems, *(finding.text for finding in self.reading.findings)]

    @property
    def is_clean(self) -> bool:
        """Nothing has to be corrected."""
        return not self.problems

    @property
    def has_changes(self) -> bool:
        """Would an import write anything, whatever happens to the missing lines?"""
        return bool(self.new or self.changed)

    @property
    def columns_read(self) -> list[tuple[str, str]]:
        """Heading in the file and what it is read as; months come last."""
        named = [(self.header.labels[place], _column_label(name)) for place, name in self.header.columns.items()]
        return [*named, *((self.header.labels[place], _column_label("period")) for place in self.header.times)]

    @property
    def digest(self) -> str:
        """SHA-256 over what is shown: the file, the version of the plan, every finding and every difference."""
        shown: list[Any] = [self.file.sha256, self.file.sheet.name, self.revision, self.problems]
        for group in (self.new, self.changed, self.unchanged, self.missing):
            shown.append([[line.code, line.title, line.fields] for line in group])
        text = json.dumps(shown, cls=DjangoJSONEncoder, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def _column_label(name: str) -> str:
    return label_of("start") + " – " + label_of("end") if name == "period" else label_of(name)


def import_check(plan: AnnualPlan, file: PlanFile) -> ImportCheck:
    """Compare a table with the latest version of the plan; writes nothing. Its queries do not grow with the table."""
    draft = plan.get_latest_revision_as_object()
    activities = activities_of(draft)
    names = KnownNames(plan.agency, kept_officers=[a.responsible_officer_id for a in activities])
    header = header_of(file.sheet, plan.fiscal_year_be)
    reading = Reading() if header.problems else rows_read(file.sheet, header, names, plan.fiscal_year_be)
    check = ImportCheck(file, header, reading, revision=plan.latest_revision_id)
    _refuse_leavers(check, activities)
    if check.is_clean:
        _compare(check, activities, names)
    return check


def _refuse_leavers(check: ImportCheck, activities: list[PlanActivity]) -> None:
    """Somebody who has left may stay where they are, but gets nothing new."""
    holds = {(plain_key(activity.code), activity.responsible_officer_id) for activity in activities}
    holds |= {(plain_key(activity.title), activity.responsible_officer_id) for activity in activities}
    for line in check.reading.lines:
        officer = line.values.get("responsible_officer")
        keys = [plain_key(line.values.get(name) or "") for name in ("code", "title")]
        if officer and not officer.in_office and not any((key, officer.pk) in holds for key in keys):
            check.reading.findings.append(left_office(line.row, check.header, officer))


def _compare(check: ImportCheck, activities: list[PlanActivity], names: KnownNames) -> None:
    by_code = {plain_key(activity.code): activity for activity in activities}
    by_title = {plain_key(activity.title): activity for activity in activities}
    written = {plain_key(line.values.get("code") or "") for line in check.reading.lines}
    free = _free_codes({*by_code, *written})
    met: set[int] = set()
    for line in check.reading.lines:
        code = plain_key(line.values.get("code") or "")
        activity = by_code.get(code) if code else by_title.get(plain_key(line.values["title"]))
        if activity is None or id(activity) in met:
            line.values["code"] = line.values.get("code") or next(free)
            check.added.append(_filled(PlanActivity(), line.values))
            check.new.append(_shown_new(check.added[-1], names))
            continue
        met.add(id(activity))
        fields = _differences(activity, line, names)
        shown = LineChange(activity.code, line.values["title"], fields)
        (check.changed if fields else check.unchanged).append(shown)
        if fields:
            _filled(activity, {name: line.values[name] for name in line.values if name != "code"})
    for activity in activities:
        is_met = id(activity) in met
        (check.kept if is_met else check.dropped).append(activity)
        if not is_met:
            check.missing.append(LineChange(activity.code, activity.title))


def _free_codes(taken: Iterable[str]):
    """Numbers for lines of a file without codes."""
    used, next_number = set(taken), 1
    while True:
        if str(next_number) not in used:
            yield str(next_number)
        next_number += 1


def _filled(activity: PlanActivity, values: dict[str, Any]) -> PlanActivity:
    for name, value in values.items():
        setattr(activity, name, value)
    return activity


def _shown_new(activity: PlanActivity, names: KnownNames) -> LineChange:
    texts = [(label_of(name), "", text_of(activity, name, names)) for name in COLUMNS if name not in ("code", "title")]
    return LineChange(activity.code, activity.title, [entry for entry in texts if entry[2]])


def _differences(activity: PlanActivity, line: Line, names: KnownNames) -> list[tuple[str, str, str]]:
    found = []
    after = PlanActivity()
    for name in COLUMNS:
        if name not in line.values or name == "code":
            continue
        setattr(after, name, line.values[name])
        if _same(name, getattr(activity, name), line.values[name]):
            continue
        found.append((label_of(name), text_of(activity, name, names), text_of(after, name, names)))
    return found


def _same(name: str, old: Any, new: Any) -> bool:
    if name in LISTS:
        return {key for key in old or [] if key in CHOICES[name].values} == set(new)
    if name in TEXTS:
        return bare(old or "") == bare(new)
    return old == new


def text_of(activity: PlanActivity, name: str, names: KnownNames) -> str:
    """A value in the words that are shown, exported, and understood again on import."""
    value = getattr(activity, name)
    if name == "responsible_officer":
        return names.officer_text(value)
    if name == "important_day":
        return names.day_text(value)
    if name == "unit":
        return value.name if value else ""
    if name in LISTS:
        return ", ".join(str(label) for key, label in CHOICES[name].choices if key in (value or []))
    if name == "origin":
        return str(dict(CHOICES[name].choices).get(value, value))
    if isinstance(value, date):
        return thai_date(value, "numeric")
    if name in ("budget_baht", "target_value"):
        return "" if value is None else f"{value:,.2f}".removesuffix(".00")
    return " ".join((value or "").split())
