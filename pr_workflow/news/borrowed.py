"""Pictures and files of other agencies do not get into an item, however the form was filled (I5)."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, ReferenceIndex

from ..people.models import Agency
from .readiness import Problem


def borrowed_media(page, agency: Agency) -> dict[Any, set[str]]:
    """The pictures and files of other agencies that an item uses, each with the form fields it stands in."""
    used = _media_used(page)
    if not used:
        return {}
    others = Agency.objects.exclude(pk=agency.pk).exclude(collection=None).values_list("collection__path", flat=True)
    closed = tuple(others)
    paths = dict(Collection.objects.values_list("pk", "path"))
    return {
        row: keys[str(row.pk)]
        for model, keys in used.items()
        for row in model._default_manager.filter(pk__in=keys)
        if paths[row.collection_id].startswith(closed)
    }


def borrowed_problems(borrowed: dict[Any, set[str]]) -> list[Problem]:
    """One problem for each field with a file of another agency."""
    message = _("A picture or file here belongs to another agency. Choose one of your own.")
    return [Problem(field, message) for field in sorted(set().union(*borrowed.values()))]


def _media_used(page) -> dict[Any, dict[str, set[str]]]:
    """For pictures and files: which rows the item names, and in which fields."""
    media = {get_image_model(), get_document_model()}
    used: dict[Any, dict[str, set[str]]] = {}
    for content_type, key, _model_path, content_path in ReferenceIndex._extract_references_from_object(page):
        model = ContentType.objects.get_for_id(content_type).model_class()
        if model is not None and model in media:
            fields = used.setdefault(model, {}).setdefault(str(key), set())
            fields.add(content_path.split(".")[0])
    return used
