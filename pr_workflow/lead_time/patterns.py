"""The placeholders of draft templates: checked when a template is saved, filled in when a draft is made. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

#: What a text may name, and nothing else.
PLACEHOLDERS = ("name", "year_be", "date", "agency")
#: The fields of a template that are patterns.
PATTERN_FIELDS = ("title", "lead", "body", "tags")

_BRACED = re.compile(r"\{([^{}]*)\}")


def pattern_refusal(text: str) -> Any:
    """Why a text is no pattern, as a whole sentence; empty when it is one."""
    unknown = next((name for name in _BRACED.findall(text) if name not in PLACEHOLDERS), None)
    names = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    if unknown is not None:
        return _("The placeholder {%(unknown)s} is not known. Use one of: %(names)s.") % {
            "unknown": unknown,
            "names": names,
        }
    if set(_BRACED.sub("", text)) & set("{}"):
        return _("A brace stands alone. Write placeholders whole, like: %(names)s.") % {"names": names}
    return ""


def pattern_filled(text: str, words: Mapping[str, str]) -> str:
    """The text with each placeholder replaced once; what was filled in is not read as a pattern again."""
    return _BRACED.sub(lambda found: words.get(found[1], found[0]), text)
