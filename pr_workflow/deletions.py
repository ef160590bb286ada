"""What may not be deleted, and why, as whole sentences (R49). The database would answer some of these with an error."""

import swapper
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils.translation import gettext as _
from wagtail.models import AbstractPage, Revision, Site

from .approval.models import ApprovalSeal
from .archive.models import ArchiveRecord
from .people.models import Agency, AgencyGroup
from .publishing.sealed_files import file_deletion_refusal, is_file


def is_kept(content: Model) -> bool:
    """Whether the content, or a page below it, carries signatures or stands in the archive."""
    numbers = [str(content.pk)]
    base = content
    if isinstance(content, AbstractPage):
        below = content.get_descendants(inclusive=True).values_list("pk", flat=True)
        numbers = [str(pk) for pk in below]
        base = swapper.load_model("wagtailcore", "Page")
        if ArchiveRecord.objects.filter(page_number__in=numbers).exists():
            return True
    content_type = ContentType.objects.get_for_model(base)
    revisions = Revision.objects.filter(base_content_type=content_type, object_id__in=numbers)
    return ApprovalSeal.objects.filter(revision__in=revisions).exists()


def deletion_refusal(content: Model) -> str:
    """Why this may not be deleted, as a whole sentence; empty when it may (R49)."""
    names = {"title": content}
    if isinstance(content, Group) and AgencyGroup.objects.filter(group=content).exists():
        return _(
            "The group “%(title)s” holds a role of an agency and cannot be deleted: without it nobody could take that "
            "step of the flow."
        ) % {"title": content.name}
    if isinstance(content, get_user_model()) and ApprovalSeal.objects.filter(approver=content).exists():
        return _("“%(title)s” has signed content and is kept as evidence. Deactivate the account instead.") % names
    if is_file(content):
        return file_deletion_refusal(content)
    if _carries_an_agency(content):
        return _("“%(title)s” is the site of an agency. It cannot be deleted.") % names
    if is_kept(content):
        return _("“%(title)s” has been approved or archived and is kept as evidence. It cannot be deleted.") % names
    return ""


def _carries_an_agency(content: Model) -> bool:
    if isinstance(content, Site):
        return Agency.objects.filter(site=content).exists()
    if isinstance(content, AbstractPage):
        return Agency.objects.filter(site__root_page__path__startswith=content.path).exists()
    return False
