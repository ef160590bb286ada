"""What can be done with an archive record: print, export, open its files (R49). All behind the agency wall (I5)."""

import swapper
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from ..approval.reading import reading_refusal
from ..kept_files import bytes_read
from ..news.screens import news_or_404
from ..paper import PaperUnavailable, file_answer, pdf_answer
from ..people.selectors import agency_for_page, rows_visible_to
from ..publishing.verification_views import SNAPSHOT_POLICY
from .export import document_text
from .models import ArchiveRecord
from .printing import dossier_html, dossier_name, record_form_html, request_form_html, request_form_name
from .selectors import kept_hashes


def record_for(user, pk: int) -> ArchiveRecord:
    """The record this account may read. Raises `Http404`, or `PermissionDenied` with the reason (I5, R59)."""
    records = rows_visible_to(user, ArchiveRecord.objects.select_related("agency"))
    record = get_object_or_404(records, pk=pk)
    if reason := reading_refusal(user, record.agency):
        raise PermissionDenied(reason)
    if not user.has_perm("pr_workflow.view_archiverecord"):
        raise PermissionDenied(_("Only the people of the agency who work on news read the archive."))
    return record


def dossier_address(request: HttpRequest, record: ArchiveRecord) -> str:
    """The whole address of the dossier page."""
    return request.build_absolute_uri(reverse("pr_workflow_archiverecord_modeladmin_inspect", args=[record.pk]))


def paper_answer(request: HttpRequest, html: str, filename: str) -> HttpResponse:
    """The PDF; 404 when there is nothing to print, and a whole sentence when the server cannot draw it."""
    if not html:
        raise Http404
    try:
        return pdf_answer(html, filename=filename)
    except PaperUnavailable as error:
        return render(request, "pr_workflow/archive/no_paper.html", {"reason": str(error)}, status=503)


class RequestFormView(View):
    """The request form of a page from its first submission on, for everybody who may read the item."""

    http_method_names = ["get"]
    #: For the agency wall: the number in the address is that of a page.
    model = swapper.get_model_name("wagtailcore", "Page")

    def get(self, request, pk: int):
        page = news_or_404(pk)
        agency = agency_for_page(page)
        if agency is None:
            raise Http404
        if reason := reading_refusal(request.user, agency):
            raise PermissionDenied(reason)
        address = request.build_absolute_uri(reverse("pr_admin:news_timeline", args=[page.pk]))
        html = request_form_html(page, agency, address=address, reader=request.user, now=timezone.now())
        return paper_answer(request, html, request_form_name(page.draft_title))


class RecordView(View):
    """Base: one record this account may read."""

    http_method_names = ["get"]
    model = ArchiveRecord
    record: ArchiveRecord

    def dispatch(self, request, *args, **kwargs) -> HttpResponseBase:
        self.record = record_for(request.user, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)


class RecordFormView(RecordView):
    """The request form of the archived version."""

    def get(self, request, pk: int):
        address = dossier_address(request, self.record)
        html = record_form_html(self.record, address=address, reader=request.user, now=timezone.now())
        return paper_answer(request, html, request_form_name(self.record.title))


class DossierPdfView(RecordView):
    """The whole dossier on paper."""

    def get(self, request, pk: int):
        address = dossier_address(request, self.record)
        html = dossier_html(self.record, address=address, reader=request.user, now=timezone.now())
        return paper_answer(request, html, dossier_name(self.record.title, ".pdf"))


class DossierJsonView(RecordView):
    """The record as a document that can be checked without this system."""

    def get(self, request, pk: int):
        name = dossier_name(self.record.title, ".json")
        return file_answer(document_text(self.record), filename=name, kind="application/json; charset=utf-8")


class KeptFileView(RecordView):
    """A kept file, or the snapshot of a check; only those the record itself names."""

    def get(self, request, pk: int, sha256: str):
        data = bytes_read(sha256) if sha256 in kept_hashes(self.record) else None
        if data is None:
            raise Http404("not named by the record, or not whole any more")
        named = {entry["sha256"]: entry["name"] for entry in self.record.files}
        if sha256 in named:
            return file_answer(data, filename=named[sha256], kind="application/octet-stream")
        answer = file_answer(data, filename=f"{sha256[:12]}.html", kind="text/html; charset=utf-8", inline=True)
        answer["Content-Security-Policy"] = SNAPSHOT_POLICY
        return answer
