"""The register of archived news: read-only, searchable, exportable (R49)."""

from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.views import InspectView

from ..news.models import NewsType
from ..people.registers import ReadOnlyRegister, values_in_words
from ..thai_time import thai_datetime
from .dossier import approval_rows, check_rows, delivery_rows, file_rows
from .models import ArchiveRecord
from .selectors import record_problems


def type_in_words(news_type: str) -> str:
    """What the kept type means now; the record keeps the code."""
    return str(dict(NewsType.choices).get(news_type, news_type))


class DossierPage(InspectView):
    """Everything kept about one published revision, and whether it is still whole."""

    def get_context_data(self, **kwargs):
        record = self.instance
        return super().get_context_data(
            news_type=type_in_words(record.news_type),
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
    list_display = ("title", "type_of_news", "fiscal_year_be", "went_live", "archived")
    list_filter = ("fiscal_year_be", ("news_type", values_in_words(type_in_words)))
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
