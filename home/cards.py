"""A news item as the lists show it: taken from the finished JSON of the projection, no further query."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

from pr_workflow.news.models import NewsType
from pr_workflow.publishing.models import PublishedItem


@dataclass(frozen=True)
class CardImage:
    """The picture of a card in the sizes it exists in; `alt` is the writer's own text."""

    url: str
    alt: str
    width: int
    height: int
    srcset: str


@dataclass(frozen=True)
class NewsCard:
    """What a list shows of a published item. Times are aware."""

    title: str
    lead: str
    url: str
    type_label: str
    published_at: datetime
    image: CardImage | None


def type_label(news_type: str) -> str:
    """The readable name of a news type; an unknown one shows as it is."""
    return str(NewsType(news_type).label) if news_type in NewsType.values else news_type


def path_on_site(url: str, *, of: str) -> str:
    """The projection's whole address as a path, when it lies on the same host as the address `of`.

    A path works under every name and port the site answers to; an address of another host stays as it is.
    """
    target, home = urlsplit(url), urlsplit(of)
    if (target.scheme, target.netloc) != (home.scheme, home.netloc):
        return url
    return urlunsplit(target._replace(scheme="", netloc=""))


def news_path(item: PublishedItem) -> str:
    """The path of a published item on its own site."""
    return path_on_site(item.url, of=item.url)


def card_image(item: PublishedItem) -> CardImage | None:
    """The picture of a published item, if it has one."""
    image = json.loads(item.list_json or "{}").get("image")
    if not image:
        return None
    sizes = [f"{path_on_site(size['url'], of=item.url)} {size['width']}w" for size in image["sizes"]]
    return CardImage(
        url=path_on_site(image["url"], of=item.url),
        alt=image["alt"],
        width=image["width"],
        height=image["height"],
        srcset=", ".join(sizes) if len(sizes) > 1 else "",
    )


def card_of(item: PublishedItem) -> NewsCard:
    """One published item as a card."""
    return NewsCard(
        title=item.title,
        lead=item.lead,
        url=news_path(item),
        type_label=type_label(item.news_type),
        published_at=item.published_at,
        image=card_image(item),
    )


def cards_of(items: Iterable[PublishedItem]) -> list[NewsCard]:
    """Published items as cards, in the same order."""
    return [card_of(item) for item in items]
