"""The fingerprint of everything the public would see of a revision (promise I3, R40)."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import ReferenceIndex

from ..news.rows_at_hand import rows_by_key

#: Bookkeeping Wagtail keeps inside the content; it changes without the text changing.
BOOKKEEPING = frozenset(
    {
        "approved_schedule",
        "comments",
        "draft_title",
        "expired",
        "first_published_at",
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


@dataclass(frozen=True)
class UsedFile:
    """A picture or file an object refers to; `row` is None when it has been deleted."""

    label: str
    key: str
    row: Any


def files_used_by(instance) -> list[UsedFile]:
    """The pictures and files of an object, in a stable order (three queries at most)."""
    wanted: dict[type, set[str]] = {get_image_model(): set(), get_document_model(): set()}
    for content_type, object_id, _model_path, _content_path in ReferenceIndex._extract_references_from_object(instance):
        model = ContentType.objects.get_for_id(content_type).model_class()
        if model in wanted:
            wanted[model].add(str(object_id))
    used = []
    for model, keys in wanted.items():
        found = {str(pk): row for pk, row in rows_by_key(model, keys).items()} if keys else {}
        used += [UsedFile(model._meta.label, key, found.get(key)) for key in sorted(keys)]
    return used


def content_hash(revision, content=None) -> str:
    """SHA-256 over the revision's content without bookkeeping, and over the files it uses.

    `content` is the object of the revision, when the caller has built it already.
    """
    words = {key: value for key, value in revision.content.items() if key not in BOOKKEEPING}
    # The wished go-live time is under the seal; without a wish the key adds nothing, so that older seals stay valid.
    if words.get("go_live_at") is None:
        words.pop("go_live_at", None)
    files = [
        [used.label, used.key, used.row.get_file_hash() if used.row else "missing"]
        for used in files_used_by(content or revision.as_object())
    ]
    sealed = [words, files]
    text = json.dumps(sealed, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
