"""News content as anybody may read it, as plain JSON values: body blocks, photos, attachments (R31, R62).

Works on the raw stored form of a StreamField, so that the files of many pages are fetched together.
"""

import hashlib
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from django.db.models import Q, QuerySet
from django.utils.html import format_html, linebreaks
from PIL import Image as Pillow
from wagtail import blocks
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import SourceImageIOError
from wagtail.models import Collection, CollectionViewRestriction
from wagtail.rich_text import expand_db_html
from willow.image import BadImageOperationError, UnrecognisedImageFormatError

from .blocks import PhotoBlock

logger = logging.getLogger(__name__)

Json = dict[str, Any]

#: The sizes every photo is offered in, in pixels of width; a smaller original stays as it is.
PHOTO_WIDTHS = (640, 1280)
PHOTO_SPECS = tuple(f"width-{width}" for width in PHOTO_WIDTHS)
#: What a damaged, missing or hostile picture file raises while a size is made of it.
BROKEN_PICTURE = (
    SourceImageIOError,
    OSError,
    ValueError,
    SyntaxError,
    BadImageOperationError,
    UnrecognisedImageFormatError,
    InvalidFilterSpecError,
    Pillow.DecompressionBombError,
)
_OWN_ADDRESS = re.compile(r'(<[^>]* (?:href|src)=")/(?!/)')


@dataclass(frozen=True)
class PublicMedia:
    """The pictures and files of some pages, by key, without those of a private collection (I5).

    `base_url` is the address of the site, which makes relative addresses whole.
    """

    base_url: str
    images: dict[Any, Any]
    documents: dict[Any, Any]

    def address(self, url: str) -> str:
        """The whole address of a picture or file."""
        return urljoin(f"{self.base_url}/", url)


def public_only(files: QuerySet) -> QuerySet:
    """Images or documents outside every collection that has a view restriction, whoever asks."""
    private = Q(pk__in=[])
    for path in CollectionViewRestriction.objects.values_list("collection__path", flat=True):
        private |= Q(path__startswith=path)
    return files.exclude(collection__in=Collection.objects.filter(private))


def media_of(pages: Iterable, *, base_url: str) -> PublicMedia:
    """Fetch what the pages show: at most five queries for any number of pages."""
    images, documents = file_keys(pages).values()
    image_rows = get_image_model().objects.filter(pk__in=images).prefetch_renditions(*PHOTO_SPECS)
    document_rows = get_document_model().objects.filter(pk__in=documents)
    return PublicMedia(
        base_url=base_url,
        images={row.pk: row for row in public_only(image_rows)} if images else {},
        documents={row.pk: row for row in public_only(document_rows)} if documents else {},
    )


def file_keys(pages: Iterable) -> dict[Any, set[Any]]:
    """Keys of the pictures, then of the files, that the blocks of these pages show, by class."""
    values = [value for page in pages for value in _struct_values(page)]
    return {
        get_image_model(): {value.get("image") for value in values} - {None},
        get_document_model(): {value.get("document") for value in values} - {None},
    }


def _struct_values(page) -> Iterator[Json]:
    for stream in (page.photos, page.body, page.attachments):
        for raw in stream.raw_data:
            if isinstance(raw["value"], dict):
                yield raw["value"]


def photo_json(value: Json, media: PublicMedia) -> Json | None:
    """A photo in all its sizes with alternative text, caption and credit; None when it is gone, private or broken."""
    image = media.images.get(value.get("image"))
    if image is None:
        return None
    try:
        found = image.get_renditions(*PHOTO_SPECS).values()
    except BROKEN_PICTURE as error:
        logger.warning("image %s cannot be shown: %s", image.pk, error)
        return None
    sizes = [{"url": media.address(row.url), "width": row.width, "height": row.height} for row in found]
    sizes = [size for size in sizes if size["width"] not in {other["width"] for other in sizes[: sizes.index(size)]}]
    return {
        **sizes[0],
        "alt": value.get("alt_text") or "",
        "caption": value.get("caption") or "",
        "credit": value.get("credit") or "",
        "sizes": sizes,
    }


