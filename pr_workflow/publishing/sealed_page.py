"""A sealed version put online: what Wagtail's publish action does for a page, without doing it twice (I1, I3).

Wagtail's action builds the page from its version several times, saves it, indexes it twice and asks for titles of older
versions. Here the page is built once and saved once. Whatever a site listens to is the same: the page saved through the
gate, `page_published` and `published`, the page's own log entry, `live_revision`, `first_published_at`, cleared
schedules. The course of a chain is left alone, and the indexes follow after the commit.

Everything here takes many pages at once: what they need from the database is fetched for all of them together. Only the
saving itself, and telling everybody, is done page by page.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import swapper
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations
from wagtail.fields import StreamField
from wagtail.models import COMMENTS_RELATION_NAME, PageLogEntry, Revision
from wagtail.signal_handlers import disable_reference_index_auto_update
from wagtail.signals import page_published, published

from ..gate import publication_permit
from ..news.public_content import file_keys
from ..news.references import references_collect
from ..news.rows_at_hand import rows_collect

Page = swapper.load_model("wagtailcore", "Page")


class UnknownContent(Exception):
    """The sealed version holds content this site no longer knows; Wagtail would leave it out without a word."""


def sealed_page(revision: Revision) -> Any:
    """The page as it was sealed, not saved. Raises `UnknownContent` when a part of it would be lost."""
    return sealed_pages([revision])[0]


def sealed_pages(revisions: Sequence[Revision]) -> list[Any]:
    """The pages of these versions as `sealed_page` says, with what is asked for all of them together."""
    prefetch_related_objects(revisions, "content_object")
    online = [revision.content_object for revision in revisions]
    _parents_attach(online)
    children = {
        model: _children_of(model, [page for page in online if type(page) is model]) for model in map(type, online)
    }
    for model in children:
        references_collect(model, [r.content for r, page in zip(revisions, online, strict=True) if type(page) is model])
    pages = [
        _sealed(revision, page, {name: rows[page.pk] for name, rows in children[type(page)].items()})
        for revision, page in zip(revisions, online, strict=True)
    ]
    _slugs_note(pages)
    for model, keys in file_keys(pages).items():
        rows_collect(model, keys)
    return pages


def _sealed(revision: Revision, online: Any, stored: dict[str, list[tuple]]) -> Any:
    page = online.with_content_json(revision.content)
    online._cluster_related_objects.pop(COMMENTS_RELATION_NAME, None)
    page.title_online, page.slug_online, page.children_stored = online.title, online.slug, stored
    # Known already: the page above, and that an unchanged address moves no root of a site.
    page._cached_parent_obj = online.get_parent()
    if page.slug == online.slug:
        page._is_site_root = False
    for field in page._meta.get_fields():
        if isinstance(field, StreamField) and (lost := _unknown_blocks(revision.content.get(field.name), field)):
            raise UnknownContent(
                _("“%(field)s” holds a block this site no longer knows (%(block)s). Correct the item.")
                % {"field": field.verbose_name, "block": ", ".join(lost)}
            )
    return page


def _parents_attach(pages: Iterable[Any]) -> None:
    """Give every page the page above it."""
    above = {page.pk: page.path[: -page.steplen] for page in pages}
    found = {parent.path: parent for parent in Page.objects.filter(path__in=set(above.values()))}
    for page in pages:
        if above[page.pk] in found:
            page._cached_parent_obj = found[above[page.pk]]


def _children_of(model: Any, pages: Sequence[Any]) -> dict[str, dict[int, list[tuple]]]:
    """What stands in the database below pages of one class (tags, comments, people): by relation, then by page."""
    found: dict[str, dict[int, list[tuple]]] = {}
    keys = [page.pk for page in pages]
    for relation in get_all_child_relations(model):
        link = relation.field.attname
        rows = list(relation.related_model._base_manager.filter(**{f"{link}__in": keys}))
        name, fields = relation.get_accessor_name(), _columns(relation.related_model)
        found[name] = {key: [_values(row, fields) for row in rows if getattr(row, link) == key] for key in keys}
        if name == COMMENTS_RELATION_NAME:
            for page in pages:  # Wagtail takes the comments from the page, not from the version
                page._cluster_related_objects = {name: [row for row in rows if getattr(row, link) == page.pk]}
    for field in get_all_child_m2m_relations(model):
        through = field.remote_field.through._base_manager
        source, target = (
            through.model._meta.get_field(n).attname for n in (field.m2m_field_name(), field.m2m_reverse_field_name())
        )
        pairs = list(through.filter(**{f"{source}__in": keys}).values_list(source, target))
        found[field.name] = {key: [(end,) for start, end in pairs if start == key] for key in keys}
    return found


def _columns(model: Any) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _values(row: Any, fields: list[str]) -> tuple:
    return tuple(getattr(row, field) for field in fields)


def _slugs_note(pages: Iterable[Any]) -> None:
    """Note on every page whether its unchanged slug is known to be its own; about the others Wagtail asks."""
    pages = list(pages)
    same = [page for page in pages if page.slug == page.slug_online]
    depths, slugs = {page.depth for page in same}, {page.slug for page in same}
    rows = Page.objects.filter(depth__in=depths, slug__in=slugs).values_list("path", "slug") if same else []
    taken = Counter((path[: -Page.steplen], slug) for path, slug in rows)
    for page in pages:
        page.slug_is_own = page.slug == page.slug_online and taken[page.path[: -page.steplen], page.slug] == 1


def schedules_clear(revisions: Iterable[Revision]) -> None:
    """End Wagtail's schedules of every version of these pages, as its own publish action does."""
    pages = Q(pk__in=[])
    for revision in revisions:
        pages |= Q(base_content_type_id=revision.base_content_type_id, object_id=revision.object_id)
    Revision.objects.filter(pages, approved_go_live_at__isnull=False).update(approved_go_live_at=None)


