"""What the scripts of Wagtail's editor send for the parts that are not plain inputs: blocks and rich text."""

import json

from .browser import Form

Block = tuple[str, str | dict[str, object]]


def rich_text(*paragraphs: str) -> str:
    """Paragraphs as the rich text editor sends them."""
    blocks = [
        {"key": f"p{number}", "type": "unstyled", "depth": 0, "text": text, "inlineStyleRanges": [], "entityRanges": []}
        for number, text in enumerate(paragraphs)
    ]
    return json.dumps({"blocks": blocks, "entityMap": {}}, ensure_ascii=False)


def put_blocks(form: Form, name: str, blocks: list[Block]) -> None:
    """The blocks of one field, in order; an empty list empties the field."""
    form.put(f"{name}-count", len(blocks))
    for number, (kind, value) in enumerate(blocks):
        start = f"{name}-{number}"
        form.put(f"{start}-type", kind).put(f"{start}-order", number).put(f"{start}-deleted", "").put(f"{start}-id", "")
        if isinstance(value, dict):
            for part, content in value.items():
                form.put(f"{start}-value-{part}", content)
        else:
            form.put(f"{start}-value", value)
