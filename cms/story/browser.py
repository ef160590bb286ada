"""A person at a browser, without the browser: real HTTP, real cookies, the forms the pages themselves offer."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

import requests
from bs4 import BeautifulSoup, Tag
from requests.adapters import HTTPAdapter

#: Longest wait for one answer, in seconds. A busy machine may be slow; a hanging server is a failure.
TIMEOUT = 30
LOGIN = "/admin/login/"
#: Where Wagtail and our own screens say what is wrong.
COMPLAINTS = ".w-field__errors, .error-message, .errorlist li, .messages .error, .w-help-block--critical"


class StoryBroken(Exception):
    """The play cannot go on: a page is missing, a form is not offered, or an act was refused that should work."""


class LocalNames(HTTPAdapter):
    """Brings every name under ``.localhost`` to this machine, as browsers do and Python does not everywhere."""

    def send(self, request, *args, **kwargs):
        asked = urlsplit(request.url)
        sent = request.copy()
        sent.headers["Host"] = asked.netloc
        sent.url = urlunsplit(asked._replace(netloc=f"127.0.0.1:{asked.port}"))
        response = super().send(sent, *args, **kwargs)
        response.url, response.request = request.url, request
        return response


def open_session() -> requests.Session:
    """A session that reaches only this machine, whatever proxies the environment names."""
    session = requests.Session()
    session.trust_env = False
    session.mount("http://", LocalNames())
    return session


@dataclass
class Form:
    """A form as the page offers it: where it goes and what it holds. Change fields, then press a button."""

    address: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    files: dict[str, tuple[str, bytes, str]] = field(default_factory=dict)

    def names(self) -> set[str]:
        return {name for name, _value in self.fields}

    def value(self, name: str) -> str:
        """What a field holds. Raises StoryBroken when the form has no such field."""
        for known, value in self.fields:
            if known == name:
                return value
        raise StoryBroken(f"the form for {self.address} has no field {name}")

    def fill(self, **values: Any) -> "Form":
        """Type into fields; a list ticks several boxes."""
        for name, value in values.items():
            self.put(name, value)
        return self

    def put(self, name: str, value: Any) -> "Form":
        """The same for names that are no Python names."""
        self.fields = [(known, old) for known, old in self.fields if known != name]
        self.fields += [(name, str(each)) for each in (value if isinstance(value, list) else [value])]
        return self

    @classmethod
    def read(cls, tag: Tag, page_address: str) -> "Form":
        """All that a browser would send of this form if nobody touched it; buttons are sent only when pressed."""
        form = cls(urljoin(page_address, str(tag.get("action") or "")))
        for element in tag.select("input[name], textarea[name], select[name]"):
            if not element.has_attr("disabled"):
                form.fields += [(str(element["name"]), value) for value in _values_of(element)]
        return form


def _values_of(element: Tag) -> list[str]:
    if element.name == "textarea":
        return [element.get_text().removeprefix("\n")]
    if element.name == "select":
        options = element.select("option")
        chosen = [option for option in options if option.has_attr("selected")]
        if not chosen and not element.has_attr("multiple"):
            chosen = options[:1]
        return [str(option.get("value", option.get_text())) for option in chosen]
    kind = str(element.get("type", "text"))
    if kind in ("submit", "button", "image", "file", "reset"):
        return []
    if kind in ("checkbox", "radio"):
        return [str(element.get("value", "on"))] if element.has_attr("checked") else []
    return [str(element.get("value", ""))]


@dataclass
class Page:
    """An answer that was read: its address, its status and its content."""

    address: str
    status: int
    text: str

    @property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.text, "html.parser")

    def json(self) -> Any:
        return json.loads(self.text)

    def form(self, wanted: str, *, holding: str = "") -> Form:
        """The form that this CSS selector finds, or of several the first whose surroundings hold the text."""
        for tag in self.soup.select(wanted):
            if not holding or holding in _surroundings(tag):
                return Form.read(tag, self.address)
        raise StoryBroken(f"{self.address} offers no form {wanted} {holding}".rstrip())

    def link(self, part: str, *, holding: str = "") -> str:
        """The address of a link that contains `part`; of several the first whose surroundings hold the text."""
        for tag in self.soup.select("a[href]"):
            if part in str(tag["href"]) and (not holding or holding in _surroundings(tag)):
                return urljoin(self.address, str(tag["href"]))
        raise StoryBroken(f"{self.address} has no link to {part} {holding}".rstrip())

    def complaints(self) -> list[str]:
        """What the page finds wrong with what was sent: at fields, in messages, and in the blocks that scripts draw."""
        soup = self.soup
        texts = [tag.get_text(" ", strip=True) for tag in soup.select(COMPLAINTS)]
        for tag in soup.select("[data-w-block-arguments-value]"):
            _value, wrong = json.loads(str(tag["data-w-block-arguments-value"]))
            texts += (wrong or {}).get("messages", [])
        return [text for text in dict.fromkeys(" ".join(text.split()) for text in texts) if text]


def _surroundings(tag: Tag) -> str:
    """The text of the row, list entry or section that a form or link stands in."""
    around = tag.find_parent(["tr", "li", "article", "section"])
    return (around or tag).get_text(" ", strip=True)


class Person:
    """Somebody who is logged in to the admin of one agency."""

    def __init__(self, site: str, username: str, password: str) -> None:
        self.site, self.username = site, username
        self.session = open_session()
        page = self.open(LOGIN)
        answer = self.send(page.form("form").fill(username=username, password=password))
        if urlsplit(answer.address).path.startswith(LOGIN):
            raise StoryBroken(f"{username} cannot log in: {' '.join(answer.complaints())}")

    def open(self, address: str, *, expect: int = 200) -> Page:
        """GET; raises StoryBroken when the status is another one."""
        return self._read(self.session.get(urljoin(self.site, address), timeout=TIMEOUT), expect)

    def fetch(self, address: str) -> requests.Response:
        """GET of what is no page: the bare answer, whatever it is."""
        return self.session.get(urljoin(self.site, address), timeout=TIMEOUT)

    def send(self, form: Form, *, press: str = "", expect: int = 200, script: bool = False) -> Page:
        """Submit the form with a button, and follow to where it leads. Raises StoryBroken when the status is another.

        `script`: as a script of the page does it, which is then answered in JSON.
        """
        if press:
            form.put(press, press)
        return self._read(self.post(form, script=script), expect)

    def post(self, form: Form, *, script: bool = False) -> requests.Response:
        """The bare answer to a form, whatever it is."""
        headers = {"X-Requested-With": "XMLHttpRequest"} if script else {}
        return self.session.post(
            form.address, data=form.fields, files=form.files or None, headers=headers, timeout=TIMEOUT
        )

    def token(self) -> str:
        """The person's own token against forged requests, as any page of the admin carries it."""
        return self.open("/admin/account/").form("form[method=post], form[method=POST]").value("csrfmiddlewaretoken")

    def _read(self, answer: requests.Response, expect: int) -> Page:
        page = Page(answer.url, answer.status_code, answer.text)
        if page.status != expect:
            said = "; ".join(page.complaints()) or page.soup.get_text(" ", strip=True)[:300]
            raise StoryBroken(f"{answer.request.method} {page.address} as {self.username}: {page.status} {said}")
        return page
