"""The progress of a plan as an Excel workbook, in the language of the site (R24)."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from ..plan.reading_rows import bare
from ..thai_time import thai_date, thai_date_range
from .selectors import PlanProgress, Unplanned, counts_of
from .standing import ActivityProgress

WIDTHS = {"A": 12, "B": 46, "C": 24, "D": 26, "E": 28, "F": 24, "G": 11, "H": 11, "I": 11, "J": 11, "K": 40}


def progress_workbook(progress: PlanProgress, rows: list[ActivityProgress], unplanned: Unplanned) -> bytes:
    """Three sheets: the activities in `rows`, how many stand where, and what was not planned."""
    with translation.override(settings.LANGUAGE_CODE):
        book = Workbook()
        _sheet(book, _("Activities"), _activities(rows))
        _sheet(book, _("Totals"), [[_("Standing"), _("Activities")], *_totals(rows)])
        _sheet(book, _("Not planned"), _unplanned(unplanned))
        book.remove(book.worksheets[0])
        buffer = BytesIO()
        book.save(buffer)
    return buffer.getvalue()


def _activities(rows: Iterable[ActivityProgress]) -> list[list[Any]]:
    heading = [
        _("Code"),
        _("Activity"),
        _("Period"),
        _("Unit or school"),
        _("Officer"),
        _("Standing"),
        _("Items"),
        _("Published"),
        _("Of these late"),
        _("Taken back"),
        _("Reason of the cancellation"),
    ]
    table: list[list[Any]] = [heading]
    for row in rows:
        line, officer = row.activity, row.activity.responsible_officer
        table.append(
            [
                line.code,
                line.title,
                thai_date_range(line.start, line.end, "short"),
                line.unit.name if line.unit else "",
                officer.display_name if officer else "",
                str(row.standing.label),
                row.produced,
                row.published,
                row.published_late,
                row.taken_back,
                row.cancellation.reason if row.cancellation else "",
            ]
        )
    return table


def _totals(rows: list[ActivityProgress]) -> list[list[Any]]:
    return [
        *([str(standing.label), number] for standing, number in counts_of(rows).items()),
        [_("Together"), len(rows)],
    ]


def _unplanned(unplanned: Unplanned) -> list[list[Any]]:
    items = [
        [item.title, thai_date(item.day) if item.day else "", str(item.standing().label)] for item in unplanned.items
    ]
    months = [[name, number] for name, number in unplanned.months]
    return [[_("Headline"), _("Day"), _("Standing")], *items, [], [_("Month"), _("Items")], *months]


def _sheet(book: Workbook, title: str, table: list[list[Any]]) -> None:
    sheet = book.create_sheet(title[:31])
    for number, values in enumerate(table, start=1):
        for place, value in enumerate(values, start=1):
            cell = sheet.cell(row=number, column=place)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if isinstance(value, str):
                cell.value = bare(value)
                # A text that begins with = is no formula: what a person typed must not run.
                cell.data_type, cell.number_format = "s", "@"
                cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
            else:
                cell.value = value
            if number == 1:
                cell.font = Font(bold=True)
    for column, width in WIDTHS.items():
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
