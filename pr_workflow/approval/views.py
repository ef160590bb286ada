"""Deciding a step on one simple screen, made for the phone (R38, R39); and reading a version before it is public."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.models import AbstractPage, Revision, TaskState
from wagtail.utils.decorators import xframe_options_sameorigin_override

from ..news.readiness import news_problems
from .forms import ApprovalCommentForm, ReturnReasonForm
from .inbox import editor_url
from .reading import reading_refusal
from .selectors import refusal_to_sign, seals_of, step_members
from .services import ApprovalRefused, agency_of_content, is_news, news_approve, news_return


class ReviewView(WagtailAdminTemplateMixin, TemplateView):
    """One step: the item as readers will see it, what is missing, who signed, approve or return.

    403 for those who do not hold the step. Who holds it but may not sign (own item, already decided) reads why.
    """

    page_title = gettext_lazy("Consider")
    header_icon = "clipboard-list"
    template_name = "pr_workflow/approval/review.html"

    def dispatch(self, request, task_state_id: int, *args, **kwargs):
        states = TaskState.objects.select_related("revision", "task", "deadline", "workflow_state__requested_by")
        self.state = get_object_or_404(states, pk=task_state_id)
        self.content = self.state.revision.as_object()
        if reason := reading_refusal(request.user, agency_of_content(self.content)):
            raise PermissionDenied(reason)
        if not step_members(self.state.task).filter(pk=request.user.pk).exists():
            raise ApprovalRefused(refusal_to_sign(self.state, request.user))
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self):
        return str(self.state.revision.object_str)

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, *, approve=None, back=None, **kwargs):
        return super().get_context_data(
            state=self.state,
            content=self.content,
            is_page=isinstance(self.content, AbstractPage),
            refusal=refusal_to_sign(self.state, self.request.user),
            problems=news_problems(self.content) if is_news(self.content) else [],
            seals=seals_of(self.state.revision),
            editor_url=editor_url(self.state.revision),
            approve_form=approve or ApprovalCommentForm(auto_id="approve-%s"),
            return_form=back or ReturnReasonForm(auto_id="return-%s"),
            now=timezone.now(),
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        if request.POST.get("decision") == "return":
            return self._return()
        form = ApprovalCommentForm(request.POST, auto_id="approve-%s")
        if request.POST.get("decision") != "approve" or not form.is_valid():
            return self.render_to_response(self.get_context_data(approve=form), status=422)
        comment = form.cleaned_data["comment"]
        news_approve(actor=request.user, task_state=self.state, comment=comment, now=timezone.now())
        return self._done(_("You have approved “%(title)s”."))

    def _return(self):
        form = ReturnReasonForm(self.request.POST, auto_id="return-%s")
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(back=form), status=422)
        reason = form.cleaned_data["comment"]
        news_return(actor=self.request.user, task_state=self.state, reason=reason, now=timezone.now())
        return self._done(_("“%(title)s” was returned for correction."))

    def _done(self, sentence: str) -> HttpResponseRedirect:
        messages.success(self.request, sentence % {"title": self.state.revision.object_str})
        return HttpResponseRedirect(reverse("wagtailadmin_home"))


class RevisionPreviewView(View):
    """A version as readers will see it, for the people of the agency; may be framed by our own screens."""

    http_method_names = ["get"]

    @method_decorator(xframe_options_sameorigin_override)
    def get(self, request, revision_id: int):
        revision = get_object_or_404(Revision, pk=revision_id)
        content = revision.as_object()
        if reason := reading_refusal(request.user, agency_of_content(content)):
            raise PermissionDenied(reason)
        return content.make_preview_request(request, content.default_preview_mode, {"revision_id": revision.pk})
