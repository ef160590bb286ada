"""What a stored version of news refers to and what of it is gone, asked once for each kind of thing.

modelcluster asks for each reference by itself, and for a tag twice: a dozen queries for one version. The rules are its
own: a reference that may be empty becomes empty, a child whose target is gone goes with it.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations

from .rows_at_hand import rows_by_key, rows_collect

Reference = tuple[Any, models.ForeignKey]


class ReferenceLost(Exception):
    """A version refers to something that is gone and that it cannot do without."""


#: What Wagtail takes from the page as it is, not from the version.
OF_THE_PAGE = frozenset(
    {"alias_of", "content_type", "latest_revision", "live_revision", "locale", "locked_by", "owner"},
)


def lost_references_drop(page: Any) -> Any:
    """Empty what refers to a deleted row, and drop children that do; returns the page."""
    children = {
        relation.get_accessor_name(): list(getattr(page, relation.get_accessor_name()).all())
        for relation in get_all_child_relations(page)
        if relation.get_accessor_name() in getattr(page, "_cluster_related_objects", {})
    }
    references = [*_of(page, OF_THE_PAGE)]
    references += [each for rows in children.values() for row in rows for each in _of(row)]
    lost = _lost(references)
    for row, field in lost:
        if field.remote_field.on_delete is models.DO_NOTHING:
            continue
        if field.remote_field.on_delete not in (models.CASCADE, models.SET_NULL, models.PROTECT):
            raise ReferenceLost(f"{field.verbose_name}: {getattr(row, field.attname)}")
        if row is not page and field.remote_field.on_delete is models.CASCADE:
            continue
        setattr(row, field.attname, None)
    gone = {id(row) for row, field in lost if field.remote_field.on_delete is models.CASCADE and row is not page}
    for name, rows in children.items():
        if gone & {id(row) for row in rows}:
            setattr(page, name, [row for row in rows if id(row) not in gone])
    return page


def _of(row: Any, without: frozenset[str] = frozenset()) -> Iterator[Reference]:
    for field in _links(row, without):
        if getattr(row, field.attname) is not None:
            yield row, field


def _lost(references: list[Reference]) -> list[Reference]:
    wanted: dict[tuple[Any, str], set[Any]] = {}
    for row, field in references:
        wanted.setdefault(_target(field), set()).add(getattr(row, field.attname))
    lost = []
    found = {(model, field): rows_by_key(model, keys, field) for (model, field), keys in wanted.items()}
    for row, field in references:
        there = found[_target(field)].get(getattr(row, field.attname))
        if there is None:
            lost.append((row, field))
        else:
            field.set_cached_value(row, there)
    return lost


def references_collect(model: Any, contents: Iterable[dict[str, Any]]) -> None:
    """Fetch what these stored versions refer to, one query for each kind of thing; for use inside `rows_shared`."""
    wanted: dict[tuple[Any, str], set[Any]] = {}
    children = {relation.get_accessor_name(): relation.related_model for relation in get_all_child_relations(model)}
    for content in contents:
        _collect(model, content, wanted, OF_THE_PAGE)
        for name, child in children.items():
            for row in content.get(name) or ():
                _collect(child, row, wanted)
    for (target, field), keys in wanted.items():
        rows_collect(target, keys, field)


def _collect(model: Any, content: Any, wanted: dict, without: frozenset[str] = frozenset()) -> None:
    for field in _links(model, without):
        if (key := content.get(field.name)) is not None:
            wanted.setdefault(_target(field), set()).add(key)


def _links(model: Any, without: frozenset[str]) -> Iterator[models.ForeignKey]:
    for field in model._meta.concrete_fields:
        is_link = isinstance(field, ParentalKey) or getattr(field.remote_field, "parent_link", False)
        if isinstance(field, models.ForeignKey) and not is_link and field.name not in without:
            yield field


def _target(field: models.ForeignKey) -> tuple[Any, str]:
    return field.remote_field.model, str(field.remote_field.field_name)
