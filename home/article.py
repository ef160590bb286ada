"""What the page of one news item needs beside its own fields: neighbours, share picture, structured data."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from pr_workflow.news.models import NewsPageMixin
from pr_workflow.news.public_content import media_of, photo_json
from pr_workflow.people.models import Agency
from pr_workflow.publishing.models import PublishedItem
from pr_workflow.stages import TargetGroup

from .cards import type_label
from .selectors import Neighbours, neighbours_of

#: The size that social networks and chat programs show in full.
SHARE_PICTURE = "fill-1200x630|format-jpeg"


def _values(page: NewsPageMixin, kind: str) -> Iterator[Any]:
    """The values of all blocks of one kind; the gallery comes before the body."""
    for stream in (page.photos, page.body, page.attachments):
        for block in stream:
            if block.block_type == kind:
                yield block.value


@dataclass(frozen=True)
class Hidden:
    """Keys of pictures and files the page names but may not show: private (I5) or unreadable."""

    images: frozenset[int]
    documents: frozenset[int]


def hidden_media(page: NewsPageMixin) -> Hidden:
    """What the public API leaves out as well. A fixed number of queries, whatever the number of photos."""
    media = media_of([page], base_url="")
    images = {value["image"].pk for value in _values(page, "photo") if value.get("image")}
    documents = {value["document"].pk for value in _values(page, "file") if value.get("document")}
    return Hidden(
        images=frozenset(key for key in images if photo_json({"image": key}, media) is None),
        documents=frozenset(documents - media.documents.keys()),
    )


def share_picture_url(page: NewsPageMixin, request: HttpRequest, hidden: Hidden) -> str:
    """The absolute address of the picture for share cards; empty without a photo that may be shown."""
    for value in _values(page, "photo"):
        if value.get("image") and value["image"].pk not in hidden.images:
            return request.build_absolute_uri(value["image"].get_rendition(SHARE_PICTURE).url)
    return ""


def structured_news(page, *, agency, url: str, picture: str, item: PublishedItem | None) -> dict[str, Any]:
    """The item as schema.org NewsArticle, for search engines."""
    organisation = {"@type": "GovernmentOrganization", "name": agency.name if agency else ""}
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": page.title,
        "description": page.lead,
        "inLanguage": "th",
        "mainEntityOfPage": url,
        "author": organisation,
        "publisher": organisation,
    }
    if item:
        data |= {"datePublished": item.published_at.isoformat(), "dateModified": item.updated_at.isoformat()}
    if picture:
        data["image"] = [picture]
    return data


def article_context(page, request: HttpRequest, *, agency: Agency | None) -> dict[str, Any]:
    """Template variables of a news page. A preview shows a draft, so it has no published row and no neighbours."""
    preview = getattr(request, "is_preview", False)
    item = None if preview or not page.pk else PublishedItem.objects.filter(page_id=page.pk).first()
    url = page.get_full_url(request) or request.build_absolute_uri()
    hidden = hidden_media(page)
    picture = share_picture_url(page, request, hidden)
    return {
        "is_preview": preview,
        "item": item,
        "type_label": type_label(page.news_type),
        "target_group_labels": [TargetGroup(key).label for key in page.target_groups if key in TargetGroup.values],
        "hidden_images": hidden.images,
        "hidden_documents": hidden.documents,
        "neighbours": neighbours_of(item) if item else Neighbours(),
        "canonical_url": url,
        "share_picture": picture,
        "structured": structured_news(page, agency=agency, url=url, picture=picture, item=item),
    }
