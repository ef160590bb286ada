"""Rows that several items refer to, asked once while many items are worked on together.

Pictures, files, tags and people of a chunk of news are mostly the same. Inside `rows_shared` each row is fetched once;
outside of it every question goes to the database.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

#: For each class and key field: the rows by key; None for a key without a row.
Rows = dict[tuple[Any, str], dict[Any, Any]]

_shared: ContextVar[Rows | None] = ContextVar("rows_at_hand", default=None)


@contextmanager
def rows_shared() -> Iterator[None]:
    """Keep what `rows_by_key` finds until the block ends; for one transaction, not longer."""
    token = _shared.set({})
    try:
        yield
    finally:
        _shared.reset(token)


def rows_by_key(model: Any, keys: Collection[Any], field: str = "pk") -> dict[Any, Any]:
    """The rows of a class by key (in the type of the key's column); one query at most, deleted ones are left out."""
    column = model._meta.pk if field == "pk" else model._meta.get_field(field)
    wanted = {column.to_python(key) for key in keys} - {None}
    shared = _shared.get()
    held = {} if shared is None else shared.setdefault((model, column.name), {})
    if missing := wanted - held.keys():
        rows = model._default_manager.filter(**{f"{column.attname}__in": missing})
        held.update({**dict.fromkeys(missing), **{getattr(row, column.attname): row for row in rows}})
    return {key: held[key] for key in wanted if held[key] is not None}


def rows_collect(model: Any, keys: Collection[Any], field: str = "pk") -> None:
    """Fetch rows that will be asked for; nothing happens outside `rows_shared`, where they would be asked for again."""
    if keys and _shared.get() is not None:
        rows_by_key(model, keys, field)
