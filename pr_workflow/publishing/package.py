"""The file package of an approved item: what was sealed, with every picture and attachment, as one ZIP (S1 §4.4, R42).

Written as a stream: no file is ever held in memory as a whole. The manifest comes last, because it tells the size and
SHA-256 of what was written before it.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePath
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import filetype
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from ..approval.content_hash import files_used_by
from ..thai_time import BANGKOK
from .models import Posting
from .projection import projection_of
from .sealed_page import sealed_page

CHUNK = 64 * 1024
#: Enough of a file for its magic bytes.
HEAD = 8192
#: Containers that are ZIP or OLE inside: their magic bytes say only that.
INSIDE = {"zip": {"docx", "xlsx", "pptx", "odt", "ods", "odp", "epub"}, "doc": {"xls", "ppt"}, "mp4": {"m4a", "mov"}}
SAME = {"jpeg": "jpg", "tiff": "tif", "htm": "html"}
#: Plain text has no magic bytes.
TEXTS = {"txt", "csv", "md", "html", "json", "xml", "svg"}


class _Sink:
    """Where the ZIP is written to; what has come so far is taken out piece by piece."""

    def __init__(self):
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""

    def take(self) -> bytes:
        found, self._pieces = b"".join(self._pieces), []
        return found


def format_problem(name: str, head: bytes) -> str:
    """What is wrong when the first bytes of a file are not those of its ending; empty when they fit."""
    ending = PurePath(name).suffix.lower().lstrip(".")
    ending = SAME.get(ending, ending)
    kind = filetype.guess(head)
    real = SAME.get(kind.extension, kind.extension) if kind else ""
    if real == ending or ending in INSIDE.get(real, ()) or (not real and ending in TEXTS):
        return ""
    if not real:
        return _("The name ends in “.%(ending)s”, but the content is of no known format.") % {"ending": ending}
    return _("The name ends in “.%(ending)s”, but the content is “.%(real)s”.") % {"ending": ending, "real": real}


def file_name(number: int, title: str, stored: str) -> str:
    """A name for people: number, title in Thai, the ending of the stored file."""
    words = re.sub(r'[\\/:*?"<>|\x00-\x1f]+', " ", title).strip(" .")
    return f"{number:02d} {words[:80].strip() or 'file'}{PurePath(stored).suffix.lower()}"


def package_name(posting: Posting) -> str:
    """Name of the ZIP."""
    return f"{file_name(posting.pk, str(posting), '')}.zip"


def package_stream(posting: Posting, *, now: datetime) -> Iterator[bytes]:
    """The ZIP of a posting, piece by piece. A file that cannot be read is named in the manifest instead.

    Raises `UnknownContent` before the first piece when the sealed version cannot be shown any more.
    """
    page = sealed_page(posting.revision)
    texts, files = _texts(page, posting, now), files_used_by(page)
    return _written(page, posting, texts, files, now)


def _texts(page: Any, posting: Posting, now: datetime) -> dict[str, bytes]:
    projection = projection_of(page, revision=posting.revision, now=now)
    content = json.loads(projection.fields["detail_json"]) if projection else {"title": page.title, "lead": page.lead}
    html = render_to_string("pr_workflow/publishing/package.html", {"content": content, "page": page})
    body = "\n\n".join(strip_tags(block["html"]).strip() for block in content.get("body", []))
    return {
        "content.html": html.encode(),
        "content.txt": "\n\n".join(filter(None, [page.title, page.lead, body])).encode(),
        "content.json": json.dumps(content, ensure_ascii=False, indent=1).encode(),
    }


def _written(page: Any, posting: Posting, texts: dict[str, bytes], files: list, now: datetime) -> Iterator[bytes]:
    sink, entries = _Sink(), []
    with ZipFile(sink, "w", ZIP_DEFLATED) as package:  # type: ignore[call-overload]
        for name, data in texts.items():
            package.writestr(name, data)
            entries.append({"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()})
            yield sink.take()
        for number, used in enumerate(files, start=1):
            yield from _file_written(package, sink, number, used, entries)
        manifest = {
            "title": page.title,
            "revision": posting.revision_id,
            "packed_at": now.astimezone(BANGKOK).isoformat(timespec="seconds"),
            "files": entries,
            "problems": [f"{entry['name']}: {entry['problem']}" for entry in entries if "problem" in entry],
        }
        package.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
    yield sink.take()


def _file_written(package: ZipFile, sink: _Sink, number: int, used: Any, entries: list) -> Iterator[bytes]:
    """One picture or attachment; its line in the manifest is added to `entries`."""
    if used.row is None:
        entries.append({"name": f"{used.label} {used.key}", "problem": _("Deleted after the approval.")})
        return
    stored = used.row.file.name
    name = "files/" + file_name(number, used.row.title, stored)
    digest, size, problem = hashlib.sha256(), 0, ""
    try:
        with used.row.file.storage.open(stored, "rb") as source, package.open(_info(name), "w") as target:
            while data := source.read(CHUNK):
                problem = problem if size else format_problem(stored, data[:HEAD])
                digest.update(data)
                size += len(data)
                target.write(data)
                yield sink.take()
    except OSError as error:
        problem = _("The file cannot be read (%(kind)s).") % {"kind": type(error).__name__}
    entry = {"name": name, "stored_as": stored, "size": size, "sha256": digest.hexdigest()}
    entries.append({**entry, "problem": problem} if problem else entry)


def _info(name: str) -> ZipInfo:
    """Pictures and office files are compressed already. A name that is not ASCII sets the UTF-8 flag."""
    info = ZipInfo(name)
    info.compress_type = ZIP_STORED
    return info
