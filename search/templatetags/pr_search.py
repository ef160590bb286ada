"""`{% load pr_search %}`: dates the way readers of the language write them."""

from datetime import datetime

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language

register = template.Library()

BUDDHIST_ERA = 543


@register.filter
def reader_date(value: datetime | None) -> str:
    """13 เมษายน 2570 in Thai (Buddhist era), the usual long date in any other language; local time zone."""
    if value is None:
        return ""
    day = localtime(value).date()
    if (get_language() or "").startswith("th"):
        return f"{date_format(day, 'j F')} {day.year + BUDDHIST_ERA}"
    return date_format(day, "DATE_FORMAT")
