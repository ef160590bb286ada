"""The OpenAPI document made exact where Ninja's own is not: media types of errors, optional parameters, 304."""

from collections.abc import Iterator
from typing import Any

from .problems import MEDIA_TYPE

Document = dict[str, Any]

NOT_CHANGED = {"description": "Nothing has changed since the answer whose ETag was sent as If-None-Match."}
ENTITY_TAG = {"description": "Send it back as If-None-Match.", "schema": {"type": "string"}}


def exact(document: Document) -> Document:
    """Correct the document in place and return it."""
    for operation in operations(document):
        for parameter in operation.get("parameters", []):
            parameter["schema"] = without_null(parameter["schema"])
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                response["content"] = {MEDIA_TYPE: response["content"].pop("application/json")}
            else:
                response["headers"] = {"ETag": ENTITY_TAG}
        operation["responses"][304] = NOT_CHANGED
    return document


def operations(document: Document) -> Iterator[Document]:
    """Every operation of every address."""
    for methods in document["paths"].values():
        yield from methods.values()


def without_null(schema: Document) -> Document:
    """The schema of a parameter that may be left out but is never null; texts stand at the parameter itself."""
    kept = {name: value for name, value in schema.items() if name not in ("anyOf", "description", "examples", "title")}
    for choice in schema.get("anyOf", []):
        if choice != {"type": "null"}:
            kept.update(choice)
    if kept.get("default", "") is None:
        del kept["default"]
    return kept
