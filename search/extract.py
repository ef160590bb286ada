"""The words of a page: its own answer where it has one, else what it tells Wagtail to index."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import Manager, QuerySet
from wagtail.search import index

from . import conf
from .text import clean

TITLE_LENGTH = 1000


class PageText(NamedTuple):
    """What a visitor would read: plain text, cleaned, not yet normalised."""

    title: str
    body: str


def page_text(page: Any) -> PageText | None:
    """Title and text of a page, or None when the page does not want to be found.

    A page class may define `get_pr_search_text()` returning `(title, body)` as plain text, or None to stay out of the
    index. Without it the text is that of every `SearchField` in `search_fields`, which Wagtail frees of HTML.

    Raises TypeError when `get_pr_search_text()` returns anything else.
    """
    own_text = getattr(page, "get_pr_search_text", None)
    answer = own_text() if own_text else (page.title, _indexed_body(page))
    if answer is None:
        return None
    if not (isinstance(answer, tuple) and len(answer) == 2 and all(isinstance(part, str) for part in answer)):
        raise TypeError(f"{type(page).__name__}.get_pr_search_text() must return (title, body) as text, or None.")
    title, body = answer
    limit = conf.max_body_length()
    # Cut before cleaning too: a page of megabytes must not cost seconds to index.
    return PageText(clean(title[:TITLE_LENGTH]), clean(body[: 2 * limit])[:limit].strip())


def _indexed_body(page: Any) -> str:
    fields = [field for field in page.get_search_fields() if field.field_name != "title"]
    return " ".join(_indexed_texts(page, fields))


def _indexed_texts(instance: Any, fields: Iterable[Any]) -> Iterator[str]:
    for field in fields:
        if isinstance(field, index.SearchField):
            yield from _texts(field.get_value(instance))
        elif isinstance(field, index.RelatedFields):
            for related in _instances(field.get_value(instance)):
                yield from _indexed_texts(related, field.fields)


def _instances(value: Any) -> Iterable[Any]:
    if value is None:
        return ()
    if isinstance(value, Manager) or hasattr(value, "get_queryset"):
        return value.all()
    return value if isinstance(value, (list, tuple, QuerySet)) else (value,)


def _texts(value: Any) -> Iterator[str]:
    if value is None:
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple, set, QuerySet)):
        for part in value:
            yield from _texts(part)
    else:
        yield str(value)
