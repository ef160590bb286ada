"""The documentation page: plain HTML made from the OpenAPI document, without scripts or foreign hosts (R70)."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from .problems import problem_kinds

CODE = re.compile(r"`([^`]+)`")


class PlainDocumentation(DocsBase):
    """Shows each address with its parameters."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        schema = api.get_openapi_schema(path_params=kwargs)
        context = {
            "api": api,
            "description": paragraphs(api.description),
            "openapi_url": self.get_openapi_url(api, kwargs),
            "operations": list(operations_of(schema)),
            "problems": problem_kinds(),
        }
        return render(request, "pr_workflow/api/documentation.html", context)


def operations_of(schema: dict[str, Any]):
    """Every address with summary, description and parameters, as the page lists them."""
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield {
                "path": path,
                "method": method.upper(),
                "name": operation["operationId"],
                "summary": operation["summary"],
                "description": paragraphs(operation.get("description", "")),
                "parameters": [parameter_facts(each) for each in operation.get("parameters", [])],
            }


def paragraphs(text: str) -> list[SafeString]:
    """The paragraphs of a description as HTML: lines joined, words in backticks as code."""
    whole = (" ".join(part.split()) for part in text.split("\n\n"))
    return [mark_safe(CODE.sub(r"<code>\1</code>", escape(part))) for part in whole if part]  # noqa: S308 - escaped


def parameter_facts(parameter: dict[str, Any]) -> dict[str, Any]:
    """Name, need and meaning of a parameter."""
    schema = parameter["schema"]
    return {
        "name": parameter["name"],
        "required": parameter.get("required", False),
        "description": paragraphs(parameter.get("description", "")),
        "default": schema.get("default"),
    }
