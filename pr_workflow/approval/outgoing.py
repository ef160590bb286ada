"""What leaves the house together with the text of an item: all of it is under the seal, little of it in the preview."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..stages import ChannelKind, TargetGroup


@dataclass(frozen=True)
class Outgoing:
    """When an item is wished to go live and to expire (aware), under which address, to whom, by which channels.

    No channel chosen means every channel of the agency. `posts` says whether any but the website is meant: those carry
    headline, lead and link.
    """

    title: str
    lead: str
    wish: datetime | None
    expiry: datetime | None
    address: str
    channels: list[str]
    posts: bool
    audiences: list[str]
    tags: list[str]
    attachments: list[str]
    search_title: str
    search_description: str


def outgoing_of(content) -> Outgoing:
    """What is sealed with this version of a news item; reads the version, not the page that is on the site."""
    tags = getattr(content, "tags", None)
    return Outgoing(
        title=content.title,
        lead=content.lead,
        wish=content.go_live_at,
        expiry=content.expire_at,
        address=content.full_url or content.slug,
        channels=_named(content.channels, ChannelKind),
        posts=not content.channels or any(kind != ChannelKind.WEBSITE for kind in content.channels),
        audiences=_named(content.target_groups, TargetGroup),
        tags=sorted(tag.name for tag in tags.all()) if tags is not None else [],
        attachments=[_file_name(block.value) for block in content.attachments],
        search_title=content.seo_title,
        search_description=content.search_description,
    )


def _named(codes, choices: Any) -> list[str]:
    words = dict(choices.choices)
    return [str(words.get(code, code)) for code in codes or []]


def _file_name(value) -> str:
    document = value.get("document")
    return value.get("title") or (document.title if document else "–")
