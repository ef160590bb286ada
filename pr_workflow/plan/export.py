"""A plan as a file for Excel, and the same as CSV; either comes back through the import unchanged (R19).

Dates are text in B.E. (13/04/2570): a real date would show its C.E. year wherever Thai formats are unknown, and people
would correct what is right. Everything a person typed is written as text, so that nothing of it can run as a formula.
"""

import csv
from decimal import Decimal
from io import BytesIO, StringIO

from django.conf import settings
from django.utils import translation
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from .csv_file import guarded
from .import_check import COLUMNS, text_of
from .known_names import KnownNames
from .models import AnnualPlan
from .reading_rows import bare, label_of
from .selectors import activities_of

NUMBERS = ("target_value", "budget_baht")
#: Characters of the usual font that fit side by side.
WIDTHS = {"code": 9, "title": 42, "important_day": 24, "target_groups": 26, "channels": 24, "media_formats": 24,
          "responsible_officer": 24, "mission": 24, "unit": 24, "indicator": 30}  # fmt: skip
USUAL_WIDTH = 14
AS_TEXT, AS_MONEY = "@", "#,##0.00"
Value = str | Decimal | None


def plan_table(plan: AnnualPlan) -> list[list[Value]]:
    """Headings and lines of the latest version of a plan, in the language of the site; numbers stay numbers."""
    activities = activities_of(plan.get_latest_revision_as_object())
    names = KnownNames(plan.agency, kept_officers=[activity.responsible_officer_id for activity in activities])
    with translation.override(settings.LANGUAGE_CODE):
        table: list[list[Value]] = [[label_of(name) for name in COLUMNS]]
        for activity in activities:
            table.append(
                [
                    getattr(activity, name) if name in NUMBERS else bare(text_of(activity, name, names))
                    for name in COLUMNS
                ]
            )
    return table


def workbook_of(plan: AnnualPlan) -> bytes:
    """The plan as an .xlsx file: frozen headings, widths, a filter, and a page that prints landscape."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101  a new workbook has one; this is for the type checker
    sheet.title = str(plan.fiscal_year_be)
    for number, values in enumerate(plan_table(plan), start=1):
        for place, value in enumerate(values, start=1):
            _write(sheet.cell(row=number, column=place), value, is_heading=number == 1)
    for place, name in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = WIDTHS.get(name, USUAL_WIDTH)
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _write(cell, value: Value, *, is_heading: bool) -> None:
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if isinstance(value, str):
        cell.value = value
        # openpyxl takes a text that begins with = for a formula; Excel would take it so again on the next edit.
        cell.data_type, cell.number_format = "s", AS_TEXT
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
    elif value is not None:
        cell.value, cell.number_format = value, AS_MONEY
    if is_heading:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E7EEF4")


def csv_of(plan: AnnualPlan) -> bytes:
    """The plan as CSV in UTF-8 with the mark that tells Excel so; cells like formulas begin with '."""
    text = StringIO()
    writer = csv.writer(text)
    for values in plan_table(plan):
        writer.writerow([guarded(value) if isinstance(value, str) else _plain(value) for value in values])
    return text.getvalue().encode("utf-8-sig")


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value:.2f}"
