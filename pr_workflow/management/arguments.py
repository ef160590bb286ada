"""Words that several commands take: a date, a year, an agency. Each refusal says what to write instead."""

from argparse import ArgumentTypeError
from datetime import date

from ..people.models import Agency
from ..thai_time import ThaiDateError, arabic_digits, parse_thai_date, parse_year


def date_argument(text: str) -> date:
    """A date in ISO or as Thai people write it."""
    try:
        return parse_thai_date(text)
    except ThaiDateError as error:
        raise ArgumentTypeError(str(error)) from error


class TypedYear(int):
    """A C.E. year that knows whether it was typed in B.E."""

    typed_be = False


def year_argument(text: str) -> TypedYear:
    """A year in C.E. or B.E., as C.E."""
    try:
        year = TypedYear(parse_year(text))
        year.typed_be = arabic_digits(text).strip() != str(int(year))
        return year
    except ThaiDateError as error:
        raise ArgumentTypeError(str(error)) from error


def agency_argument(code: str) -> Agency:
    """An agency by its code."""
    agency = Agency.objects.filter(code=code).first()
    if agency is None:
        known = ", ".join(Agency.objects.values_list("code", flat=True)) or "none"
        raise ArgumentTypeError(f"no agency has the code “{code}”; known: {known}")
    return agency
