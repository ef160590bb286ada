"""The public: looks for one item at every place where it could show up."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from .browser import TIMEOUT, Page, StoryBroken, open_session


@dataclass
class Onlooker:
    """Somebody without an account who looks for an item by its headline and its address."""

    site: str
    path: str
    title: str
    uuid: str

    def __post_init__(self) -> None:
        self.session = open_session()

    def open(self, address: str) -> Page:
        url = address if address.startswith("http") else f"{self.site}{address}"
        answer = self.session.get(url, timeout=TIMEOUT)
        return Page(answer.url, answer.status_code, answer.text)

    def page_is_up(self) -> bool:
        """Whether the item's own address answers with the item."""
        page = self.open(self.path)
        return page.status == 200 and self.title in page.text

    def places(self) -> dict[str, Callable[[], bool]]:
        """Each place with the question whether the item is there. A place that does not work at all is an error."""
        return {
            "page": self.page_is_up,
            "front page": lambda: self._shows("/"),
            "news index": lambda: self._shows("/news/"),
            "RSS": lambda: self._shows("/feed/"),
            "sitemap": lambda: self._shows("/sitemap.xml"),
            "search": self._is_found,
            "API list": lambda: self._shows("/api/pr/v1/news?limit=50"),
            "API detail": lambda: self.open(f"/api/pr/v1/news/{self.uuid}").status == 200,
            "API v2": lambda: self._shows("/api/v2/pages/?type=home.NewsPage&limit=50"),
        }

    def seen_at(self) -> list[str]:
        """The names of the places where the item can be seen now."""
        return [name for name, is_there in self.places().items() if is_there()]

    def _shows(self, address: str) -> bool:
        """Whether this place names the item's address; headlines are broken into phrases for the screen."""
        page = self.open(address)
        if page.status != 200:
            raise StoryBroken(f"{address} answers the public with {page.status}")
        return self.path in page.text

    def _is_found(self) -> bool:
        """Types the first word of the headline into the search box of the front page."""
        form = self.open("/").form("form[role=search]")
        query = urlencode({"q": self.title.split()[0]})
        page = self.open(f"{form.address}?{query}")
        if page.status != 200:
            raise StoryBroken(f"the search answers the public with {page.status}")
        return self.path in page.text
