"""The verbs of the index. Each asks the database again what is public: what a caller or signal holds may be a draft."""

import logging
from collections.abc import Iterable

import swapper
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from .extract import PageText, page_text
from .grams import text_impacts
from .models import SearchEntry, SearchGram, SearchText
from .sites import site_root_pk, site_roots
from .text import normalize

logger = logging.getLogger(__name__)
Page = swapper.load_model("wagtailcore", "Page")


@transaction.atomic
def entry_index(*, page_pk: int, rewrite: bool = False) -> bool:
    """Make the entry of a page equal to the page's live row; remove it when the page is not public (R61, I5).

    Never uses text from memory: `page_published` also fires when a page is only scheduled, and then its instance
    carries the embargoed text. The page row is locked, so of two callers the last one writes the newest text.

    Args:
        page_pk: primary key of the page; it need not exist any more.
        rewrite: write even when the stored text is the same (after a change of the index itself).

    Returns True when the page is in the index afterwards.
    """
    page = Page.objects.select_for_update().filter(pk=page_pk, live=True).first()
    text = page_text(page.specific) if page and not page.get_view_restrictions().exists() else None
    if page is None or text is None:
        entry_remove(page_pks=[page_pk])
        return False
    _entry_write(page, text, rewrite)
    return True


def _entry_write(page, text: PageText, rewrite: bool) -> None:
    facts = {
        "site_root_id": site_root_pk(page.path),
        "published_at": page.first_published_at or page.last_published_at,
    }
    words = {
        "title": text.title,
        "body": text.body,
        "title_text": normalize(text.title),
        "body_text": normalize(text.body),
    }
    SearchEntry.objects.update_or_create(pk=page.pk, defaults=facts)
    if not rewrite and SearchText.objects.filter(pk=page.pk).values(*words).first() == words:
        return
    SearchText.objects.update_or_create(pk=page.pk, defaults=words)
    SearchGram.objects.filter(entry_id=page.pk).delete()
    SearchGram.objects.bulk_create(
        SearchGram(gram=gram, entry_id=page.pk, impact=value.impact, in_title=value.in_title)
        for gram, value in text_impacts(words["title_text"], words["body_text"]).items()
    )


def entry_remove(*, page_pks: Iterable[int]) -> int:
    """Take pages out of the index. Returns how many were in it."""
    return SearchEntry.objects.filter(pk__in=list(page_pks)).delete()[1].get(SearchEntry._meta.label, 0)


def page_refresh(*, page_pk: int) -> None:
    """`entry_index` for signals: an error is logged and takes the page out, rather than leave an old text findable."""
    try:
        entry_index(page_pk=page_pk)
    except Exception:  # a page's own blocks may raise anything, and no save or publication may fail for the search
        logger.exception("Page %s could not be indexed for search. It is left out until it is saved again.", page_pk)
        entry_remove(page_pks=[page_pk])


def subtree_refresh(*, page_pk: int) -> None:
    """After a move or a change of privacy: take out what is no longer public below a page, put in what now is.

    Aliases outside the subtree follow their source page's privacy, so they are looked at too.
    """
    page = Page.objects.filter(pk=page_pk).only("path").first()
    if page is None:
        return
    below = Page.objects.filter(path__startswith=page.path)
    SearchEntry.objects.filter(page__in=below.not_public()).delete()
    entries_assign()
    missing = below.live().filter(~Exists(SearchEntry.objects.filter(pk=OuterRef("pk"))))
    doubtful = _pks_through_aliases(page.path)
    for pk in [*missing.values_list("pk", flat=True), *doubtful]:
        page_refresh(page_pk=pk)


@transaction.atomic
def entries_assign() -> None:
    """Assign every entry to its site again, after a site or a part of the tree was moved. One query a site."""
    outside = SearchEntry.objects.exclude(site_root=None)
    for path, root_pk in site_roots():
        below = SearchEntry.objects.filter(page__path__startswith=path)
        below.filter(Q(site_root=None) | ~Q(site_root=root_pk)).update(site_root=root_pk)
        outside = outside.exclude(page__path__startswith=path)
    outside.update(site_root=None)


def _pks_through_aliases(path: str) -> list[int]:
    """Pages in or below an alias whose source lies below `path`, aliases of aliases included."""
    found: dict[int, None] = {}
    todo = [path]
    while todo:
        aliases = Page.objects.filter(alias_of__path__startswith=todo.pop()).values_list("pk", "path")
        for alias_pk, alias_path in aliases:
            if alias_pk not in found:
                below = Page.objects.filter(path__startswith=alias_path).values_list("pk", flat=True)
                found.update(dict.fromkeys(below))
                todo.append(alias_path)
    return list(found)
