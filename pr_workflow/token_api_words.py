"""What Wagtail's interfaces for programs say when they refuse, in the language of the site: they write English only."""

import json
import re

from django.http import HttpResponse
from django.utils.translation import gettext_lazy

#: Forms of a refusal: of the token API (RFC 9457), and of the API behind the admin.
REFUSALS = ("application/problem+json", "application/json")
#: Whole sentences of Wagtail, and ours. It translates the class names inside them: they read half English.
_WORDS = (
    (r"The .+ could not be saved as it is locked\.", gettext_lazy("The item is locked, so nothing was saved.")),
    (
        r"You do not have permission to publish .+",
        gettext_lazy("You may not publish here. News goes live only through the approval chain."),
    ),
    (r"Permission denied|You do not have permission to .+", gettext_lazy("You do not have permission for this act.")),
    (r"Authentication required|Unauthorized", gettext_lazy("Send a valid token.")),
    (r"Not found|No \w+ matches the given query\.", gettext_lazy("What the address names does not exist.")),
    (r"Validation failed", gettext_lazy("What was sent is not right. “errors” names what and where.")),
    (r"Internationalization is not enabled\.", gettext_lazy("This site has one language only.")),
)


def in_words(detail: str) -> str:
    """Our sentence for one of Wagtail's; any other text as it is."""
    return next((str(ours) for theirs, ours in _WORDS if re.fullmatch(theirs, detail)), detail)


def said_in_words(response: HttpResponse) -> HttpResponse:
    """The answer, with the “detail” of a refusal in our words; every other answer untouched."""
    if response.status_code < 400 or not response.headers.get("Content-Type", "").startswith(REFUSALS):
        return response
    try:
        body = json.loads(response.content)
        detail = str(body["detail"])
    except (ValueError, KeyError, TypeError):
        return response
    if (ours := in_words(detail)) != detail:
        response.content = json.dumps({**body, "detail": ours}, ensure_ascii=False).encode()
        if response.has_header("Content-Length"):
            response["Content-Length"] = str(len(response.content))
    return response
