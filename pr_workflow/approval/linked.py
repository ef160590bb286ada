"""What the running text of an item leads to: the preview shows only the words a link lies under."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from wagtail import blocks


@dataclass(frozen=True)
class Linked:
    """Keys of the documents and addresses outside the site, each once, in the order of the text."""

    documents: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)


class _Links(HTMLParser):
    """Reads rich text as it is stored: `<a linktype="document" id="7">`, `<a href="https://…">`."""

    def __init__(self) -> None:
        super().__init__()
        self.found = Linked()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag != "a":
            return
        key, address = said.get("id"), said.get("href")
        if said.get("linktype") == "document" and key and key not in self.found.documents:
            self.found.documents.append(key)
        elif address and address not in self.found.addresses:
            self.found.addresses.append(address)


def linked_in(content) -> Linked:
    """Documents and addresses linked in every rich text of the body, however deep its blocks lie."""
    reader = _Links()
    for block in content.body:
        for source in _rich_texts(block.block, block.value):
            reader.feed(source)
    return reader.found


def _rich_texts(block: blocks.Block, value: Any) -> Iterator[str]:
    if value is None:
        return
    if isinstance(block, blocks.RichTextBlock):
        yield value.source
    elif isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from _rich_texts(child, value.get(name))
    elif isinstance(block, blocks.ListBlock):
        for each in value:
            yield from _rich_texts(block.child_block, each)
    elif isinstance(block, blocks.StreamBlock):
        for each in value:
            yield from _rich_texts(each.block, each.value)
