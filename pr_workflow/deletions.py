"""What may not be deleted, and why, as whole sentences (R49). The database would answer some of these with an error."""

import swapper
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, Model, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from wagtail.models import AbstractPage, Revision, Site

from .approval.models import ApprovalSeal, Submission
from .archive.models import ArchiveRecord
from .news.permissions import IS_KEPT
from .people.models import Agency, AgencyGroup
from .publishing.sealed_files import file_deletion_refusal, is_file


def is_kept(content: Model) -> bool:
    """Whether the content, or a page below it, carries signatures or stands in the archive."""
    archived = (
        isinstance(content, AbstractPage)
        and ArchiveRecord.objects.filter(page_number__in=_below(content).values("pk")).exists()
    )
    return archived or ApprovalSeal.objects.filter(revision__in=_revisions_of(content)).exists()


def _below(page: AbstractPage) -> QuerySet:
    return page.get_descendants(inclusive=True)


def _revisions_of(content: Model) -> QuerySet[Revision]:
    """The versions of the content, and of the pages below it."""
    numbers, base = [str(content.pk)], content
    if isinstance(content, AbstractPage):
        numbers = [str(pk) for pk in _below(content).values_list("pk", flat=True)]
        base = swapper.load_model("wagtailcore", "Page")
    content_type = ContentType.objects.get_for_model(base)
    return Revision.objects.filter(base_content_type=content_type, object_id__in=numbers)


def deletion_refusal(content: Model) -> str:
    """Why this may not be deleted, as a whole sentence; empty when it may (R49)."""
    names = {"title": content}
    if isinstance(content, Group) and AgencyGroup.objects.filter(group=content).exists():
        return _(
            "The group “%(title)s” holds a role of an agency and cannot be deleted: without it nobody could take that "
            "step of the flow."
        ) % {"title": content.name}
    if isinstance(content, get_user_model()) and _took_part(content):
        return _(
            "“%(title)s” has submitted or approved content and is kept as evidence. Deactivate the account instead."
        ) % {"title": content.get_username()}
    if is_file(content):
        return file_deletion_refusal(content)
    if _carries_an_agency(content):
        return _("“%(title)s” is the site of an agency. It cannot be deleted.") % names
    if is_kept(content):
        return _("“%(title)s” has been approved or archived and is kept as evidence. It cannot be deleted.") % names
    if Submission.objects.filter(revision__in=_revisions_of(content)).exists():
        return (
            _("“%(title)s” has been submitted for consideration and is kept as evidence. It cannot be deleted.") % names
        )
    return ""


def on_deletion_asked(sender, *, page, **kwargs) -> str:
    """What the screens offer follows the same rule as the refusal."""
    return deletion_refusal(page)


def with_kept(pages: QuerySet) -> QuerySet:
    """Pages of a list; each item of news among them knows whether it is kept, without a query of its own."""
    base = ContentType.objects.get_for_model(pages.model)
    versions = Revision.objects.filter(
        base_content_type=base, object_id=Cast(OuterRef(OuterRef("pk")), CharField(max_length=255))
    ).values("pk")
    kept = (
        Exists(ArchiveRecord.objects.filter(page_number=OuterRef("pk")))
        | Exists(ApprovalSeal.objects.filter(revision__in=versions))
        | Exists(Submission.objects.filter(revision__in=versions))
    )
    return pages.annotate(**{IS_KEPT: kept})


def _took_part(user) -> bool:
    by_user = Submission.objects.filter(submitted_by=user).exists()
    return by_user or ApprovalSeal.objects.filter(approver=user).exists()


def _carries_an_agency(content: Model) -> bool:
    if isinstance(content, Site):
        return Agency.objects.filter(site=content).exists()
    if isinstance(content, AbstractPage):
        return Agency.objects.filter(site__root_page__path__startswith=content.path).exists()
    return False
