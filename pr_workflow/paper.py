"""Paper: a PDF of our own HTML, with self-hosted fonts and without the network (S1 §4.6, R49).

Ground floor: it knows HTML and files of ours, nothing of the steps. WeasyPrint and the Pango library it draws with are
loaded with the first page, so that a machine without them still runs everything else.
"""

import importlib
import logging
import re
from functools import cache
from pathlib import PurePosixPath
from types import ModuleType
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpResponse
from django.utils.translation import gettext as _
from PIL import ImageFile

logger = logging.getLogger(__name__)

#: Addresses of the only files a page may use: style sheets and fonts below this folder of the static files. The name
#: is one that never exists, and it is never asked for: the bytes are read from the disk.
OWN_FILES = "http://own.invalid/"
OWN_FOLDER = "pr_workflow"
KINDS = {".css": "text/css", ".woff2": "font/woff2"}
#: A tone mark written before SARA AM; it stands above the ring that SARA AM begins with.
_SARA_AM = re.compile("([\u0e48-\u0e4b]?)\u0e33")


class PaperUnavailable(Exception):
    """The server has no library to draw PDF pages with; the text is for the person who asked."""


class FileRefused(ValueError):
    """A page asked for something that is not one of our own files."""


def own_file(path: str) -> str:
    """The address of a static file of ours inside a printed page: `own_file("paper.css")`."""
    return f"{OWN_FILES}{OWN_FOLDER}/{path}"


def split_sara_am(text: str) -> str:
    """The text with SARA AM in its two parts, as it is drawn. Only so can it be copied out of a PDF again.

    `whole_sara_am` is the way back.
    """
    return _SARA_AM.sub("\u0e4d\\1\u0e32", text)


def whole_sara_am(text: str) -> str:
    """The text with SARA AM in one piece: what people type."""
    return re.sub("\u0e4d([\u0e48-\u0e4b]?)\u0e32", "\\1\u0e33", text)


def read_own_file(url: str) -> tuple[bytes, str]:
    """Bytes and media type of one of our style sheets or fonts. Raises `FileRefused` for every other address."""
    parts = urlsplit(url)
    path = PurePosixPath(unquote(parts.path).lstrip("/"))
    allowed = url.startswith(OWN_FILES) and path.parts[:1] == (OWN_FOLDER,) and ".." not in path.parts
    if not allowed or path.suffix not in KINDS:
        raise FileRefused(f"not one of our files: {url[:200]}")
    found = finders.find(str(path))
    if isinstance(found, str):
        with open(found, "rb") as source:
            return source.read(), KINDS[path.suffix]
    try:
        with staticfiles_storage.open(str(path)) as collected:
            return collected.read(), KINDS[path.suffix]
    except (OSError, ValueError) as error:
        raise FileRefused(f"missing: {path}") from error


@cache
def _engine() -> tuple[ModuleType, Any]:
    """WeasyPrint, and what it fetches files with. Raises `PaperUnavailable`; the library's own words go to the log."""
    try:
        weasyprint = importlib.import_module("weasyprint")
    except (ImportError, OSError) as error:
        logger.error("no PDF can be drawn: %s", error)
        raise PaperUnavailable(
            _(
                "The server cannot make PDF files: the library Pango is not installed. Ask the system administrator "
                "to install it; until then print this page with the browser."
            )
        ) from error
    # WeasyPrint lets the whole process read half pictures; the forms refuse them, and the printed ones are our own.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    for talkative in ("weasyprint", "fontTools"):
        logging.getLogger(talkative).setLevel(logging.ERROR)
    urls = importlib.import_module("weasyprint.urls")

    class OwnFiles(urls.URLFetcher):  # type: ignore[name-defined]
        def fetch(self, url, headers=None):
            data, kind = read_own_file(url)
            return urls.URLFetcherResponse(url, data, {"Content-Type": kind})

    return weasyprint, OwnFiles()


def pdf_of(html: str) -> bytes:
    """The PDF of a whole HTML document, tagged for screen readers. Raises `PaperUnavailable`."""
    weasyprint, own_files = _engine()
    document = weasyprint.HTML(string=split_sara_am(html), base_url=own_file(""), url_fetcher=own_files)
    return document.write_pdf(pdf_tags=True)


def pdf_answer(html: str, *, filename: str) -> HttpResponse:
    """The PDF as a download to look at in the browser; the name may be Thai (RFC 5987). Raises `PaperUnavailable`."""
    return file_answer(pdf_of(html), filename=filename, kind="application/pdf", inline=True)


def file_answer(data: bytes | str, *, filename: str, kind: str, inline: bool = False) -> HttpResponse:
    """A download with a name that may be Thai (RFC 5987); never kept by a proxy, never run as a page."""
    name = re.sub(r'[\x00-\x1f\x7f"\\/:*?<>|]+', " ", filename).strip() or "document"
    stem, dot, ending = name.rpartition(".")
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", stem).strip("-.") if stem.isascii() else "document"
    answer = HttpResponse(data, content_type=kind)
    answer["Content-Disposition"] = (
        f"{'inline' if inline else 'attachment'}; filename=\"{plain}{dot}{ending}\"; filename*=UTF-8''{quote(name)}"
    )
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
