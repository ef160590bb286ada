"""The story's person at a browser: reads forms as a browser would, keeps cookies apart, and says why it is stuck."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from cms.story.browser import Form, Page, Person, StoryBroken, open_session
from cms.story.editor import put_blocks, rich_text
from home.models import NewsPage

FORM = """
<ul>
  <li>ข่าวที่หนึ่ง <form action="/one/" method="post"><input name="token" value="a"></form></li>
  <li>ข่าวที่สอง
    <form action="?two" method="post">
      <input type="hidden" name="token" value="b"><input name="title" value="เดิม"><input name="off" value="x" disabled>
      <input type="checkbox" name="tick" value="1" checked><input type="checkbox" name="tick" value="2">
      <input type="checkbox" name="bare" checked>
      <input type="radio" name="when" value="now" checked><input type="radio" name="when" value="at">
      <textarea name="lead">\nสวัสดี</textarea>
      <select name="kind"><option value="n">ข่าว</option><option value="a">ประกาศ</option></select>
      <select name="chosen"><option value="n">ข่าว</option><option value="a" selected>ประกาศ</option></select>
      <select name="many" multiple><option value="1" selected>1</option><option value="2">2</option></select>
      <input type="file" name="photo"><button name="decision" value="approve">ok</button><input type="submit" name="go">
    </form>
    <a href="/admin/pr/review/7/">พิจารณา</a>
  </li>
</ul>
"""


@pytest.fixture
def page() -> Page:
    return Page("http://health.localhost:1/list/", 200, FORM)


def test_a_form_holds_what_a_browser_would_send(page):
    form = page.form("form", holding="ข่าวที่สอง")
    assert form.address == "http://health.localhost:1/list/?two"
    assert form.fields == [
        ("token", "b"),
        ("title", "เดิม"),
        ("tick", "1"),
        ("bare", "on"),
        ("when", "now"),
        ("lead", "สวัสดี"),
        ("kind", "n"),
        ("chosen", "a"),
        ("many", "1"),
    ]


def test_filling_replaces_and_a_list_ticks_several(page):
    form = page.form("form", holding="ข่าวที่สอง").fill(title="ใหม่", tick=["1", "2"], when="at")
    assert form.value("title") == "ใหม่"
    assert [value for name, value in form.fields if name == "tick"] == ["1", "2"]
    assert [value for name, value in form.fields if name == "when"] == ["at"]


def test_what_is_not_offered_is_named(page):
    with pytest.raises(StoryBroken, match=r"offers no form form.* ข่าวที่สาม"):
        page.form("form", holding="ข่าวที่สาม")
    with pytest.raises(StoryBroken, match="no link to /posting/"):
        page.link("/posting/")
    with pytest.raises(StoryBroken, match="no field nothing"):
        page.form("form").value("nothing")


def test_a_link_is_found_by_its_row(page):
    assert page.link("/review/", holding="ข่าวที่สอง") == "http://health.localhost:1/admin/pr/review/7/"
    with pytest.raises(StoryBroken):
        page.link("/review/", holding="ข่าวที่หนึ่ง")


def test_complaints_are_read_from_fields_messages_and_blocks():
    text = """
      <div class="w-field__errors"></div><p class="w-field__errors">ใส่ชื่อ  ข่าว</p>
      <div data-w-block-arguments-value='[[], {"messages": ["Photo 1: describe the photo"]}]'></div>
      <div data-w-block-arguments-value='[[], null]'></div><ul class="messages"><li class="error">ผิด</li></ul>
    """
    assert Page("", 200, text).complaints() == ["ใส่ชื่อ ข่าว", "ผิด", "Photo 1: describe the photo"]


def test_blocks_are_sent_as_the_editor_of_news_reads_them():
    """The real field of a news page takes what the story sends."""
    form = Form("/")
    put_blocks(form, "body", [("paragraph", rich_text("ย่อหน้าแรก", "ย่อหน้าสอง")), ("heading", "หัวข้อ")])
    block = NewsPage._meta.get_field("body").stream_block
    value = block.value_from_datadict(dict(form.fields), {}, "body")
    assert [child.block_type for child in value] == ["paragraph", "heading"]
    assert "ย่อหน้าแรก" in value[0].value.source
    assert "ย่อหน้าสอง" in value[0].value.source
    assert value[1].value == "หัวข้อ"


class Desk(BaseHTTPRequestHandler):
    """A tiny admin: a login that sets a cookie, and pages that say what they received."""

    def do_GET(self):
        if self.path.startswith("/admin/login/"):
            self.answer(200, '<form method="post"><input name="csrf" value="t"><input name="username"></form>')
        elif self.path == "/admin/forbidden/":
            self.answer(403, "<p>เรื่องนี้เป็นของหน่วยงานอื่น</p>")
        else:
            self.answer(200, f"{self.headers['Host']} {self.headers.get('Cookie', 'no cookie')}")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fields = parse_qs(body.decode("utf-8", "replace"))
        if self.path.startswith("/admin/login/") and fields.get("password") == ["right"] and fields["csrf"] == ["t"]:
            self.answer(302, "", {"Location": "/admin/", "Set-Cookie": "sessionid=abc; Path=/"})
        elif self.path.startswith("/admin/login/"):
            self.answer(200, '<form></form><ul class="messages"><li class="error">รหัสผ่านไม่ถูกต้อง</li></ul>')
        else:
            self.answer(200, f"{self.headers.get('Content-Type')} {len(body)} {self.headers.get('X-Requested-With')}")

    def answer(self, status, text, headers=None):
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Type": "text/html; charset=utf-8"}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args):
        """Quiet."""


@pytest.fixture
def desk() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://health.localhost:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_name_under_localhost_reaches_this_machine_and_keeps_its_name(desk):
    text = Person(desk, "k-it", "right").open("/admin/").text
    assert text == f"{desk.removeprefix('http://')} sessionid=abc"


def test_cookies_of_one_agency_do_not_travel_to_the_other(desk):
    person = Person(desk, "k-it", "right")
    other = desk.replace("health", "education")
    assert person.session.get(f"{other}/x").text == f"{other.removeprefix('http://')} no cookie"


def test_a_failed_login_says_what_the_page_said(desk):
    with pytest.raises(StoryBroken, match="k-it cannot log in: รหัสผ่านไม่ถูกต้อง"):
        Person(desk, "k-it", "wrong")


def test_an_unexpected_answer_breaks_with_its_text(desk):
    person = Person(desk, "k-it", "right")
    with pytest.raises(StoryBroken, match=r"GET .*/admin/forbidden/ as k-it: 403 เรื่องนี้เป็นของหน่วยงานอื่น"):
        person.open("/admin/forbidden/")
    assert person.open("/admin/forbidden/", expect=403).status == 403


def test_files_and_scripts_are_sent_as_such(desk):
    person = Person(desk, "k-it", "right")
    plain = person.send(Form(f"{desk}/admin/x/").fill(a="1"), press="action-submit").text
    assert plain.startswith("application/x-www-form-urlencoded 31 None")
    form = Form(f"{desk}/admin/x/").fill(a="1")
    form.files["photo"] = ("a.jpg", b"\xff\xd8", "image/jpeg")
    assert person.send(form, script=True).text.startswith("multipart/form-data")
    assert person.send(form, script=True).text.endswith("XMLHttpRequest")


def test_proxies_of_the_surroundings_are_not_used(desk, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert open_session().get(f"{desk}/x").status_code == 200
