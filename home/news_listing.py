"""The news index: filters by fiscal year, type and tag, with counts and pages (R61).

Reads PublishedItem and PublishedLabel only. The number of queries does not depend on the number of items.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from pr_workflow.news.models import NewsType
from pr_workflow.publishing.models import PublishedItem, PublishedLabel
from pr_workflow.thai_time import arabic_digits

from .cards import NewsCard, cards_of, type_label

PER_PAGE = 12
TAGS_OFFERED = 40
LONGEST_VALUE = 100
YEAR = re.compile(r"2[4-7]\d\d", re.ASCII)
#: What a database or an XML reader refuses inside a text.
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Choice:
    """One value of a filter and how many items it would show."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Chosen:
    """A filter in use, and the address without it."""

    label: str
    remove_url: str


@dataclass
class NewsListing:
    """One request for the index: `params` is its query string, `items` the public news of the site, `path` its address.

    A value it does not know is left out and named in `notices`; it never raises.
    """

    items: QuerySet[PublishedItem]
    params: Mapping[str, str]
    path: str
    notices: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.year = self._year()
        self.news_type = self._news_type()
        self.tag = self._tag()
        self.page = self._page()

    def _text(self, name: str) -> str:
        return CONTROL_CHARACTERS.sub("", self.params.get(name, "")).strip()[:LONGEST_VALUE]

    def _year(self) -> str:
        typed = self._text("year")
        year = arabic_digits(typed)
        if typed and not YEAR.fullmatch(year):
            self.notices.append(
                _("“%(value)s” is not a fiscal year. Write it in B.E., for example 2570. News of all years is shown.")
                % {"value": typed}
            )
            return ""
        return year

    def _news_type(self) -> str:
        value = self._text("type")
        if value and value not in NewsType.values:
            self.notices.append(
                _("There is no news type “%(value)s”. Choose one from the list. News of all types is shown.")
                % {"value": value}
            )
            return ""
        return value

    def _tag(self) -> str:
        value = self._text("tag")
        tagged = PublishedLabel.objects.filter(kind=PublishedLabel.Kind.TAG, value=value)
        if value and not tagged.filter(item__in=self.items.order_by().values("pk")).exists():
            self.notices.append(
                _("No published news carries the tag “%(value)s”. Choose one from the list. News of all tags is shown.")
                % {"value": value}
            )
            return ""
        return value

    def _page(self) -> Page:
        paginator = Paginator(self.filtered(), PER_PAGE)
        typed = arabic_digits(self._text("page")) or "1"
        page = paginator.get_page(typed)
        if typed != str(page.number):
            self.notices.append(
                _("There is no page “%(value)s”. Page %(number)s of %(total)s is shown.")
                % {"value": self._text("page"), "number": page.number, "total": paginator.num_pages}
            )
        return page

    def filtered(self, *, without: str = "") -> QuerySet[PublishedItem]:
        """The items that pass every filter, except the one called `without`."""
        items = self.items
        if self.year and without != "year":
            items = items.filter(fiscal_year_be=int(self.year))
        if self.news_type and without != "type":
            items = items.filter(news_type=self.news_type)
        if self.tag and without != "tag":
            items = items.filter(labels__kind=PublishedLabel.Kind.TAG, labels__value=self.tag)
        return items

    def url(self, **changes: str | int) -> str:
        """The address of this list with some parameters changed; an empty value removes one."""
        now: dict[str, str | int] = {"year": self.year, "type": self.news_type, "tag": self.tag}
        query = urlencode({name: value for name, value in (now | changes).items() if value})
        return f"{self.path}?{query}" if query else self.path

    @cached_property
    def cards(self) -> list[NewsCard]:
        """The items of this page."""
        return cards_of(self.page.object_list)

    @cached_property
    def years(self) -> list[Choice]:
        """Fiscal years that have news, newest first."""
        rows = self.filtered(without="year").order_by("-fiscal_year_be").values_list("fiscal_year_be")
        return self._choices([(str(year), number) for year, number in rows.annotate(Count("id"))], self.year, str)

    @cached_property
    def types(self) -> list[Choice]:
        """News types that have news, in the order of the manual."""
        rows = self.filtered(without="type").order_by().values_list("news_type").annotate(Count("id"))
        counts = dict(rows)
        found = [(value, counts[value]) for value in NewsType.values if value in counts]
        return self._choices(found, self.news_type, type_label)

    @cached_property
    def tags(self) -> list[Choice]:
        """The most used tags."""
        shown = self.filtered(without="tag").order_by().values("pk")
        labels = PublishedLabel.objects.filter(kind=PublishedLabel.Kind.TAG, item__in=shown).order_by()
        rows = labels.values_list("value").annotate(number=Count("id")).order_by("-number", "value")[:TAGS_OFFERED]
        return self._choices(list(rows), self.tag, str)

    def _choices(self, rows: list[tuple[str, int]], chosen: str, label: Callable[[str], str]) -> list[Choice]:
        if chosen and chosen not in dict(rows):
            rows = [*rows, (chosen, 0)]
        return [Choice(value, label(value), number, value == chosen) for value, number in rows]

    @property
    def chosen(self) -> list[Chosen]:
        """The filters in use."""
        found = []
        if self.year:
            found.append(Chosen(_("Fiscal year %(year)s") % {"year": self.year}, self.url(year="")))
        if self.news_type:
            found.append(Chosen(type_label(self.news_type), self.url(type="")))
        if self.tag:
            found.append(Chosen(_("Tag: %(tag)s") % {"tag": self.tag}, self.url(tag="")))
        return found

    @property
    def page_links(self) -> list[tuple[str, str]]:
        """Page numbers with their addresses; a gap has no address."""
        numbers = self.page.paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1)
        return [(str(number), self.url(page=number) if isinstance(number, int) else "") for number in numbers]

    @property
    def previous_url(self) -> str:
        return self.url(page=self.page.previous_page_number()) if self.page.has_previous() else ""

    @property
    def next_url(self) -> str:
        return self.url(page=self.page.next_page_number()) if self.page.has_next() else ""
