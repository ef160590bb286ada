"""The fingerprint of everything the public would see of a revision (promise I3, R40)."""

import hashlib
import json
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import ReferenceIndex

#: Bookkeeping Wagtail keeps inside the content; it changes without the text changing.
BOOKKEEPING = frozenset(
    {
        "approved_schedule",
        "comments",
        "draft_title",
        "expired",
        "first_published_at",
        "go_live_at",
        "has_unpublished_changes",
        "last_published_at",
        "latest_revision",
        "latest_revision_created_at",
        "live",
        "live_revision",
        "locked",
        "locked_at",
        "locked_by",
        "numchild",
        "depth",
        "path",
        "url_path",
        "wagtail_admin_comments",
        "pr_comments",
    }
)


def _referenced_rows(instance) -> dict[type, set[str]]:
    """Keys of the images and documents the object refers to, by model."""
    wanted: dict[type, set[str]] = {get_image_model(): set(), get_document_model(): set()}
    for content_type, object_id, _model_path, _content_path in ReferenceIndex._extract_references_from_object(instance):
        model = ContentType.objects.get_for_id(content_type).model_class()
        if model in wanted:
            wanted[model].add(str(object_id))
    return wanted


def _file_fingerprints(instance) -> list[list[Any]]:
    """The hash of the bytes of each picture and file; a deleted one is named missing."""
    prints: list[list[Any]] = []
    for model, keys in _referenced_rows(instance).items():
        found = {str(row.pk): row for row in model._default_manager.filter(pk__in=keys)}
        for key in sorted(keys):
            row = found.get(key)
            prints.append([model._meta.label, key, row.get_file_hash()] if row else [model._meta.label, key, "missing"])
    return prints


def content_hash(revision) -> str:
    """SHA-256 over the revision's content without bookkeeping, and over the files it uses."""
    content = {key: value for key, value in revision.content.items() if key not in BOOKKEEPING}
    sealed = [content, _file_fingerprints(revision.as_object())]
    text = json.dumps(sealed, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
