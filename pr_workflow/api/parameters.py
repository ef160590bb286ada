"""The query parameters: read strictly, refused with a whole sentence, never guessed (R62)."""

import re
from collections.abc import Callable
from datetime import date
from enum import Enum
from functools import wraps
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Schema
from ninja.decorators import decorate_view
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from ..thai_time import LAST_YEAR_CE, fiscal_year_bounds, to_be
from .problems import ParameterError, ProblemFound, shown

LIMIT_DEFAULT, LIMIT_MOST = 20, 100
FIRST_YEAR_BE, LAST_YEAR_BE = 2480, 2700
LONGEST_TEXT = 100
_WHOLE_NUMBER = re.compile(r"\d{1,6}", re.ASCII)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def refusal(sentence: str, **context) -> PydanticCustomError:
    """What a validator raises; braces in the sentence stay as they are."""
    return PydanticCustomError("refused", "{sentence}", {"sentence": sentence, **context})


def limit_number(value: object) -> int:
    """A page size from 1 to 100."""
    number = int(str(value)) if _WHOLE_NUMBER.fullmatch(str(value)) else 0
    if not 1 <= number <= LIMIT_MOST:
        raise refusal(
            _("“limit” is “%(value)s”; give a whole number from 1 to %(most)s.")
            % {"value": shown(value), "most": LIMIT_MOST}
        )
    return number


def fiscal_year_number(value: object) -> int:
    """A fiscal year in B.E.; a year that looks like C.E. is refused with both fiscal years it touches."""
    year = int(str(value)) if _WHOLE_NUMBER.fullmatch(str(value)) else 0
    if FIRST_YEAR_BE <= year <= LAST_YEAR_BE:
        return year
    if 1900 <= year <= LAST_YEAR_CE:
        readings = [_reading(to_be(year)), _reading(to_be(year) + 1)]
        raise refusal(
            _(
                "“fiscal_year” is “%(value)s”, which looks like a C.E. year. Give it in B.E.: %(ending)s for the "
                "fiscal year that ends in September %(value)s, or %(starting)s for the one that "
                "starts in October %(value)s."
            )
            % {"value": year, "ending": readings[0]["fiscal_year"], "starting": readings[1]["fiscal_year"]},
            readings=readings,
        )
    raise refusal(
        _("“fiscal_year” is “%(value)s”; give a fiscal year in B.E. with four digits, for example 2570.")
        % {"value": shown(value)}
    )


def _reading(fiscal_year: int) -> dict[str, int | str]:
    first, last = fiscal_year_bounds(fiscal_year)
    return {"fiscal_year": fiscal_year, "first_day": first.isoformat(), "last_day": last.isoformat()}


def iso_date(name: str) -> Callable[[object], date]:
    """A reader of ISO dates for the parameter `name`; a B.E. year is refused with the date it stands for."""

    def read(value: object) -> date:
        text = str(value)
        try:
            found = date.fromisoformat(text) if _ISO_DATE.fullmatch(text) else None
        except ValueError:
            found = None
        if found is None or found.year < 1900:
            raise refusal(
                _("“%(name)s” is “%(value)s”; give a date that exists, as year-month-day in C.E., like 2027-04-13.")
                % {"name": name, "value": shown(value)}
            )
        if found.year > LAST_YEAR_CE:
            year = found.year - 543
            raise refusal(
                _("“%(name)s” is “%(value)s”, which looks like a B.E. year. Give the year in C.E.: %(meant)s.")
                % {"name": name, "value": text, "meant": f"{year:04}{text[4:]}"}
            )
        return found

    return read


def one_of(name: str, choices: type[Enum]) -> Callable[[object], Enum]:
    """A reader of one key out of `choices` for the parameter `name`."""

    def read(value: object) -> Enum:
        try:
            return choices(str(value))
        except ValueError as error:
            known = ", ".join(str(choice.value) for choice in choices)
            raise refusal(
                _("“%(name)s” is “%(value)s”; it can be: %(known)s.")
                % {"name": name, "value": shown(value), "known": known}
            ) from error

    return read


def is_readable(text: str) -> bool:
    """No control characters, which some databases refuse, and no bytes that were no UTF-8."""
    return text.isprintable() and "\N{REPLACEMENT CHARACTER}" not in text


def plain_text(name: str) -> Callable[[object], str]:
    """A reader of short texts."""

    def read(value: object) -> str:
        text = str(value).strip()
        if not text or len(text) > LONGEST_TEXT or not is_readable(text):
            raise refusal(
                _("“%(name)s” is “%(value)s”; give a text of 1 to %(most)s characters.")
                % {"name": name, "value": shown(value), "most": LONGEST_TEXT}
            )
        return text

    return read


Limit = Annotated[int, Field(ge=1, le=LIMIT_MOST), BeforeValidator(limit_number)]
FiscalYear = Annotated[int, Field(ge=FIRST_YEAR_BE, le=LAST_YEAR_BE), BeforeValidator(fiscal_year_number)]


def period_check(first: date | None, last: date | None) -> None:
    """A period runs forwards. Raises ProblemFound naming `date_to`."""
    if first and last and last < first:
        detail = _("“date_to” (%(last)s) lies before “date_from” (%(first)s). Exchange them.") % {
            "last": last.isoformat(),
            "first": first.isoformat(),
        }
        raise ProblemFound(400, "invalid-parameter", detail, [ParameterError(parameter="date_to", detail=detail)])


def only_these_parameters(schema: type[Schema] | None = None):
    """Decorator of an endpoint: a parameter that `schema` does not have, or one given twice, is refused by name.

    A filter that is ignored would show everything to somebody who asked for a part.
    """
    known = set(schema.model_fields) if schema else set()

    def decorate(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(run)
        def checked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            refuse_strangers(request, known)
            return run(request, *args, **kwargs)

        return checked

    return decorate_view(decorate)


def refuse_strangers(request: HttpRequest, known: set[str]) -> None:
    """Raises ProblemFound for a parameter that is not known or is given more than once."""
    names = ", ".join(sorted(known)) or _("none")
    errors = [
        ParameterError(
            parameter=shown(name),
            detail=_("“%(name)s” is not a parameter of this address. Known: %(known)s.")
            % {"name": shown(name), "known": names},
        )
        for name in request.GET
        if name not in known
    ]
    if errors:
        raise ProblemFound(400, "unknown-parameter", " ".join(each.detail for each in errors), errors)
    errors = [
        ParameterError(parameter=name, detail=_("“%(name)s” is given more than once; give it once.") % {"name": name})
        for name, values in request.GET.lists()
        if len(values) > 1
    ]
    if errors:
        raise ProblemFound(400, "invalid-parameter", " ".join(each.detail for each in errors), errors)
