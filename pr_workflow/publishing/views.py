"""The IT officer's queue (S1 §4.4, R42, R43)."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from ..approval.reading import reading_refusal
from ..people.selectors import agency_of
from ..thai_time import thai_datetime
from .forms import GoLiveForm, RecallForm
from .models import Posting
from .package import package_name, package_stream
from .sealed_page import UnknownContent
from .selectors import closing_in_words, may_post, posting_queue
from .services import PostingRefused, news_post, posting_package_note, posting_recall, posting_receive


@dataclass
class QueueRow:
    """A posting with its forms."""

    posting: Posting
    asks: bool
    has_lapsed: bool
    may_return: bool
    go_live_form: GoLiveForm
    recall_form: RecallForm


class PostingQueueView(WagtailAdminTemplateMixin, TemplateView):
    """Failed, waiting and scheduled items of the agency; 403 for everybody but its IT officers."""

    page_title = gettext_lazy("Posting")
    header_icon = "upload"
    template_name = "pr_workflow/publishing/queue.html"

    def dispatch(self, request, *args, **kwargs):
        agency = agency_of(request.user)
        if agency is None or not may_post(request.user, agency):
            raise PermissionDenied(_("Only an IT officer of the agency posts news."))
        self.agency = agency
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, *, tried: Posting | None = None, go_live=None, recall=None, **kwargs):
        def row(posting: Posting) -> QueueRow:
            is_tried = tried is not None and tried.pk == posting.pk
            return QueueRow(
                posting,
                posting.asks_at(now),
                posting.has_lapsed(now),
                posting.is_with(self.request.user),
                go_live if is_tried and go_live else self._go_live_form(posting),
                recall if is_tried and recall else RecallForm(prefix=f"recall-{posting.pk}"),
            )

        now = timezone.now()
        queue = posting_queue(self.agency)
        return super().get_context_data(
            failed=[row(posting) for posting in queue.failed],
            waiting=[row(posting) for posting in queue.waiting],
            form=go_live or recall,
            scheduled=[row(posting) for posting in queue.scheduled],
            now=now,
            **kwargs,
        )

    @staticmethod
    def _go_live_form(posting: Posting, data=None) -> GoLiveForm:
        moment = posting.go_live_at or (None if posting.asks_at(timezone.now()) else posting.wished_at)
        initial = {"when": "at", "go_live_at": moment} if moment else {"when": "at"} if posting.wished_at else None
        return GoLiveForm(data, initial=initial, auto_id=f"posting-{posting.pk}-%s")

    def _posting(self, pk: int) -> Posting:
        return get_object_or_404(Posting, pk=pk, agency=self.agency)

    def _back(self, sentence: str) -> HttpResponseRedirect:
        messages.success(self.request, sentence)
        return HttpResponseRedirect(reverse("pr_admin:posting"))


class PostingPostView(PostingQueueView):
    """POST `when` (now or at) and `go_live_at`: set the go-live time of one item."""

    http_method_names = ["post"]

    def post(self, request, pk: int):
        posting, now = self._posting(pk), timezone.now()
        form = self._go_live_form(posting, request.POST)
        if form.is_valid():
            try:
                news_post(actor=request.user, posting=posting, go_live_at=form.moment(now), now=now)
            except ValidationError as error:
                form.add_error(None, error)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(tried=posting, go_live=form), status=422)
        if form.cleaned_data["when"] == "now":
            return self._back(_("“%(title)s” goes live now.") % {"title": posting})
        moment = thai_datetime(form.cleaned_data["go_live_at"])
        return self._back(_("“%(title)s” goes live on %(time)s.") % {"title": posting, "time": moment})


class PostingRecallView(PostingQueueView):
    """POST `recall-<id>-reason`: take the set time back."""

    http_method_names = ["post"]

    def post(self, request, pk: int):
        posting = self._posting(pk)
        form = RecallForm(request.POST, prefix=f"recall-{posting.pk}")
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(tried=posting, recall=form), status=422)
        posting_recall(actor=request.user, posting=posting, reason=form.cleaned_data["reason"], now=timezone.now())
        return self._back(
            _("The go-live time of “%(title)s” was taken back. It waits in the queue.") % {"title": posting}
        )


class PostingReceiveView(PostingQueueView):
    """POST: confirm the receipt of one item."""

    http_method_names = ["post"]

    def post(self, request, pk: int):
        posting = posting_receive(actor=request.user, posting=self._posting(pk), now=timezone.now())
        return self._back(_("You have received “%(title)s”.") % {"title": posting})


def _closed_package(posting: Posting) -> str:
    """Why the files of a posting that was given up are not handed out any more."""
    text = _("This version is not to be posted any more, so its file package is not handed out: %(reason)s")
    return text % {"reason": closing_in_words(posting.closed_reason)}


class PostingPackageView(View):
    """The file package of a posting as a ZIP: for the agency's IT officers and whoever may read the item (I5).

    A posting that was given up hands out nothing: its files would be taken for approved ones. They stay in the course
    of the item and in its versions; the dossier has those of what was on the site.
    """

    def get(self, request, pk: int):
        posting = get_object_or_404(Posting.objects.select_related("agency__site", "revision"), pk=pk)
        if reason := reading_refusal(request.user, posting.agency):
            raise PermissionDenied(reason)
        if posting.closed_at and not posting.went_live_at:
            raise PostingRefused(_closed_package(posting))
        now = timezone.now()
        try:
            pieces = package_stream(posting, now=now)
        except UnknownContent as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(reverse("pr_admin:news_timeline", args=[posting.page_id]))
        posting_package_note(actor=request.user, posting=posting, now=now)
        answer = StreamingHttpResponse(pieces, content_type="application/zip")
        answer["Content-Disposition"] = content_disposition_header(True, package_name(posting))
        answer["X-Content-Type-Options"] = "nosniff"
        return answer
