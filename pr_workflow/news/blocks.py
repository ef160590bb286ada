"""The building blocks of a news body, its photos and its attachments."""

import copy
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from ..row_keys import can_be_key
from .rows_at_hand import rows_by_key


class _FileBlock(blocks.StructBlock):
    """A block around one picture or file of the library; many news together fetch their files together."""

    CHOOSER = ""

    def value_from_datadict(self, data, files, prefix):
        """As any block; a number that no row can have counts as nothing chosen, which the form then names."""
        key = f"{prefix}-{self.CHOOSER}"
        if (sent := data.get(key)) and not can_be_key(sent):
            data = data.copy()
            data[key] = ""
        return super().value_from_datadict(data, files, prefix)

    def bulk_to_python(self, values: list[dict[str, Any]]) -> list[Any]:
        """As any block, with the files of `rows_by_key`; every block gets an object of its own."""
        name = self.CHOOSER
        found = super().bulk_to_python([{key: row[key] for key in row if key != name} for row in values])
        files = rows_by_key(self.child_blocks[name].model_class, {row[name] for row in values if row.get(name)})
        for struct, row in zip(found, values, strict=True):
            struct[name] = copy.copy(files.get(row.get(name)))
        return found


class PhotoBlock(_FileBlock):
    """A photo with what must stand beside it: alternative text, caption, credit (checks `alt_text_th_required`,
    `image_credit_and_licence_required`). Drafts may lack them, a submission may not."""

    CHOOSER = "image"

    image = ImageChooserBlock(label=_("Image"))
    alt_text = blocks.CharBlock(
        label=_("Alternative text"),
        required=False,
        max_length=500,
        help_text=_("What the photo shows, for people who cannot see it."),
    )
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=500)
    credit = blocks.CharBlock(label=_("Credit"), required=False, max_length=255)

    class Meta:
        icon = "image"
        label = _("Photo")
        template = "pr_workflow/news/photo.html"


class AttachmentBlock(_FileBlock):
    """A file the reader can download, with a readable name."""

    CHOOSER = "document"

    document = DocumentChooserBlock(label=_("File"))
    title = blocks.CharBlock(label=_("Name shown to readers"), required=False, max_length=255)

    class Meta:
        icon = "doc-full"
        label = _("Attachment")
        template = "pr_workflow/news/attachment.html"


def news_body_blocks() -> list[tuple[str, blocks.Block]]:
    """The blocks of a news body."""
    return [
        ("heading", blocks.CharBlock(label=_("Heading"), icon="title", template="pr_workflow/news/heading.html")),
        (
            "paragraph",
            blocks.RichTextBlock(
                label=_("Paragraph"), icon="pilcrow", features=["bold", "italic", "link", "ol", "ul", "document-link"]
            ),
        ),
        ("quote", blocks.BlockQuoteBlock(label=_("Quotation"))),
        ("photo", PhotoBlock()),
    ]
