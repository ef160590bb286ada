"""An archive record as a JSON document that anybody can check without this system (R49, docs/reference/archive.md)."""

import json
from typing import Any

from ..people.models import Agency
from .models import ArchiveRecord
from .selectors import hashed_fields, hashed_values, values_digest

SCHEMA = "prakat-archive-record"


def record_document(record: ArchiveRecord) -> dict[str, Any]:
    """The export: `record` holds exactly what the record hash covers, the rest only explains it."""
    agency: Agency = record.agency
    return {
        "schema": SCHEMA,
        "format": record.format,
        "agency": {"code": agency.code, "name": agency.name},
        "went_live_at": record.went_live_at.isoformat(),
        "archived_at": record.archived_at.isoformat(),
        "hashed_fields": list(hashed_fields(record.format)),
        "record_hash": record.record_hash,
        "record": hashed_values(record),
    }


def document_text(record: ArchiveRecord) -> str:
    """The export as it is downloaded."""
    return json.dumps(record_document(record), ensure_ascii=False, indent=1)


def document_problems(document: Any) -> list[str]:
    """What is wrong with an exported document; empty when its hash is right."""
    try:
        if document["schema"] != SCHEMA:
            return ["schema"]
        names = hashed_fields(document["format"])
        values = [document["record"][name] for name in names]
    except (KeyError, TypeError):
        return ["schema"]
    return [] if values_digest(values) == document["record_hash"] else ["record"]
