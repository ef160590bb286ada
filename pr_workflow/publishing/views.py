"""The IT officer's queue and the responsible officer's check (S1 §4.4–4.5, R42–R47)."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from ..people.selectors import agency_of, rows_visible_to
from ..thai_time import thai_datetime
from .forms import CheckForm, GoLiveForm, RecallForm
from .models import Posting, PublicationCheck
from .selectors import checks_of, may_post, posting_queue
from .services import news_post, posting_recall
from .verification import answerer_guard, publication_verify


@dataclass
class QueueRow:
    """A posting with its forms."""

    posting: Posting
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
                go_live if is_tried and go_live else self._go_live_form(posting),
                recall if is_tried and recall else RecallForm(prefix=f"recall-{posting.pk}"),
            )

        queue = posting_queue(self.agency)
        return super().get_context_data(
            failed=[row(posting) for posting in queue.failed],
            waiting=[row(posting) for posting in queue.waiting],
            scheduled=[row(posting) for posting in queue.scheduled],
            now=timezone.now(),
            **kwargs,
        )

    @staticmethod
    def _go_live_form(posting: Posting, data=None) -> GoLiveForm:
        initial = {"when": "at", "go_live_at": posting.go_live_at} if posting.go_live_at else None
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


class CheckListView(WagtailAdminTemplateMixin, TemplateView):
    """The open checks of the person."""

    page_title = gettext_lazy("Checks after posting")
    header_icon = "tasks"
    template_name = "pr_workflow/publishing/checks.html"

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        return super().get_context_data(checks=checks_of(self.request.user), now=timezone.now(), **kwargs)


class CheckView(WagtailAdminTemplateMixin, TemplateView):
    """Answer one check beside the live page; only its responsible officer, 403 for others."""

    page_title = gettext_lazy("Check after posting")
    header_icon = "tasks"
    template_name = "pr_workflow/publishing/check.html"

    def dispatch(self, request, pk: int, *args, **kwargs):
        rows = PublicationCheck.objects.select_related("page", "revision", "agency__site")
        self.check = get_object_or_404(rows_visible_to(request.user, rows), pk=pk)
        self.page = self.check.page.specific
        answerer_guard(actor=request.user, page=self.page, agency=self.check.agency)
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self):
        return str(self.check.revision.object_str)

    def get_breadcrumbs_items(self):
        checks = {"url": reverse("pr_admin:checks"), "label": CheckListView.page_title}
        return [*super().get_breadcrumbs_items(), checks, {"url": "", "label": self.page_title}]

    def get_context_data(self, *, form: CheckForm | None = None, **kwargs):
        return super().get_context_data(
            check=self.check, page=self.page, form=form or CheckForm(), now=timezone.now(), **kwargs
        )

    def post(self, request, *args, **kwargs):
        form = CheckForm(request.POST)
        if form.is_valid():
            try:
                self._answer(form)
            except ValidationError as error:
                form.add_error(None, error)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        return HttpResponseRedirect(reverse("pr_admin:checks"))

    def _answer(self, form: CheckForm) -> None:
        result = form.cleaned_data["result"]
        publication_verify(
            actor=self.request.user,
            check=self.check,
            answers=form.answers(),
            result=result,
            note=form.cleaned_data["note"],
            now=timezone.now(),
        )
        if result == PublicationCheck.Result.CORRECT:
            messages.success(self.request, _("Found correct. The item goes on to the archive."))
        else:
            messages.warning(
                self.request, _("A correction round is open. Correct the item and submit it for consideration again.")
            )
