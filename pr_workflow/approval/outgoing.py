"""What leaves the house together with the text of an item: all of it is under the seal, little of it in the preview."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from wagtail.documents import get_document_model

from ..news.blocks import AttachmentBlock, PhotoBlock
from ..news.rows_at_hand import rows_by_key
from ..row_keys import can_be_key
from ..stages import ChannelKind, MediaFormat, TargetGroup
from .linked import Linked, linked_in


@dataclass(frozen=True)
class PhotoWords:
    """The words of one photo. Readers see caption and credit; the alternative text is read out and handed on."""

    alt: str
    caption: str
    credit: str


@dataclass(frozen=True)
class Outgoing:
    """When an item is wished to go live and to expire (aware), under which address, to whom, by which channels.

    No channel chosen means every channel of the agency. `posts` says whether any but the website is meant: those carry
    headline, lead and link. `linked` are documents and addresses inside the text itself.
    """

    title: str
    lead: str
    wish: datetime | None
    expiry: datetime | None
    address: str
    channels: list[str]
    posts: bool
    audiences: list[str]
    formats: list[str]
    tags: list[str]
    plan_activity: str
    #: Readers see the activity only once its plan is approved (R20).
    is_plan_approved: bool
    important_day: str
    photos: list[PhotoWords]
    attachments: list[str]
    documents: list[str]
    links: list[str]
    search_title: str
    search_description: str


def outgoing_of(content) -> Outgoing:
    """What is sealed with this version of a news item; reads the version, not the page that is on the site."""
    tags = getattr(content, "tags", None)
    activity, day = content.plan_activity, content.important_day
    linked = linked_in(content)
    return Outgoing(
        title=content.title,
        lead=content.lead,
        wish=content.go_live_at,
        expiry=content.expire_at,
        address=content.full_url or content.slug,
        channels=_named(content.channels, ChannelKind),
        posts=not content.channels or any(kind != ChannelKind.WEBSITE for kind in content.channels),
        audiences=_named(content.target_groups, TargetGroup),
        formats=_named(content.media_formats, MediaFormat),
        tags=sorted(tag.name for tag in tags.all()) if tags is not None else [],
        plan_activity=f"{activity.code} {activity.title}".strip() if activity else "",
        is_plan_approved=bool(activity and activity.plan.live),
        important_day=day.name_th if day else "",
        photos=[_words(value) for value in _values(content, PhotoBlock)],
        attachments=[_file_name(value) for value in _values(content, AttachmentBlock)],
        documents=_document_names(linked),
        links=linked.addresses,
        search_title=content.seo_title,
        search_description=content.search_description,
    )


def _named(codes, choices: Any) -> list[str]:
    words = dict(choices.choices)
    return [str(words.get(code, code)) for code in codes or []]


def _values(content, kind: type) -> Iterator[Any]:
    """The values of all blocks of a kind, in the order of the page."""
    for stream in (content.photos, content.body, content.attachments):
        for block in stream:
            if isinstance(block.block, kind):
                yield block.value


def _words(value) -> PhotoWords:
    return PhotoWords(value.get("alt_text") or "", value.get("caption") or "", value.get("credit") or "")


def _file_name(value) -> str:
    document = value.get("document")
    return value.get("title") or (document.title if document else "–")


def _document_names(linked: Linked) -> list[str]:
    """The linked documents by title and file name; one that was deleted is said to be gone."""
    if not linked.documents:
        return []
    keys = {key for key in linked.documents if can_be_key(key)}
    found = {str(pk): row for pk, row in rows_by_key(get_document_model(), keys).items()}
    rows = [found.get(key) for key in linked.documents]
    return [f"{row.title} ({row.filename})" if row else _("no longer there") for row in rows]
