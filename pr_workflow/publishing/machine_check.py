"""What can be checked of a posted page without a person: is it whole, is it what was approved (R44, R45)."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Any

from ..news.public_content import attachments_json, body_json, media_of
from ..news.readiness import photos_of
from .coverage import coverage
from .findings import Finding
from .site_reader import Contents, Served, SiteReader, contents_of

#: Spaces of every kind: a template may break lines where the text has none.
_SPACE = re.compile(r"[\s\u00a0\u200b\u2060\ufeff]+")
#: Links followed at most; a list of a hundred links is not worth a hundred pages.
MOST_LINKS = 30
#: So much of a missing part is named.
NAMED = 60


def machine_check(*, revision, served: Served, reader: SiteReader) -> list[Finding]:
    """Compare the page as it was served with the version that was approved. Asks only this installation."""
    content = revision.as_object()
    shown = contents_of(served.text)
    verdict = coverage(revision)
    findings = [
        Finding("title", "page_answers", served.status == 200, str(served.status)),
        Finding("title", "title_served", _has(shown, content.title)),
        *([Finding("title", "lead_served", _has(shown, content.lead))] if content.lead else []),
        Finding("content", "sealed", verdict.complete, verdict.reason),
        *_text_findings(content, shown, reader),
        *_picture_findings(content, shown, reader),
        *_file_findings(content, reader),
    ]
    return findings


def _plain(text: str) -> str:
    return _SPACE.sub("", text)


def _has(shown: Contents, text: str) -> bool:
    return _plain(text) in _plain(shown.text)


def _text_findings(content, shown: Contents, reader: SiteReader) -> Iterator[Finding]:
    blocks = [block for block in body_json(content, media_of([content], base_url=reader.base)) if "image" not in block]
    parts = [contents_of(block["html"]) for block in blocks]
    words = [word for part in parts for word in part.words]
    missing = next((word for word in words if not _has(shown, word)), "")
    yield Finding("content", "body_served", not missing, missing[:NAMED])
    paths = dict.fromkeys(path for part in parts for link in part.links if (path := reader.inside(link)))
    yield _all_answer("complete", "links", list(paths)[:MOST_LINKS], reader)


def _picture_findings(content, shown: Contents, reader: SiteReader) -> Iterator[Finding]:
    photos = [photo for _field, _number, photo in photos_of(content)]
    if not photos:
        return
    paths = [path for picture in shown.pictures if (path := reader.inside(picture.get("src", "")))]
    if len(paths) < len(photos):
        yield Finding("images", "pictures_answer", False, f"{len(paths)} / {len(photos)}")
    else:
        yield _all_answer("images", "pictures_answer", dict.fromkeys(paths), reader)
    images = [photo["image"] for photo in photos if photo.get("image")]
    yield _all_sealed("images", "pictures_sealed", images)
    bare = [str(photo.get("image") or "–") for photo in photos if not (photo.get("alt_text") or "").strip()]
    yield Finding("complete", "alt_texts", not bare, ", ".join(bare))


def _file_findings(content, reader: SiteReader) -> Iterator[Finding]:
    documents = [block.value.get("document") for block in content.attachments]
    if not documents:
        return
    found = attachments_json(content, media_of([content], base_url=reader.base))
    if len(found) < len(documents):
        yield Finding("complete", "files_answer", False, f"{len(found)} / {len(documents)}")
    else:
        paths = [path for entry in found if (path := reader.inside(entry["url"]))]
        yield _all_answer("complete", "files_answer", paths, reader)
    yield _all_sealed("complete", "files_sealed", [row for row in documents if row])


def _all_answer(line: str, code: str, paths: Iterable[str], reader: SiteReader) -> Finding:
    broken = [path for path in paths if reader.fetch(path).status >= 400]
    return Finding(line, code, not broken, ", ".join(broken))


def _all_sealed(line: str, code: str, rows: list[Any]) -> Finding:
    """The signature covers the hash each file had in the library; here the bytes themselves are read."""
    other = [row.title for row in rows if _digest(row) != row.get_file_hash()]
    return Finding(line, code, not other, ", ".join(other))


def _digest(row: Any) -> str:
    try:
        with row.file.storage.open(row.file.name, "rb") as source:
            return hashlib.file_digest(source, "sha1").hexdigest()  # what Wagtail keeps in `file_hash`
    except OSError:
        return ""
