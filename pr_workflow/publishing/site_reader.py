"""This installation asked for its own pages as a reader without a login would ask: no network, all middleware (R44)."""

import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from wagtail.models import Site

HTTPS_PORT = 443


@dataclass(frozen=True)
class Served:
    """What came back: status and bytes."""

    status: int
    body: bytes
    content_type: str = ""

    @property
    def text(self) -> str:
        """The answer as text."""
        return self.body.decode("utf-8", "replace")


class SiteReader:
    """Reads one site; what lies outside it is never asked for."""

    def __init__(self, site: Site):
        self.site = site
        self.base = site.root_url
        self.handler = BaseHandler()
        self.handler.load_middleware()

    def inside(self, address: str) -> str | None:
        """The path (with its query) of an address on this site; None for any other site, mail or fragment."""
        parts = urlsplit(urljoin(f"{self.base}/", address))
        own = urlsplit(self.base)
        if not address or address.startswith("#") or (parts.scheme, parts.netloc) != (own.scheme, own.netloc):
            return None
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def fetch(self, path: str) -> Served:
        """GET a path of the site; a page that fails is a 500, nothing is raised for it."""
        with translation.override(settings.LANGUAGE_CODE):
            response = self.handler.get_response(self._request(path))
            body = _bytes_of(response)
        # `close()` would also end the request that runs around this one, and with it the database connection.
        for closes in response._resource_closers:  # type: ignore[attr-defined]
            closes()
        return Served(response.status_code, body, response.headers.get("Content-Type", ""))

    def _request(self, path: str) -> WSGIRequest:
        path, _mark, query = path.partition("?")
        secure = settings.SECURE_SSL_REDIRECT or self.site.port == HTTPS_PORT
        port = str(self.site.port)
        host = self.site.hostname if port in ("80", "443") else f"{self.site.hostname}:{port}"
        return WSGIRequest(
            {
                "REQUEST_METHOD": "GET",
                "PATH_INFO": unquote(path).encode().decode("latin-1"),
                "QUERY_STRING": query,
                "SERVER_NAME": self.site.hostname,
                "SERVER_PORT": port,
                "SERVER_PROTOCOL": "HTTP/1.1",
                "HTTP_HOST": host,
                "REMOTE_ADDR": "127.0.0.1",
                "HTTP_ACCEPT": "text/html",
                "wsgi.version": (1, 0),
                "wsgi.url_scheme": "https" if secure else "http",
                "wsgi.input": BytesIO(),
                "wsgi.errors": sys.stderr,
                "wsgi.multithread": True,
                "wsgi.multiprocess": True,
                "wsgi.run_once": False,
            }
        )


def _bytes_of(response: HttpResponseBase) -> bytes:
    if response.streaming:
        return b"".join(response)
    return response.content  # type: ignore[attr-defined]


@dataclass
class Contents(HTMLParser):
    """The words, pictures and links between `<main>` and `</main>`; of the whole text when there is no such part."""

    words: list[str] = field(default_factory=list)
    pictures: list[dict[str, str]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    _hidden: int = 0

    def __post_init__(self):
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        if tag in ("script", "style"):
            self._hidden += 1
        elif tag == "img":
            self.pictures.append(values)
        elif tag == "a" and values.get("href"):
            self.links.append(values["href"])

    def handle_endtag(self, tag):
        if tag in ("script", "style") and self._hidden:
            self._hidden -= 1

    def handle_data(self, data):
        if not self._hidden and data.strip():
            self.words.append(data.strip())

    @property
    def text(self) -> str:
        """The words, one piece a line."""
        return "\n".join(self.words)


def contents_of(html: str) -> Contents:
    """Read a page, or a piece of one."""
    start, end = html.find("<main"), html.rfind("</main>")
    contents = Contents()
    contents.feed(html[start:end] if 0 <= start < end else html)
    contents.close()
    return contents
