"""System checks: a wrong setting is named when the site starts, not when a visitor searches."""

from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from . import conf

MINIMUM = {
    "PR_SEARCH_PAGE_SIZE": 1,
    "PR_SEARCH_MAX_QUERY_LENGTH": 3,
    "PR_SEARCH_MAX_RESULTS": 1,
    "PR_SEARCH_MAX_BODY_LENGTH": 100,
    "PR_SEARCH_SNIPPET_LENGTH": 20,
}


@register
def check_search_settings(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Numbers are whole and large enough (`pr_search.E001`); the base template exists (`E002`, `W001`)."""
    messages: list[CheckMessage] = []
    for name, least in MINIMUM.items():
        value = conf.setting_value(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            messages.append(
                Error(f"{name} is {value!r}. It must be a whole number of at least {least}.", id="pr_search.E001")
            )
    template = conf.base_template()
    if not isinstance(template, str) or not template:
        messages.append(
            Error(f"PR_SEARCH_BASE_TEMPLATE is {template!r}. It must name a template.", id="pr_search.E002")
        )
        return messages
    try:
        get_template(template)
    except TemplateDoesNotExist:
        messages.append(
            Warning(
                f"The template {template!r} does not exist, so the search page cannot be shown.",
                hint="Set PR_SEARCH_BASE_TEMPLATE to the template that the pages of your site extend.",
                id="pr_search.W001",
            )
        )
    return messages
