"""The register of archived news: read-only, searchable, exportable; and the dossier page (R49)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.views import InspectView

from ..people.models import Agency
from ..people.registers import ReadOnlyRegister, RegisterIndex, RowsThatOccur, values_in_words
from ..people.selectors import agency_of, rows_visible_to
from ..publishing.models import PublicationCheck
from ..thai_time import thai_date, thai_datetime
from .disposal import disposal_hindrance
from .dossier import later_rows, tables_of, type_in_words
from .models import ArchiveRecord, LegalHold
from .selectors import (
    archive_due_at,
    archive_hindrance,
    checks_to_archive,
    is_record_head,
    is_record_keeper,
    open_disposal,
    record_problems,
)
from .views import record_for

#: The archive is a short queue: more than these do not wait in a working day.
SHOWN_WAITING = 20
#: Heavy fields the list does not show.
NOT_LISTED = ("content", "files", "approvals", "checks", "deliveries", "history")


class DossierPage(InspectView):
    """Everything kept about one published revision, and whether it is still whole."""

    def dispatch(self, request, *args, **kwargs):
        record_for(request.user, self.instance.pk)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        record, user = self.instance, self.request.user

        def kept_url(digest: str) -> str:
            return reverse("pr_admin:kept_file", args=[record.pk, digest])

        holds = LegalHold.objects.standing().filter(record_uuid=record.uuid)
        later = later_rows(record)
        return super().get_context_data(
            facts=_facts(record),
            problems=record_problems(record),
            tables=[*tables_of(record, kept_url), *([later] if later.lines else [])],
            holds=holds,
            disposal=open_disposal(record),
            disposal_hindrance=disposal_hindrance(record, timezone.now()),
            has_form=bool(record.history.get("item")),
            page_exists=PublicationCheck.objects.filter(page_id=record.page_number).exists(),
            may_hold=is_record_head(user, record.agency),
            may_ask=is_record_keeper(user, record.agency),
            **kwargs,
        )

    def get_page_title(self):
        return _("Archive record")

    def get_page_subtitle(self):
        return self.instance.title


def _facts(record: ArchiveRecord) -> list[tuple[str, str]]:
    return [
        (_now("Type"), type_in_words(record.news_type)),
        (_now("Fiscal year"), str(record.fiscal_year_be)),
        (_now("Went live at"), thai_datetime(record.went_live_at)),
        (_now("Archived at"), f"{thai_datetime(record.archived_at)} {record.archived_by_name}"),
        (_now("Keep until"), thai_date(record.retain_until)),
    ]


@dataclass(frozen=True)
class WaitingRow:
    """An item on its way into the archive, and what it waits for."""

    title: str
    page_id: int
    due_at: datetime
    hindrance: str


def waiting_rows(user, now: datetime) -> list[WaitingRow]:
    """What the archive of the person's agency still waits for, by the clock of the step (R48)."""
    checks = rows_visible_to(user, checks_to_archive()).select_related("agency", "page", "revision")
    return [
        WaitingRow(check.revision.object_str, check.page_id, archive_due_at(check), archive_hindrance(check, now))
        for check in checks[:SHOWN_WAITING]
    ]


class ArchiveIndex(RegisterIndex):
    """The register, with what waits to be archived above it."""

    def get_context_data(self, *args, **kwargs):
        user, now = self.request.user, timezone.now()
        agency: Agency | None = agency_of(user)
        return super().get_context_data(
            *args,
            waiting=waiting_rows(user, now),
            now=now,
            is_keeper=user.is_superuser or (agency is not None and is_record_keeper(user, agency)),
            **kwargs,
        )


class ArchiveRecordAdmin(ReadOnlyRegister):
    """ทะเบียนข่าว: every published revision with its evidence."""

    model = ArchiveRecord
    index_view_class = ArchiveIndex
    index_template_name = "pr_workflow/archive/index.html"
    menu_label = _("Archive")
    menu_icon = "folder-open-inverse"
    list_display = ("title", "type_of_news", "fiscal_year_be", "went_live", "archived", "kept_until")
    list_filter = ("fiscal_year_be", ("news_type", values_in_words(type_in_words)))
    search_fields = ("title", "content_hash", "url", "content__revision__lead", "history__item__plan_activity")
    list_export = (
        "uuid",
        "title",
        "news_type",
        "fiscal_year_be",
        "url",
        "went_live_at",
        "archived_at",
        "retain_until",
        "content_hash",
        "record_hash",
    )
    inspect_view_class = DossierPage
    inspect_template_name = "pr_workflow/archive/dossier.html"

    def get_queryset(self, request):
        standing = LegalHold.objects.standing().filter(record_uuid=OuterRef("uuid"))
        return super().get_queryset(request).defer(*NOT_LISTED).annotate(held=Exists(standing))

    def get_list_filter(self, request):
        """Only who serves several agencies chooses among them."""
        several = request.user.is_superuser and Agency.objects.count() > 1
        return (*self.list_filter, ("agency", RowsThatOccur)) if several else self.list_filter

    def kept_until(self, record):
        day = thai_date(record.retain_until, "short")
        return format_html("{} <strong>· {}</strong>", day, _("legal hold")) if record.held else day

    kept_until.short_description = _("keep until")  # type: ignore[attr-defined]

    def type_of_news(self, record):
        return type_in_words(record.news_type)

    type_of_news.short_description = _("type")  # type: ignore[attr-defined]
    type_of_news.admin_order_field = "news_type"  # type: ignore[attr-defined]

    def went_live(self, record):
        return thai_datetime(record.went_live_at)

    went_live.short_description = _("went live at")  # type: ignore[attr-defined]

    def archived(self, record):
        return thai_datetime(record.archived_at)

    archived.short_description = _("archived at")  # type: ignore[attr-defined]
