"""Settings of the app: one function per setting, read at call time so that tests can override them."""

from typing import Any

from django.conf import settings

DEFAULTS: dict[str, Any] = {
    "PR_SEARCH_BASE_TEMPLATE": "base.html",
    "PR_SEARCH_PAGE_SIZE": 10,
    "PR_SEARCH_MAX_QUERY_LENGTH": 200,
    "PR_SEARCH_MAX_RESULTS": 1000,
    "PR_SEARCH_MAX_BODY_LENGTH": 50_000,
    "PR_SEARCH_SNIPPET_LENGTH": 180,
}


def setting_value(name: str) -> Any:
    """The setting as the site wrote it, or our default."""
    return getattr(settings, name, DEFAULTS[name])


def base_template() -> str:
    """`PR_SEARCH_BASE_TEMPLATE`: the site's template that the result page extends (default "base.html")."""
    return setting_value("PR_SEARCH_BASE_TEMPLATE")


def page_size() -> int:
    """`PR_SEARCH_PAGE_SIZE`: results on one page (default 10)."""
    return setting_value("PR_SEARCH_PAGE_SIZE")


def max_query_length() -> int:
    """`PR_SEARCH_MAX_QUERY_LENGTH`: longest query a visitor may send, in characters (default 200)."""
    return setting_value("PR_SEARCH_MAX_QUERY_LENGTH")


def max_results() -> int:
    """`PR_SEARCH_MAX_RESULTS`: how many pages one query can reach, over all result pages (default 1,000)."""
    return setting_value("PR_SEARCH_MAX_RESULTS")


def max_body_length() -> int:
    """`PR_SEARCH_MAX_BODY_LENGTH`: characters of a page's text that are indexed; the rest is not (default 50,000)."""
    return setting_value("PR_SEARCH_MAX_BODY_LENGTH")


def snippet_length() -> int:
    """`PR_SEARCH_SNIPPET_LENGTH`: characters of text shown below a result's title (default 180)."""
    return setting_value("PR_SEARCH_SNIPPET_LENGTH")
