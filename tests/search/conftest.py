"""Two agencies' sites with pages of Wagtail's own type, so that these tests need no other app of ours.

`search_description` plays the body: it is the one long text field that every page has.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from wagtail.models import Page, Site
from wagtail.search import index

from search.selectors import SearchResults, search_pages

Committed = Callable[[], AbstractContextManager[Any]]


@pytest.fixture
def committed(django_capture_on_commit_callbacks) -> Committed:
    """`with committed():` runs what waits for the commit, as a real transaction would."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture(autouse=True)
def described_pages(monkeypatch) -> None:
    """Pages whose description is part of their searchable text."""
    monkeypatch.setattr(Page, "search_fields", [*Page.search_fields, index.SearchField("search_description")])


@dataclass
class Tree:
    """One site and what a test does to its pages, each act with its commit."""

    site: Site
    committed: Committed
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 10_000)))

    @property
    def root(self) -> Page:
        return Page.objects.get(pk=self.site.root_page_id)

    def draft(self, title: str, body: str = "", *, below: Page | None = None, **fields: Any) -> Page:
        parent = Page.objects.get(pk=below.pk) if below else self.root
        page = Page(title=title, slug=f"page-{next(self.numbers)}", search_description=body, live=False, **fields)
        parent.add_child(instance=page)
        page.save_revision()
        return page

    def live(self, title: str, body: str = "", *, at: datetime | None = None, **fields: Any) -> Page:
        page = self.draft(title, body, **fields)
        if at:
            Page.objects.filter(pk=page.pk).update(first_published_at=at)
            page.first_published_at = at
        return self.publish(page)

    def publish(self, page: Page) -> Page:
        """Publish what the instance holds, as the editor's button does; with a future go-live it is only scheduled."""
        with self.committed():
            page.save_revision().publish()
        return Page.objects.get(pk=page.pk)

    def search(self, query: str, **options: Any) -> SearchResults:
        return search_pages(query, site=Site.objects.get(pk=self.site.pk), **options)

    def found(self, query: str, **options: Any) -> list[str]:
        return [hit.page.title for hit in self.search(query, **options).hits]

    def exact(self, query: str) -> list[str]:
        return [hit.page.title for hit in self.search(query).hits if hit.exact]


@pytest.fixture
def tree_root(db) -> Page:
    return Page.get_first_root_node()


def plant(root: Page, hostname: str, committed: Committed) -> Tree:
    with committed():
        top = root.add_child(instance=Page(title=f"front page {hostname}", slug=hostname.partition(".")[0]))
        site = Site.objects.create(hostname=hostname, root_page=top, port=80)
    return Tree(site, committed)


@pytest.fixture
def health(tree_root, committed) -> Tree:
    return plant(tree_root, "one.localhost", committed)


@pytest.fixture
def school(tree_root, committed) -> Tree:
    return plant(Page.get_first_root_node(), "two.localhost", committed)
