"""The papers of an item: its request form, and the whole dossier (S1 §4.3 and §4.6, R49)."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from ..paper import own_file
from ..thai_time import Digits, thai_date, thai_datetime, thai_digits
from .dossier import Rows, body_text, later_rows, readable_address, tables_of, type_in_words
from .evidence import account_name
from .models import ArchiveRecord
from .request_form import RequestForm, digits_of, form_of_page, form_of_record, grouped
from .selectors import is_held, record_problems

SHEETS = (own_file("paper.css"),)


def paper_html(name: str, agency, *, address: str, reader, now: datetime, **context: Any) -> str:
    """A paper of an agency from its template: with our sheets (or those in `context`), digits, and who printed it."""
    digits = digits_of(agency)
    context = {
        "sheets": SHEETS,
        "digits": digits,
        "address": address,
        "printed_at": thai_datetime(now, "short", digits),
        "printed_by": account_name(reader),
    } | context
    return render_to_string(f"pr_workflow/archive/paper/{name}.html", context)


def _form_html(form: RequestForm | None, agency, *, address: str, reader, now: datetime) -> str:
    if form is None:
        return ""
    return paper_html(
        "request_form", agency, address=address, reader=reader, now=now, form=form, fingerprint=form.fingerprint
    )


def request_form_html(page, agency, *, address: str, reader, now: datetime) -> str:
    """The request form of a page as HTML for paper; empty before its first submission."""
    with translation.override(settings.LANGUAGE_CODE):
        return _form_html(form_of_page(page, agency), agency, address=address, reader=reader, now=now)


def record_form_html(record: ArchiveRecord, *, address: str, reader, now: datetime) -> str:
    """The request form of an archived version; empty for a record of format 1."""
    with translation.override(settings.LANGUAGE_CODE):
        return _form_html(form_of_record(record), record.agency, address=address, reader=reader, now=now)


def dossier_html(record: ArchiveRecord, *, address: str, reader, now: datetime) -> str:
    """The whole dossier as HTML for paper: facts, form, text, every table."""
    with translation.override(settings.LANGUAGE_CODE):
        digits = digits_of(record.agency)
        facts = [
            (_("Type"), type_in_words(record.news_type)),
            (_("Fiscal year"), str(record.fiscal_year_be)),
            (_("Address"), readable_address(record.url)),
            (_("Went live at"), thai_datetime(record.went_live_at, "long", digits)),
            (_("Archived at"), f"{thai_datetime(record.archived_at, 'long', digits)} {record.archived_by_name}"),
            (_("Keep until"), thai_date(record.retain_until, "long", digits)),
            (_("Legal hold"), _("In force: must not be deleted") if is_held(record) else _("None")),
            (_("Content hash"), record.content_hash),
            (_("Record hash"), record.record_hash),
        ]
        tables = [in_digits(table, digits) for table in (*tables_of(record), later_rows(record))]
        return paper_html(
            "dossier",
            record.agency,
            address=address,
            reader=reader,
            now=now,
            record=record,
            facts=facts,
            problems=record_problems(record),
            lead=record.content["revision"].get("lead", ""),
            body=body_text(record),
            tables=[table for table in tables if table.lines],
            form=form_of_record(record),
            fingerprint=grouped(record.content_hash),
        )


def in_digits(table: Rows, digits: Digits) -> Rows:
    """The table with its moments in the agency's digits; numbers that are names (hashes, addresses) stay."""
    if digits == "arabic":
        return table
    lines = tuple(
        tuple(thai_digits(cell) if str(cell).endswith(" น.") else cell for cell in line) for line in table.lines
    )
    return replace(table, lines=lines)


def request_form_name(title: str) -> str:
    """The file name of a printed request form, in the language of the site."""
    with translation.override(settings.LANGUAGE_CODE):
        return f"{_('Request to publish')} {title}"[:120] + ".pdf"


def dossier_name(title: str, ending: str) -> str:
    """The file name of a printed or exported dossier, in the language of the site."""
    with translation.override(settings.LANGUAGE_CODE):
        return f"{_('Dossier')} {title}"[:120] + ending