def pictures_prepare(page) -> None:
    """Make every size of every photo of a page, so that nobody has to wait for it later."""
    media = media_of([page], base_url="")
    for value in _struct_values(page):
        photo_json(value, media)


def photos_json(page, media: PublicMedia) -> list[Json]:
    """The photos of the gallery, in order."""
    found = (photo_json(raw["value"], media) for raw in page.photos.raw_data if raw["type"] == "photo")
    return [photo for photo in found if photo]


def lead_image_json(page, media: PublicMedia) -> Json | None:
    """The picture that stands for the item: the first of the gallery, else the first in the body."""
    for stream in (page.photos, page.body):
        for raw in stream.raw_data:
            if raw["type"] == "photo" and (photo := photo_json(raw["value"], media)):
                return photo
    return None


def attachments_json(page, media: PublicMedia, *, with_digest: bool = False) -> list[Json]:
    """The files readers can download; a deleted or private one is left out. `with_digest` reads each file."""
    found = []
    for raw in page.attachments.raw_data:
        document = media.documents.get(raw["value"].get("document"))
        if document is not None:
            digest = _size_and_sha256(document) if with_digest else {"size": document.file_size}
            found.append(
                {
                    "title": raw["value"].get("title") or document.title,
                    "url": media.address(document.url),
                    "filename": document.filename,
                    "content_type": document.content_type,
                    **digest,
                }
            )
    return found


def _size_and_sha256(document) -> Json:
    """Bytes and SHA-256 of a file; None for both when it cannot be read."""
    try:
        with document.file.storage.open(document.file.name, "rb") as source:
            digest = hashlib.file_digest(source, "sha256").hexdigest()
            return {"size": source.tell(), "sha256": digest}
    except OSError as error:
        logger.warning("document %s cannot be read: %s", document.pk, error)
        return {"size": None, "sha256": None}


def body_json(page, media: PublicMedia) -> list[Json]:
    """The body as blocks, each with its `type` and ready `html`; plain text and photos also as data."""
    child_blocks = page.body.stream_block.child_blocks
    found = []
    for raw in page.body.raw_data:
        block = child_blocks.get(raw["type"])
        shown = _block_json(block, raw["value"], media) if block else None
        if shown:
            found.append({"type": raw["type"], **shown})
    return found


def _block_json(block: blocks.Block, value, media: PublicMedia) -> Json | None:
    if isinstance(block, PhotoBlock):
        photo = photo_json(value, media)
        return {"html": _figure(photo), "image": photo} if photo else None
    if isinstance(block, blocks.RichTextBlock):
        return {"html": whole_addresses(expand_db_html(value or ""), media.base_url)}
    if isinstance(block, blocks.BlockQuoteBlock):
        return {"html": format_html("<blockquote>{}</blockquote>", value), "text": value}
    if isinstance(block, blocks.CharBlock | blocks.TextBlock):
        return {"html": _text_html(block, value), "text": value}
    return {"html": whole_addresses(block.render(block.to_python(value)), media.base_url)}


def _text_html(block: blocks.Block, value: str) -> str:
    if block.name == "heading":
        return format_html("<h2>{}</h2>", value)
    return linebreaks(value, autoescape=True)


def _figure(photo: Json) -> str:
    picture = format_html(
        '<img src="{}" alt="{}" width="{}" height="{}">', photo["url"], photo["alt"], photo["width"], photo["height"]
    )
    words = " · ".join(text for text in (photo["caption"], photo["credit"]) if text)
    below = format_html("<figcaption>{}</figcaption>", words) if words else ""
    return format_html("<figure>{}{}</figure>", picture, below)


def whole_addresses(html: str, base_url: str) -> str:
    """HTML whose links and pictures of this site carry the site's address, so that they work anywhere."""
    return _OWN_ADDRESS.sub(rf"\1{base_url}/", html)
