"""What a visitor may send to the search page. Every refusal is a whole sentence that says what to do."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from . import conf
from .text import clean, query_terms

# Tab and line breaks come along when people paste; they count as spaces. Nothing else below U+0020 is typed.
_UNTYPED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_PAGE_NUMBER = re.compile(r"\d{1,6}")


class SearchField(forms.Field):
    """Words to search for. Invisible characters are dropped; control characters and over-long text are refused."""

    def clean(self, value: Any) -> str:
        text = value or ""
        if _UNTYPED.search(text):
            raise ValidationError(
                _("The search words contain characters that cannot be searched. Delete them and type the words again.")
            )
        longest = conf.max_query_length()
        if len(text) > longest:
            raise ValidationError(
                _("The search words are too long: %(length)d characters. Use at most %(longest)d."),
                params={"length": len(text), "longest": longest},
            )
        text = clean(text)
        if text and not query_terms(text):
            raise ValidationError(_("The search words contain no letter and no digit. Type at least one word."))
        return text


class PageNumberField(forms.Field):
    """A page number from 1, in Arabic or Thai digits."""

    def clean(self, value: Any) -> int:
        if not value:
            return 1
        if not _PAGE_NUMBER.fullmatch(value) or int(value) < 1:
            raise ValidationError(_("The page number in the address is not a number from 1. Start again at page 1."))
        return int(value)


class SearchForm(forms.Form):
    """`q` and `page` of the address."""

    q = SearchField(required=False)
    page = PageNumberField(required=False)
