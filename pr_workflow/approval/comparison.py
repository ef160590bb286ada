"""What changed between two versions of an item: texts, blocks, pictures and files, as data a template shows (R38).

Nothing here makes HTML: the template escapes every piece, so a draft cannot smuggle markup into the admin.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations
from taggit.models import ItemBase
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageChooserBlock

from ..choice_lists import ChoiceListField
from ..news.public_content import BROKEN_PICTURE
from ..thai_time import thai_date, thai_datetime
from .content_hash import BOOKKEEPING
from .return_parts import parts_of
from .text_diff import ADDED, REMOVED, SAME, Piece, in_context, list_diff, plain_text, text_diff

THUMBNAIL = "max-480x360"
CHANGED, MOVED = "changed", "moved"
#: Fields that name the object itself, or that no person writes.
_OWN_NUMBERS = frozenset(
    {"id", "page_ptr", "content_type", "translation_key", "locale", "alias_of", "owner", "uuid", "agency", "sort_order"}
)


@dataclass(frozen=True)
class Picture:
    """A picture as it is shown small; without an address it cannot be shown (any more)."""

    title: str
    url: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class TextChange:
    """One text: its name inside the block (empty for the only one) and its pieces."""

    label: str
    pieces: list[Piece]
    is_list: bool = False


@dataclass(frozen=True)
class Change:
    """One thing inside a field: a text, a block, a row. `kind` is added, removed, changed or moved."""

    kind: str
    label: str = ""
    texts: list[TextChange] = field(default_factory=list)
    pictures: list[tuple[Picture | None, Picture | None]] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True)
class FieldChanges:
    """Everything that changed in one field."""

    name: str
    label: str
    changes: list[Change]


def changes_between(old, new) -> list[FieldChanges]:
    """What a reader of `old` has not seen in `new`, in the order of the fields; empty when nothing shown differs."""
    found = []
    names = {name: str(part.label) for part in parts_of(new) for name in part.fields if len(part.fields) == 1}
    for each in [*new._meta.concrete_fields, *new._meta.many_to_many]:
        if each.name in BOOKKEEPING or each.name in _OWN_NUMBERS:
            continue
        if changes := _field_changes(each, old, new):
            label = names.get(each.name) or capfirst(str(each.verbose_name))
            found.append(FieldChanges(each.name, label, changes))
    for relation in get_all_child_relations(type(new)):
        name = relation.get_accessor_name()
        if name in BOOKKEEPING or issubclass(relation.related_model, ItemBase):
            continue
        if changes := _child_changes(name, old, new):
            label = names.get(name) or capfirst(str(relation.related_model._meta.verbose_name_plural))
            found.append(FieldChanges(name, label, changes))
    return found


def _field_changes(each, old, new) -> list[Change]:
    if isinstance(each, StreamField):
        return list(_stream_changes(getattr(old, each.name), getattr(new, each.name)))
    if each.many_to_many or isinstance(each, ChoiceListField):
        entries = [_entries(each, row) for row in (old, new)]
        if entries[0] == entries[1]:
            return []
        return [Change(CHANGED, texts=[TextChange("", list_diff(*entries), is_list=True)])]
    before, after = each.value_from_object(old), each.value_from_object(new)
    if before == after:
        return []
    return [Change(CHANGED, texts=[_text_change("", _shown(each, old), _shown(each, new))])]


def _entries(each, row) -> list[str]:
    if isinstance(each, ChoiceListField):
        kept = set(getattr(row, each.name) or [])
        known = [(key, label) for key, label in each.choices_enum.choices if key in kept]
        return [str(label) for _key, label in known] + sorted(kept - {key for key, _label in known})
    return sorted(str(entry) for entry in getattr(row, each.name).all())


def _shown(each, row) -> str:
    """A plain value in the words of the screen."""
    value = each.value_from_object(row)
    if value in (None, ""):
        return ""
    if isinstance(each, models.ForeignKey):
        return str(each.related_model._base_manager.filter(pk=value).first() or _("no longer there"))
    if each.flatchoices:
        return str(dict(each.flatchoices).get(value, value))
    if isinstance(each, models.DateTimeField):
        return thai_datetime(value)
    if isinstance(each, models.DateField):
        return thai_date(value)
    if isinstance(each, models.DecimalField):
        return f"{value:,.{each.decimal_places}f}"
    if isinstance(each, models.BooleanField):
        return _("Yes") if value else _("No")
    return str(value)


def _text_change(label: str, old: str, new: str) -> TextChange:
    return TextChange(label, in_context(text_diff(old, new)))


# -- stream fields


def _stream_changes(old, new) -> Iterator[Change]:
    before, after = {block.id: block for block in old}, {block.id: block for block in new}
    gone = [(place, block) for place, block in enumerate(old) if block.id not in after]
    for place, block in enumerate(new):
        while gone and gone[0][0] <= place:
            yield _block_alone(gone.pop(0)[1], REMOVED)
        if block.id not in before:
            yield _block_alone(block, ADDED)
        elif change := _block_change(before[block.id], block):
            yield change
    for _place, block in gone:
        yield _block_alone(block, REMOVED)
    kept = [key for key in before if key in after]
    if kept != [key for key in after if key in before]:
        yield Change(MOVED, note=_("The order has changed."))


def _block_alone(block, kind: str) -> Change:
    pair: Callable[[Any], tuple[Any, Any]] = lambda value: (value, None) if kind == REMOVED else (None, value)  # noqa: E731
    texts, pictures = _compared(block.block, *pair(block.value))
    return Change(kind, str(block.block.label), texts, pictures)


def _block_change(old, new) -> Change | None:
    if new.block.get_prep_value(old.value) == new.block.get_prep_value(new.value):
        return None
    texts, pictures = _compared(new.block, old.value, new.value)
    texts = [text for text in texts if any(piece.kind != SAME for piece in text.pieces)]
    has_new_picture = any(before != after for before, after in pictures)
    note = "" if texts or has_new_picture else _("Only the formatting has changed.")
    return Change(CHANGED, str(new.block.label), texts, pictures, note)


def _compared(block, old, new) -> tuple[list[TextChange], list[tuple[Picture | None, Picture | None]]]:
    """The texts and pictures of a block in both versions; None stands for a version without the block."""
    if isinstance(block, ImageChooserBlock):
        return [], [(_picture(old), _picture(new))] if old or new else []
    if not isinstance(block, blocks.StructBlock):
        before, after = _block_text(block, old), _block_text(block, new)
        return ([_text_change("", before, after)] if before or after else []), []
    texts, pictures = [], []
    for name, child in block.child_blocks.items():
        inner, shown = _compared(child, old and old.get(name), new and new.get(name))
        texts += [TextChange(text.label or str(child.label), text.pieces, text.is_list) for text in inner]
        pictures += shown
    return texts, pictures


def _block_text(block, value) -> str:
    if value in (None, ""):
        return ""
    if isinstance(block, blocks.RichTextBlock):
        return plain_text(value.source)
    if isinstance(block, DocumentChooserBlock):
        return f"{value.title} ({value.filename})"
    if isinstance(block, blocks.CharBlock | blocks.TextBlock | blocks.BlockQuoteBlock):
        return str(value)
    return plain_text(block.render(value))


def _picture(image) -> Picture | None:
    if image is None:
        return None
    try:
        small = image.get_rendition(THUMBNAIL)
    except BROKEN_PICTURE:
        return Picture(image.title)
    return Picture(image.title, small.url, small.width, small.height)


# -- rows that belong to the item (activities of a plan)


def _child_changes(name: str, old, new) -> list[Change]:
    before = {row.pk or str(row): row for row in getattr(old, name).all()}
    after = {row.pk or str(row): row for row in getattr(new, name).all()}
    changes = []
    for key, row in after.items():
        texts = _row_texts(before.get(key), row)
        if texts:
            changes.append(Change(CHANGED if key in before else ADDED, str(row), texts))
    gone = [Change(REMOVED, str(row)) for key, row in before.items() if key not in after]
    return [*changes, *gone]


def _row_texts(old, new) -> list[TextChange]:
    texts = []
    for each in new._meta.concrete_fields:
        if each.name in _OWN_NUMBERS or isinstance(each, ParentalKey):
            continue
        if isinstance(each, ChoiceListField):
            before, after = (", ".join(_entries(each, row)) if row else "" for row in (old, new))
        else:
            same = old is not None and each.value_from_object(old) == each.value_from_object(new)
            before, after = ("", "") if same else (_shown(each, old) if old else "", _shown(each, new))
        if before != after:
            texts.append(_text_change(capfirst(str(each.verbose_name)), before, after))
    return texts
