"""The register of archived news: read-only, searchable, exportable (R49)."""

from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.views import InspectView

from ..news.models import NewsType
from ..people.registers import ReadOnlyRegister
from ..thai_time import thai_datetime
from .dossier import approval_rows, check_rows, delivery_rows, file_rows
from .models import ArchiveRecord
from .selectors import record_problems


class DossierPage(InspectView):
    """Everything kept about one published revision, and whether it is still whole."""

    def get_context_data(self, **kwargs):
        record = self.instance
        return super().get_context_data(
            news_type=dict(NewsType.choices).get(record.news_type, record.news_type),
            problems=record_problems(record),
            approvals=approval_rows(record),
            checks=check_rows(record),
            deliveries=delivery_rows(record),
            files=file_rows(record),
            **kwargs,
        )

    def get_page_title(self):
        return _("Archive record")

    def get_page_subtitle(self):
        return self.instance.title


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
    inspect_view_class = DossierPage
    inspect_template_name = "pr_workflow/archive/dossier.html"

    def went_live(self, record):
        return thai_datetime(record.went_live_at)

    went_live.short_description = _("went live at")  # type: ignore[attr-defined]

    def archived(self, record):
        return thai_datetime(record.archived_at)

    archived.short_description = _("archived at")  # type: ignore[attr-defined]
