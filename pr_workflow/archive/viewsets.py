"""The register of archived news: read-only, searchable, exportable (R49)."""

from django.utils.translation import gettext_lazy as _

from ..people.registers import ReadOnlyRegister
from ..thai_time import thai_datetime
from .models import ArchiveRecord


class ArchiveRecordAdmin(ReadOnlyRegister):
    """ทะเบียนข่าว: every published revision with its evidence."""

    model = ArchiveRecord
    menu_label = _("Archive")
    menu_icon = "folder-open-inverse"
    list_display = ("title", "news_type", "fiscal_year_be", "went_live", "archived")
    list_filter = ("fiscal_year_be", "news_type")
    search_fields = ("title", "content_hash", "url")
    list_export = (
        "uuid",
        "title",
        "news_type",
        "fiscal_year_be",
        "url",
        "went_live_at",
        "archived_at",
        "content_hash",
        "record_hash",
    )
    inspect_view_fields = (
        "title",
        "url",
        "news_type",
        "fiscal_year_be",
        "went_live_at",
        "archived_at",
        "archived_by_name",
        "retain_until",
        "approvals",
        "checks",
        "deliveries",
        "files",
        "content_hash",
        "record_hash",
    )

    def went_live(self, record):
        return thai_datetime(record.went_live_at)

    went_live.short_description = _("went live at")  # type: ignore[attr-defined]

    def archived(self, record):
        return thai_datetime(record.archived_at)

    archived.short_description = _("archived at")  # type: ignore[attr-defined]
