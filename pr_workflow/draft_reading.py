"""Who has read a draft of withheld information stands in the audit log, once for each person and version (R12, R71)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from wagtail.models import AbstractPage, Revision, TaskState

from .agency_wall import rows_named
from .approval.selectors import agency_of_content
from .audit.models import AuditEntry
from .audit.services import audit_record
from .news.models import Disclosure, NewsPageMixin
from .refusals import in_admin
from .token_api import NAMESPACE as TOKEN_API

#: What shows a version in Wagtail's token API, which says who asks only when it answers.
READING_BY_TOKEN = frozenset({"detail_page", "detail_page_revision", "find_page", "list_page_revisions"})
#: Screens of the admin that show the text of a page or of one of its versions.
READING = frozenset(
    {
        "edit",
        "preview",
        "preview_on_edit",
        "review",
        "revisions_compare",
        "revisions_revert",
        "revisions_view",
        "view_draft",
    }
)


def _version(row) -> Revision | None:
    """The version of news that a row of an address leads to."""
    if isinstance(row, TaskState):
        row = row.revision
    if isinstance(row, Revision):
        model = row.content_type.model_class()
        return row if model and issubclass(model, NewsPageMixin) else None
    if isinstance(row, AbstractPage) and issubclass(row.specific_class or type(row), NewsPageMixin):
        return row.latest_revision
    return None


def is_withheld_draft(revision: Revision) -> bool:
    """Information that is withheld by law, in a version the public does not see."""
    page = revision.content_object
    is_public = page.live and page.live_revision_id == revision.pk
    return revision.content.get("disclosure") == Disclosure.WITHHELD and not is_public


@transaction.atomic
def draft_read(*, actor, revision: Revision, now: datetime) -> AuditEntry | None:
    """Log that this person has read this version; None when the log knows it already."""
    page = revision.content_object
    known = AuditEntry.objects.filter(
        verb="draft_read", actor_id_text=str(actor.pk), target_id=str(page.pk), data__revision=revision.pk
    )
    if known.exists():
        return None
    page = page.specific
    agency = agency_of_content(page)
    return audit_record(
        actor=actor, verb="draft_read", target=page, now=now, agency=agency, data={"revision": revision.pk}
    )


def _shows_versions(request) -> bool:
    """Whether an address shows drafts to whom it knows."""
    match = request.resolver_match
    if TOKEN_API in match.namespaces:
        return request.method == "GET" and match.url_name in READING_BY_TOKEN
    return in_admin(request) and request.user.is_authenticated and match.url_name in READING


class DraftReading:
    """Middleware, after `AgencyWall`: what was truly shown is logged, a refusal is not a reading."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 200:
            shown = getattr(request, "versions_shown", ())
            # Who asks is only looked for where a version was shown: the public's answers must not vary by cookie.
            for revision in shown if shown and request.user.is_authenticated else ():
                draft_read(actor=request.user, revision=revision, now=timezone.now())
        return response

    def process_view(self, request, view, args, kwargs):
        if not _shows_versions(request):
            return
        rows = list(rows_named(request, view, kwargs))
        # An address that names a version shows that one; one that names only the page shows its newest.
        named = [row for row in rows if not isinstance(row, AbstractPage)] or rows
        if TOKEN_API in request.resolver_match.namespaces and request.GET.get("version") != "draft":
            # Of a page on the site the API shows what the public reads; of any other its newest words.
            named = [row for row in named if not (isinstance(row, AbstractPage) and row.live)]
        found = (_version(row) for row in named)
        request.versions_shown = {row for row in found if row is not None and is_withheld_draft(row)}
