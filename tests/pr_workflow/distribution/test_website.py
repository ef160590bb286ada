"""The website channel looks at the public page as a visitor would, and says honestly when it did not."""

import threading
import uuid
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from pr_workflow.distribution.adapters import ChannelRefused, Message
from pr_workflow.distribution.adapters.website import WebsiteAdapter

NEWS = "วันเด็กแห่งชาติ & ครอบครัว"


class Site(ThreadingHTTPServer):
    """A public site whose only page is set by the test."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Page)
        self.status, self.html, self.asked = 200, "", []


class _Page(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self):
        self.server.asked.append((self.headers["Host"], self.path, self.headers["X-Forwarded-Proto"]))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.html.encode())

    def log_message(self, *args):
        """Quiet."""


@pytest.fixture
def site():
    server = Site()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def message(site):
    url = f"http://health.localhost:{site.server_address[1]}/news/1/"
    return Message(NEWS, "", url, "กพร.", datetime.now(UTC), "a" * 64)


def live(revision=7, live_revision=7, is_live=True):
    page = SimpleNamespace(live=is_live, live_revision_id=live_revision)
    return SimpleNamespace(page=page, revision_id=revision, idempotency_key=uuid.uuid4())


def test_a_page_that_shows_the_news_is_out(site, message):
    site.html = "<h1>วันเด็กแห่งชาติ &amp; ครอบครัว</h1>"
    receipt = WebsiteAdapter().send(live(), message)
    assert receipt.external_url == message.url
    assert receipt.external_id == f"http:{message.content_hash}"
    assert site.asked == [(f"health.localhost:{site.server_address[1]}", "/news/1/", "http")]


def test_the_site_may_be_asked_from_inside(site):
    site.html = NEWS
    message = Message(NEWS, "", "https://www.example.go.th/news/1/?a=b", "กพร.", datetime.now(UTC), "a" * 64)
    WebsiteAdapter(check_base_url=f"http://127.0.0.1:{site.server_address[1]}").send(live(), message)
    assert site.asked == [("www.example.go.th", "/news/1/?a=b", "https")]


@pytest.mark.parametrize(
    ("status", "html"),
    [
        (404, NEWS),
        (500, NEWS),
        (301, NEWS),
        (200, "another title"),
        (200, ""),
        (200, f'<meta name="pr-content-hash" content="{"b" * 64}">{NEWS}'),
    ],
)
def test_a_page_that_does_not_show_the_news_is_not_out(site, message, status, html):
    site.status, site.html = status, html
    with pytest.raises(ChannelRefused) as refusal:
        WebsiteAdapter().send(live(), message)
    assert not refusal.value.permanent


def test_the_content_hash_of_the_page_is_accepted(site, message):
    site.html = f'<meta name="pr-content-hash" content="{message.content_hash}">{NEWS}'
    assert WebsiteAdapter().send(live(), message)


@pytest.mark.parametrize("row", [live(live_revision=8), live(is_live=False)])
@pytest.mark.parametrize("verify", ["http", "record"])
def test_a_page_that_is_not_live_with_this_revision_is_not_out(site, message, row, verify):
    site.html = NEWS
    with pytest.raises(ChannelRefused):
        WebsiteAdapter(verify=verify).send(row, message)
    assert site.asked == []


def test_a_site_that_is_down_leaves_no_doubt(site, message):
    site.shutdown()
    site.server_close()
    with pytest.raises(ChannelRefused):
        WebsiteAdapter().send(live(), message)


def test_a_check_of_our_own_records_says_so(site, message):
    receipt = WebsiteAdapter(verify="record").send(live(), message)
    assert receipt.external_id.startswith("record:")
    assert site.asked == []
