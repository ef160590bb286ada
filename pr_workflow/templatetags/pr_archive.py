"""Where an item's papers can be printed, and addresses in Thai letters."""

import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

from ..archive.dossier import readable_address
from ..archive.request_form import has_request_form

register = template.Library()

#: As orders and letters are numbered, with what is written close to it: `สธ 0999.02/12`, `12/2569`.
_NUMBER = re.compile(r"[\w.]*\d/\d+")

register.filter(readable_address)


@register.simple_tag
def may_print_request(page) -> bool:
    """Has the item been submitted or published in an emergency, so that there is a form to print? One query or two."""
    return has_request_form(page)


@register.filter
def whole_numbers(text) -> str:
    """The text with the number of an order (`12/2569`) in one piece: paper would break it behind the slash."""
    return mark_safe(_NUMBER.sub(r'<span class="whole">\g<0></span>', conditional_escape(text or "")))  # noqa: S308
