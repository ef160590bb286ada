"""Errors as RFC 9457 problem documents that name the parameter and say what to do."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Field, Schema

MEDIA_TYPE = "application/problem+json"
#: What is repeated of a wrong value, at most.
ECHO_LENGTH = 80


class ParameterError(Schema):
    """One parameter that could not be used."""

    parameter: str = Field(description="Name of the query parameter.", examples=["limit"])
    detail: str = Field(description="What is wrong with it and what to write instead.")


class FiscalYearReading(Schema):
    """What a C.E. year may have meant."""

    fiscal_year: int = Field(description="Fiscal year (B.E.).", examples=[2570])
    first_day: str = Field(description="First day (ISO, C.E.).", examples=["2026-10-01"])
    last_day: str = Field(description="Last day (ISO, C.E.).", examples=["2027-09-30"])


class Problem(Schema):
    """An RFC 9457 problem document (`application/problem+json`). Texts are in the language of the site."""

    type: str = Field(description="Address that explains this kind of problem.")
    title: str = Field(description="The kind of problem in a few words.")
    status: int = Field(description="The HTTP status.", examples=[400])
    detail: str = Field(description="What is wrong in this request and what to do.")
    instance: str = Field(description="Path of the request.")
    parameter: str | None = Field(None, description="The (first) parameter at fault.", examples=["fiscal_year"])
    errors: list[ParameterError] | None = Field(None, description="Every parameter at fault.")
    readings: list[FiscalYearReading] | None = Field(
        None, description="For a fiscal year given in C.E.: the fiscal years it may have meant."
    )
    kind: str | None = Field(
        None,
        description="For an item that left the site: `in_error`, `consolidated`, `withdrawn`, `expired`, `correction`.",
    )
    notice: str | None = Field(None, description="For a withdrawn item: what the agency tells the public.")
    replaced_by: str | None = Field(None, description="For a merged item: UUID of the public item in its place.")


class ProblemFound(Exception):
    """A request that cannot be answered. `errors` are pairs of parameter and sentence, `extra` further members."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        errors: list[ParameterError] | None = None,
        extra: dict[str, Any] | None = None,
    ):
        super().__init__(detail)
        self.status, self.kind, self.detail = status, kind, detail
        self.errors, self.extra = errors or [], extra or {}


def parameter_refused(parameter: str, detail: str) -> ProblemFound:
    """The exception for one parameter that cannot be used."""
    return ProblemFound(400, "invalid-parameter", detail, [ParameterError(parameter=parameter, detail=detail)])


def not_found(detail: str) -> ProblemFound:
    """The exception for something that is not there, or not public: the two are never told apart (I5)."""
    return ProblemFound(404, "not-found", detail)


def problem_kinds() -> dict[str, str]:
    """The kinds of problems and their titles, as the documentation page lists them."""
    return {
        "invalid-parameter": _("A parameter cannot be used"),
        "unknown-parameter": _("A parameter is not known"),
        "invalid-request": _("The request cannot be read"),
        "not-found": _("There is no such public item"),
        "gone": _("The item was public and has been taken off the site"),
        "method-not-allowed": _("This address can only be read"),
    }


def problem_response(request: HttpRequest, problem: ProblemFound, **extra: Any) -> HttpResponse:
    """The problem as an answer that no cache keeps."""
    document: dict[str, Any] = {
        "type": f"{reverse('pr-api:openapi-view')}#{problem.kind}",
        "title": problem_kinds()[problem.kind],
        "status": problem.status,
        "detail": problem.detail,
        "instance": request.path,
    }
    if problem.errors:
        document["parameter"] = problem.errors[0].parameter
        document["errors"] = [error.dict() for error in problem.errors]
    document.update(problem.extra | extra)
    return HttpResponse(
        json.dumps(document, ensure_ascii=False),
        status=problem.status,
        content_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store"},
    )


def on_problem(request: HttpRequest, error: Any) -> HttpResponse:
    """For problems found by a view."""
    return problem_response(request, error)


def on_validation_error(request: HttpRequest, error: Any) -> HttpResponse:
    """For ninja's `ValidationError`: a wrong part of the path is "not found", a wrong parameter is named."""
    if any(each["loc"][0] == "path" for each in error.errors):
        return problem_response(request, not_found(_("There is no public item at this address.")))
    errors = [ParameterError(parameter=str(each["loc"][-1]), detail=sentence_of(each)) for each in error.errors]
    readings = next((each["ctx"]["readings"] for each in error.errors if "readings" in each.get("ctx", {})), None)
    problem = ProblemFound(400, "invalid-parameter", " ".join(each.detail for each in errors), errors)
    return problem_response(request, problem, **({"readings": readings} if readings else {}))


def sentence_of(error: dict[str, Any]) -> str:
    """The sentence of a validator of ours, or that the parameter is missing."""
    if error["type"] == "missing":
        return _("The parameter “%(name)s” is needed.") % {"name": error["loc"][-1]}
    return error["msg"]


def shown(value: object) -> str:
    """A wrong value as it is repeated to its sender: printable and not long."""
    text = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in str(value))
    return text if len(text) <= ECHO_LENGTH else f"{text[:ECHO_LENGTH]}…"
