"""Where an item's papers can be printed, and addresses in Thai letters."""

from django import template

from ..archive.dossier import readable_address
from ..archive.request_form import has_request_form

register = template.Library()

register.filter(readable_address)


@register.simple_tag
def may_print_request(page) -> bool:
    """Has the item been submitted or published in an emergency, so that there is a form to print? One query or two."""
    return has_request_form(page)
