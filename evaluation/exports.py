"""A weekly report as an Excel workbook (R66)."""

from io import BytesIO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from pr_workflow.thai_time import thai_date_range, thai_datetime

from .models import WeeklyReport
from .wording import figure_rows, measure_rows

BOLD = Font(bold=True)
WIDTHS = {"A": 34, "B": 52, "C": 12, "D": 12, "E": 12}


def weekly_report_xlsx(report: WeeklyReport) -> bytes:
    """The report as .xlsx bytes: the five measures on one sheet, their details and the figures below."""
    book = Workbook()
    sheet = book.active
    sheet.title = _("Weekly report")
    sheet.append([str(report.agency.name)])
    sheet.append([_("Week"), thai_date_range(report.week_start, report.week_end)])
    sheet.append([_("Built at"), thai_datetime(report.built_at)])
    sheet.append([])
    sheet.append([_("Measure"), _("Meaning"), _("Good"), _("Total"), _("Percent")])
    header = sheet.max_row
    for row in measure_rows(report):
        percent = row["percent"] if row["percent"] is not None else _("nothing to measure")
        sheet.append([str(row["name"]), str(row["meaning"]), row["good"], row["total"], percent])
        for word, value in row["details"]:
            sheet.append(["", str(word), value if value is not None else "–"])
    sheet.append([])
    sheet.append([_("Figures of the week")])
    figures = sheet.max_row
    for word, value in figure_rows(report):
        sheet.append(["", str(word), value])
    for cell in (*sheet[1], *sheet[header], *sheet[figures]):
        cell.font = BOLD
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for column, width in WIDTHS.items():
        sheet.column_dimensions[column].width = width
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()
