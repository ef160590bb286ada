"""Finding pages: at most three queries, whatever the size of the site."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Case, Count, F, FloatField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import StrIndex
from django.utils.safestring import SafeString
from wagtail.models import Site

from . import conf
from .grams import EVERY_ENTRY, GRAM_LENGTH, gram_key, rarity, run_grams
from .models import SearchEntry, SearchGram
from .snippets import marked, snippet
from .text import query_terms

# The rarest pieces of a query decide; more of them cost time and find nothing new (measured: 24 finds what all find).
MAX_GRAMS = 24
# A page with only a part of the query is shown when it has three tenths of its pieces, or five of them, which is a
# word of seven letters. Counted, not weighted by rarity, so that a site of ten pages answers like one of ten thousand.
NEAR_SHARE = 0.3
NEAR_GRAMS = 5
# Where some page has the whole query, more is asked of the others.
NEAR_SHARE_BESIDE_EXACT = 0.4

IN_TITLE, IN_TEXT, NEAR = 2, 1, 0


@dataclass(frozen=True)
class SearchHit:
    """One page found; `exact` is True when every word of the query stands in it. `published_at` is in UTC."""

    page: Any
    published_at: datetime | None
    title_html: SafeString
    snippet_html: SafeString
    exact: bool


@dataclass(frozen=True)
class SearchResults:
    """One page of results; `total` counts all of them, `capped` says that there are more than were counted."""

    terms: list[str]
    hits: list[SearchHit]
    total: int
    capped: bool


class Ranked(NamedTuple):
    """A candidate, and how many of the query's pieces it has."""

    pk: int
    tier: int
    found: int


def search_pages(query: str, *, site: Site, limit: int = 10, offset: int = 0) -> SearchResults:
    """Live, public pages of one site that answer a query, best first (R61, I5).

    Pages with the whole query in the title come first, newest first; then pages with the whole query in their text,
    then pages with a good part of it, each by relevance. At most `PR_SEARCH_MAX_QUERY_LENGTH` characters are read.

    Raises ValueError when `limit` is below 1 or `offset` below 0.
    """
    if limit < 1 or offset < 0:
        raise ValueError("limit must be at least 1 and offset at least 0.")
    terms = query_terms(query[: conf.max_query_length()])
    most = conf.max_results()
    if any(len(term) >= GRAM_LENGTH for term in terms):
        ranked = _rank_by_grams(terms, site, most + 1)
    else:
        ranked = _rank_by_scan(terms, site, most + 1)
    pks = [candidate.pk for candidate in ranked[:most]]
    hits = _hits(pks[offset : offset + limit], terms, site)
    return SearchResults(terms, hits, len(pks), capped=len(ranked) > most)


def _rank_by_grams(terms: list[str], site: Site, most: int) -> list[Ranked]:
    keys = {gram_key(gram): len(term) >= GRAM_LENGTH for term in terms for gram in run_grams(term)}
    counted = SearchGram.objects.filter(gram__in=[EVERY_ENTRY, *keys]).values("gram").annotate(having=Count("*"))
    having = dict(counted.values_list("gram", "having"))
    known = sorted(having.keys() & keys.keys(), key=lambda key: (having[key], key))[:MAX_GRAMS]
    if not known:
        return []
    wanted = min(len(keys), MAX_GRAMS)
    rows = _gram_rows(
        weights={key: rarity(having[EVERY_ENTRY], having[key]) for key in known},
        # None when the index lacks a piece of some word: then no page can have the whole query.
        whole=[key for key in known if keys[key]] if len(known) == wanted else None,
        site=site,
    )
    least = min(NEAR_SHARE * wanted, NEAR_GRAMS)
    ranked = [
        Ranked(*row)
        for row in rows.filter(Q(tier__gt=NEAR) | Q(found__gte=least)).values_list("entry_id", "tier", "found")[:most]
    ]
    if ranked and ranked[0].tier > NEAR:
        least = max(least, NEAR_SHARE_BESIDE_EXACT * wanted)
    return [row for row in ranked if row.tier > NEAR or row.found >= least]


def _gram_rows(*, weights: dict[int, float], whole: list[int] | None, site: Site) -> QuerySet[Any]:
    """Entries with any of the pieces, best first. `whole` are the pieces that must all be there for the whole query."""
    weight = Case(*(When(gram=key, then=Value(value)) for key, value in weights.items()), output_field=FloatField())
    tier = (
        Value(NEAR)
        if whole is None
        else Case(
            When(whole_in_title=len(whole), then=Value(IN_TITLE)),
            When(whole_found=len(whole), then=Value(IN_TEXT)),
            default=Value(NEAR),
        )
    )
    return (
        SearchGram.objects.filter(gram__in=list(weights), entry__site_root=site.root_page_id)
        .values("entry_id", "entry__published_at")
        .annotate(
            score=Sum(weight * F("impact"), output_field=FloatField()),
            found=Count("gram"),
            whole_found=Count("gram", filter=Q(gram__in=whole or [])),
            whole_in_title=Count("gram", filter=Q(gram__in=whole or [], in_title=True)),
        )
        .annotate(tier=tier)
        .annotate(newest=Case(When(tier=IN_TITLE, then=F("entry__published_at"))))
        .order_by("-tier", F("newest").desc(nulls_last=True), "-score", "-entry_id")
    )


def _rank_by_scan(terms: list[str], site: Site, most: int) -> list[Ranked]:
    """Words of one or two letters have no piece of their own inside a run, so the text itself is read."""
    if not terms:
        return []
    entries = SearchEntry.objects.of_site(site)
    for number, term in enumerate(terms):
        entries = entries.alias(
            **{
                f"title_{number}": StrIndex("text__title_text", Value(term)),
                f"body_{number}": StrIndex("text__body_text", Value(term)),
            }
        ).filter(Q(**{f"title_{number}__gt": 0}) | Q(**{f"body_{number}__gt": 0}))
    in_title = Q(**{f"title_{number}__gt": 0 for number in range(len(terms))})
    rows = (
        entries.annotate(tier=Case(When(in_title, then=Value(IN_TITLE)), default=Value(IN_TEXT)))
        .order_by("-tier", F("published_at").desc(nulls_last=True), "-pk")
        .values_list("pk", "tier")
    )
    return [Ranked(pk, tier, len(terms)) for pk, tier in rows[:most]]


def _hits(pks: list[int], terms: list[str], site: Site) -> list[SearchHit]:
    """Read the entries again with the strict filter: even a stale index never shows what is not public now."""
    found = SearchEntry.objects.public_now(site).select_related("page", "text").in_bulk(pks)
    return [_hit(found[pk], terms) for pk in pks if pk in found]


def _hit(entry: SearchEntry, terms: list[str]) -> SearchHit:
    text = entry.text
    return SearchHit(
        page=entry.page,
        published_at=entry.published_at,
        title_html=marked(text.title, terms),
        snippet_html=snippet(text.body, terms, conf.snippet_length()),
        exact=all(term in text.title_text or term in text.body_text for term in terms),
    )
