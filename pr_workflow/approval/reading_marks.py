"""Which version of an item a person saw last, so that the next look begins with what changed since (R38)."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Revision, TaskState

from .content_hash import content_hash
from .models import ReadingMark

UNREAD = gettext_lazy("Open this version on the review screen first; only what you have read can be signed.")
SEEN, LIVE, NEW = "seen", "live", "new"


@dataclass(frozen=True)
class Baseline:
    """What a version is compared with: the one the person saw before, else the one readers see, else nothing."""

    kind: str
    revision: Revision | None = None
    read_at: datetime | None = None


def _marks(user, revision: Revision):
    return ReadingMark.objects.filter(
        user=user, content_type_id=revision.base_content_type_id, object_id=revision.object_id
    )


def baseline_for(user, revision: Revision, *, live_revision: Revision | None) -> Baseline:
    """Where this person's reading of `revision` begins."""
    mark = _marks(user, revision).select_related("revision", "previous").first()
    before = None
    if mark:
        before = mark.previous if mark.revision_id == revision.pk else mark.revision
    if before:
        return Baseline(SEEN, before, mark.read_at if mark.revision_id == before.pk else None)
    if live_revision and live_revision.pk != revision.pk:
        return Baseline(LIVE, live_revision)
    return Baseline(NEW)


@transaction.atomic
def version_seen(*, user, revision: Revision, digest: str, now: datetime) -> None:
    """Remember that this version was on the person's screen; the one before it is kept for the comparison.

    `digest` is the fingerprint of content and files that was shown. Written only after the screen was made: a version
    nobody was shown is never marked. No audit row: it is a bookmark.
    """
    mark, is_new = ReadingMark.objects.select_for_update().get_or_create(
        user=user,
        content_type=ContentType.objects.get_for_id(revision.base_content_type_id),
        object_id=revision.object_id,
        defaults={"revision": revision, "content_hash": digest, "read_at": now},
    )
    if is_new:
        return
    if mark.revision_id != revision.pk:
        mark.previous, mark.revision = mark.revision, revision
    mark.content_hash, mark.read_at = digest, now
    mark.save(update_fields=["previous", "revision", "content_hash", "read_at"])


def versions_seen_by(user, revisions) -> dict[int, str]:
    """Of these versions, those the person saw last of their item, each with the fingerprint shown (one query)."""
    marks = ReadingMark.objects.filter(user=user, revision__in=revisions)
    return dict(marks.values_list("revision_id", "content_hash"))


def refusal_unread(task_state: TaskState, user) -> str:
    """Why this person has not read what stands at the step now, as a whole sentence; empty when they have.

    Read is what their last look at the item on the review screen showed, files included (R36, R40).
    """
    shown = versions_seen_by(user, [task_state.revision_id]).get(task_state.revision_id)
    if shown is None:
        return str(UNREAD)
    if shown != content_hash(task_state.revision):
        return _("A picture or a file has changed since you opened it. Look at it again.")
    return ""
