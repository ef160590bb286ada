"""A picture or file that approved news shows stays as it was approved (promise I3, R40).

Signatures cover the bytes of every file an item uses, but a live page shows a file as it is at the moment; and whoever
exchanges a picture while others consider the item has a part in it that no version names. So the file is held from the
submission until the item is returned, withdrawn or taken down: a new file goes into the library as another one.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, Model, Q
from django.utils.translation import gettext as _
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, Revision, WorkflowState

from ..approval.content_hash import files_used_by
from ..approval.models import Submission
from ..people.models import Agency
from .models import Posting
from .refresh import Page, pages_using

#: More names than this help nobody to find the news.
NAMED = 3


class FileChangeRefused(PermissionDenied):
    """Somebody tried to change a file under approved news; answered as 403 and logged."""


def is_file(row: Any) -> bool:
    """Is this a picture or file of the library?"""
    return isinstance(row, get_image_model() | get_document_model())


#: Where cut-outs of a picture have their middle: another place shows something else.
FOCAL_POINT = ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")


def shown_fields(row: Model) -> tuple[str, ...]:
    """What readers see of a file beside the words of the news itself."""
    # An attachment without a name of its own is shown by the title of its document.
    return ("file", "title") if isinstance(row, get_document_model()) else ("file", *FOCAL_POINT)


def is_closed(collection: Collection) -> bool:
    """Whether only some people see what lies in the collection: readers of the news would find nothing there."""
    return collection.get_view_restrictions().exists()


def news_holding(row: Model) -> list[str]:
    """Titles of the news that is considered or approved with this file: live, waiting to go live, or in its chain."""
    approved = Q(live_revision__seals__isnull=False) | Q(live_revision__emergency__isnull=False)
    live = Page.objects.filter(approved, pk__in=pages_using(row))
    titles = dict(live.values_list("pk", "title"))
    submitted = Submission.objects.filter(
        workflow_state__status=WorkflowState.STATUS_IN_PROGRESS,
        revision=F("workflow_state__current_task_state__revision"),
    )
    waiting = {*Posting.objects.open().values_list("revision_id", flat=True)}
    waiting |= {*submitted.values_list("revision_id", flat=True)}
    for revision in Revision.objects.filter(pk__in=waiting).order_by("pk"):
        if int(revision.object_id) not in titles and _uses(revision, row):
            titles[int(revision.object_id)] = revision.object_str
    return list(titles.values())


def _uses(revision: Revision, row: Model) -> bool:
    label, key = row._meta.label, str(row.pk)
    return any((used.label, used.key) == (label, key) for used in files_used_by(revision.as_object()))


def changed_fields(row: Any) -> list[str]:
    """Which of the shown fields differ from what is stored; a new row has none."""
    names = shown_fields(row)
    stored = type(row)._base_manager.filter(pk=row.pk).values(*names).first() if row.pk else None
    if stored is None:
        return []
    now = {name: getattr(row, name) for name in names}
    changed = [name for name in names if str(now[name]) != str(stored[name])]
    if "file" not in changed and not getattr(now["file"], "_committed", True):
        changed.append("file")
    place = type(row)._base_manager.values_list("collection", flat=True).get(pk=row.pk)
    if row.collection_id != place and is_closed(row.collection):
        changed.append("collection")
    return changed


def _listed(titles: list[str]) -> str:
    names = ", ".join(f"“{title}”" for title in titles[:NAMED])
    return f"{names} …" if len(titles) > NAMED else names


def file_change_check(row: Any) -> None:
    """Raise `FileChangeRefused` with a whole sentence when news under way or approved holds what is being changed."""
    if changed_fields(row) and (titles := news_holding(row)):
        raise FileChangeRefused(
            _(
                "“%(file)s” is used by news that is being considered or approved: %(news)s. Add what is new as another "
                "file, choose it in the news and submit the news again."
            )
            % {"file": _stored_title(row), "news": _listed(titles)}
        )


def _stored_title(row: Any) -> str:
    return type(row)._base_manager.values_list("title", flat=True).get(pk=row.pk)


def file_deletion_refusal(row: Any) -> str:
    """Why a file may not be deleted, as a whole sentence; empty when it may."""
    titles = news_holding(row)
    if not titles:
        return ""
    text = _(
        "“%(file)s” is used by news that is being considered or approved: %(news)s. Have the news withdrawn, returned, "
        "taken off the site or corrected first."
    )
    return text % {"file": row.title, "news": _listed(titles)}


def closing_refusal(files: Iterable[Any], collection: Collection | None) -> str:
    """Why these files may not come to lie in a collection, as a whole sentence; empty when they may (I3)."""
    if collection is None or not is_closed(collection):
        return ""
    return next((_closing_sentence(row, titles) for row in files if (titles := news_holding(row))), "")


def _closing_sentence(row: Any, titles: list[str]) -> str:
    text = _(
        "“%(file)s” is used by news that is being considered or approved: %(news)s. In a closed collection its readers "
        "would not see it any more."
    )
    return text % {"file": row.title, "news": _listed(titles)}


def moving_refusal(collection: Collection, parent: Collection | None) -> str:
    """Why a collection may not move under another one, as a whole sentence; empty when it may (I3, I5)."""
    if parent is None or parent.pk == getattr(collection.get_parent(), "pk", None):
        return ""
    if _owner_of(collection) != _owner_of(parent):
        return _("A collection of an agency stays with it: its pictures and files would change hands.")
    return closing_refusal(_files_in(collection), parent)


def _owner_of(collection: Collection) -> Agency | None:
    above = collection.get_ancestors(inclusive=True)
    return Agency.objects.filter(collection__in=above).order_by("-collection__depth").first()


def _files_in(collection: Collection) -> Iterator[Any]:
    below = Collection.objects.filter(path__startswith=collection.path)
    for model in (get_image_model(), get_document_model()):
        yield from model._default_manager.filter(collection__in=below).iterator()


def on_collection_closing(sender, *, instance, raw=False, **kwargs):
    """A collection is about to be closed: what approved news shows would vanish from it. Raises `FileChangeRefused`."""
    if raw:
        return
    for row in _files_in(instance.collection):
        if titles := news_holding(row):
            raise FileChangeRefused(_closing_sentence(row, titles))


def on_file_change_asked(sender, *, instance, **kwargs):
    """A form is about to save: Wagtail removes the old file of a document before it saves the new one."""
    file_change_check(instance)


def on_file_saving(sender, *, instance, raw=False, update_fields=None, **kwargs):
    """Every other way to save a picture or file."""
    watched = {*shown_fields(instance), "collection"}
    if not raw and (update_fields is None or watched.intersection(update_fields)):
        file_change_check(instance)
