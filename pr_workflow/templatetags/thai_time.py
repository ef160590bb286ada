"""Template filters for Thai dates. `{% load thai_time %}`; an empty value gives an empty text."""

from datetime import date, datetime, time

from django import template

from .. import thai_time as clock

register = template.Library()


@register.filter
def thai_date(value: date | None, style: clock.Style = "long") -> str:
    """`{{ page.event_date|thai_date }}` → 13 เมษายน 2570; an argument names another style of `thai_time.thai_date`."""
    return clock.thai_date(value, style) if isinstance(value, date) else ""


@register.filter
def thai_date_short(value: date | None) -> str:
    """13 เม.ย. 2570"""
    return thai_date(value, "short")


@register.filter
def thai_datetime(value: datetime | None, style: clock.Style = "short") -> str:
    """13 เม.ย. 2570 เวลา 09.30 น."""
    return clock.thai_datetime(value, style) if isinstance(value, datetime) else ""


@register.filter
def thai_time(value: datetime | time | None) -> str:
    """09.30 น."""
    return clock.thai_time(value) if isinstance(value, (datetime, time)) else ""


@register.filter
def be_year(value: date | int | None) -> int | str:
    """The B.E. year of a date or of a C.E. year."""
    if isinstance(value, date):
        return clock.to_be(clock.bangkok_date(value).year)
    return clock.to_be(value) if isinstance(value, int) else ""


@register.filter
def fiscal_year_be(value: date | None) -> int | str:
    """The B.E. fiscal year of a date."""
    return clock.fiscal_year_be(value) if isinstance(value, date) else ""


@register.filter
def thai_digits(value: object) -> str:
    """The value with Thai digits."""
    return "" if value is None else clock.thai_digits(value)
