"""Tags of the public site's templates: the frame, dates in the agency's own digits, icons, structured data."""

import json
import re
import unicodedata
from datetime import date, datetime

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from home.frame import PublicSite, public_site
from pr_workflow import thai_time
from pr_workflow.people.directory import portrait_of
from pr_workflow.people.models import StaffProfile

register = template.Library()

#: A number stays with its unit (7 ขั้นตอน), or else with the word before it (เขต 1, พ.ศ. 2570).
NUMBER_AND_UNIT = re.compile(r"([\d๐-๙.,]+) (?=\S{1,8}(?:\s|$))")
WORD_AND_NUMBER = re.compile(r" (?=[\d๐-๙.,]+(?: |$))")
#: Longer phrases must be free to break inside, or they would leave half-empty lines on a phone. In letters that take
#: room of their own, without vowels and tone marks above and below.
LONGEST_UNBROKEN = 24
PHRASE = '<span class="phrase">{}</span>'

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


@register.filter
def phrases(text: str) -> SafeString:
    """A headline whose short phrases stay whole, and whose numbers stay with their units.

    Thai writes a space between phrases, not words. Left alone, a browser fills each line and cuts inside a name.
    """
    bound = WORD_AND_NUMBER.sub("\u00a0", NUMBER_AND_UNIT.sub("\\1\u00a0", text))
    shown = (
        format_html(PHRASE if _width(part) <= LONGEST_UNBROKEN else "{}", part) for part in bound.split(" ") if part
    )
    return format_html_join(" ", "{}", ((part,) for part in shown))


def _width(text: str) -> int:
    return sum(unicodedata.category(letter) != "Mn" for letter in text)


@register.filter
def dialled(text: str) -> str:
    """What a telephone dials of a number written for people: digits up to the extension."""
    number = re.match(r"[\d+\s().-]*", thai_time.arabic_digits(text).strip())
    return re.sub(r"[^\d+]", "", number[0]) if number else ""


@register.simple_tag
def portrait(person: StaffProfile) -> SafeString | str:
    """The photo of a person in the directory; nothing for somebody without one."""
    size = portrait_of(person)
    if size is None:
        return ""
    markup = '<img src="{}" width="{}" height="{}" alt="{}" loading="lazy">'
    return format_html(markup, size.url, size.width, size.height, person.photo_alt)


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
