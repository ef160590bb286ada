"""Tags of the public site's templates: the frame, dates in the agency's own digits, icons, structured data."""

import json
from datetime import date, datetime

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from home.frame import PublicSite, public_site
from pr_workflow import thai_time

register = template.Library()

#: The same escapes as Django's json_script: a text can never end the script element.
JSON_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.simple_tag(takes_context=True)
def site_frame(context: template.Context) -> PublicSite:
    """`{% site_frame as frame %}`: the agency and navigation of the site that answers."""
    request = context.get("request")
    return public_site(request) if request else PublicSite()


@register.simple_tag(takes_context=True)
def be_date(context: template.Context, value: date | None, style: thai_time.Style = "long") -> str:
    """A date in B.E. inside `<time>`, with the digits the agency has chosen (R26)."""
    if not isinstance(value, date):
        return ""
    iso = value.isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()
    return format_html('<time datetime="{}">{}</time>', iso, be_text(context, thai_time.thai_date(value, style)))


@register.simple_tag(takes_context=True)
def be_range(context: template.Context, first: date, last: date, style: thai_time.Style = "long") -> str:
    """Several days in B.E., month and year said once."""
    return be_text(context, thai_time.thai_date_range(first, last, style))


@register.simple_tag(takes_context=True)
def be_text(context: template.Context, value: object) -> str:
    """A number or date for people, with the digits the agency has chosen."""
    digits = site_frame(context).digits
    return thai_time.thai_digits(value) if digits == "thai" else str(value)


@register.filter
def month_short(value: date) -> str:
    """The short Thai month of a date: เม.ย."""
    return thai_time.MONTHS_SHORT[value.month - 1]


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the self-hosted sheet; decoration only, so hidden from assistive technology."""
    sheet = static("home/icons.svg")
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>', sheet, name)


@register.simple_tag
def structured_data(data: dict) -> SafeString:
    """A JSON-LD block. The browser runs nothing in it, so it needs no exception in a content security policy."""
    text = json.dumps(data, ensure_ascii=False).translate(JSON_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped just above