def _unknown_blocks(stored: str | list | None, field: StreamField) -> list[str]:
    blocks = json.loads(stored or "[]") if isinstance(stored, str) else stored or []
    return sorted({block["type"] for block in blocks} - field.stream_block.child_blocks.keys())


def page_put_online(page: Any, *, revision: Revision, now: datetime) -> bool:
    """Save a sealed page as live and tell everybody; False when a receiver took it off again. `now` is aware.

    The schedules (`schedules_clear`) and the page's history (`history_write`) are settled by whoever calls.

    The go-live wish inside the content is not a schedule: the posting is.
    """
    page.go_live_at, page.live, page.expired = None, True, False
    page.has_unpublished_changes = page.latest_revision_id != revision.pk
    page.live_revision, page.last_published_at = revision, now
    page.goes_live_first = page.first_published_at is None
    if page.goes_live_first:
        page.first_published_at = now
    # The posting step writes the public row itself, and the indexes follow after the commit.
    page.row_follows = page.index_follows = True
    _validate(page)
    unchanged = _unchanged_children(page)
    kept = {name: page._cluster_related_objects.pop(name) for name in unchanged}
    with publication_permit(page.pk), disable_reference_index_auto_update():
        page.save(clean=False, update_fields=_fields_to_save(page))
        page._cluster_related_objects.update(kept)
        page_published.send(sender=page.specific_class, instance=page, revision=revision)
        published.send(sender=type(page), instance=page, revision=revision)
    return page.live and page.live_revision_id == revision.pk


def _validate(page: Any) -> None:
    """What Wagtail asks before it saves a live page; the database itself holds its keys together."""
    keys = {field.name for field in page._meta.fields if field.is_relation}
    if page.slug_is_own:
        page._check_slug_is_unique = _settled
    try:
        page.full_clean(exclude=keys, validate_unique=False, validate_constraints=False)
    finally:
        page.__dict__.pop("_check_slug_is_unique", None)


def _settled() -> None:
    """In the place of a question whose answer is known."""


def _fields_to_save(page: Any) -> list[str] | None:
    """Everything; an unchanged slug is left out, because Wagtail fetches the whole page again to compare it."""
    if page.slug != page.slug_online:
        return None
    fields = [field.name for field in page._meta.concrete_fields if not field.primary_key and field.name != "slug"]
    return [*fields, *page._cluster_related_objects]


def _unchanged_children(page: Any) -> list[str]:
    """Names of relations (tags, comments, people) that stand in the database as they were sealed."""
    held, stored, unchanged = page._cluster_related_objects, page.children_stored, []
    for relation in get_all_child_relations(page):
        name = relation.get_accessor_name()
        if name not in held:
            continue
        fields = _columns(relation.related_model)
        sealed = [_values(row, fields) for row in held[name]]
        # Wagtail takes the comments from the database: none here means none to write.
        no_comments = name == COMMENTS_RELATION_NAME and not sealed
        if no_comments or sorted(stored[name], key=repr) == sorted(sealed, key=repr):
            unchanged.append(name)
    for field in get_all_child_m2m_relations(page):
        if field.name in held and {(row.pk,) for row in held[field.name]} == set(stored[field.name]):
            unchanged.append(field.name)
    return unchanged


def history_write(gone_live: Iterable[tuple[Any, Revision, Any]]) -> None:
    """The history of pages in the admin: (page, revision, actor) of each; a new title stands there too."""
    # Its own `save()` would ask the database again for the page, the version and the person of every row.
    PageLogEntry.objects.bulk_create([row for each in gone_live for row in _history(*each)])


def _history(page: Any, revision: Revision, actor) -> list[PageLogEntry]:
    titles = {"title": {"old": page.title_online, "new": page.title}} if page.title_online != page.title else {}
    return [
        PageLogEntry(
            page=page,
            content_type=ContentType.objects.get_for_model(page, for_concrete_model=False),
            label=page.get_admin_display_title(),
            action=action,
            timestamp=timezone.now(),
            data=titles,
            user=actor,
            revision=revision,
            content_changed=action == "wagtail.publish",
        )
        for action in (["wagtail.rename", "wagtail.publish"] if titles else ["wagtail.publish"])
    ]
