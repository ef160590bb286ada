"""The documentation page: plain HTML made from the OpenAPI document, without scripts or foreign hosts (R70)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from .problems import problem_kinds


class PlainDocumentation(DocsBase):
    """Shows each address with its parameters."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        schema = api.get_openapi_schema(path_params=kwargs)
        context = {
            "api": api,
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
                "description": operation.get("description", ""),
                "parameters": [parameter_facts(each) for each in operation.get("parameters", [])],
            }


def parameter_facts(parameter: dict[str, Any]) -> dict[str, Any]:
    """Name, need and meaning of a parameter."""
    schema = parameter["schema"]
    return {
        "name": parameter["name"],
        "required": parameter.get("required", False),
        "description": parameter.get("description") or schema.get("description", ""),
        "default": schema.get("default"),
    }
