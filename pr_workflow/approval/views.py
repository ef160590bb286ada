"""Deciding a step on one screen, made for the phone (R38, R39); and reading a version before it is public."""

from typing import Any

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

from .decision_words import decision_words
from .errors import ApprovalRefused, NoDecision, VersionChanged
from .forms import ApprovalCommentForm, ReturnByPartForm
from .inbox import steps_waiting_for
from .reading import reading_refusal
from .reading_marks import version_seen, versions_seen_by
from .return_parts import WHOLE
from .review import ReviewSheet, review_sheet
from .seen_version import SeenVersion
from .selectors import agency_of_content, refusal_to_sign, step_members
from .services import news_approve, news_return

UNSEEN = gettext_lazy("The form does not say which version it showed. Look at the item again, then decide.")
UNDECIDED = gettext_lazy(
    "The form does not say whether you agree to the item or return it. Press one of the two buttons."
)
#: Where the session keeps what was typed into a form that was refused.
TYPED = "pr_review_typed"
#: How a refused decision is answered; 403 otherwise.
STATUSES: dict[type[ApprovalRefused], int] = {VersionChanged: 409, NoDecision: 422}


class ReviewView(WagtailAdminTemplateMixin, TemplateView):
    """One step: what changed, the item as readers will see it, what is missing, who signed; approve or return.

    403 for those who do not hold the step. Who holds it but may not sign (own item, already decided) reads why.
    A decision on another version than the one shown is answered with 409 and what changed; only opening the screen is a
    look, so the form comes back by a link that opens it, with what was typed.
    """

    page_title = gettext_lazy("Consider")
    header_icon = "clipboard-list"
    template_name = "pr_workflow/approval/review.html"

    def dispatch(self, request, task_state_id: int, *args, **kwargs):
        self._find(task_state_id)
        if reason := reading_refusal(request.user, agency_of_content(self.content)):
            raise PermissionDenied(reason)
        if not step_members(self.state.task).filter(pk=request.user.pk).exists():
            raise ApprovalRefused(refusal_to_sign(self.state, request.user))
        return super().dispatch(request, *args, **kwargs)

    def _find(self, task_state_id: int) -> None:
        states = TaskState.objects.select_related(
            "revision", "task", "deadline", "workflow_state__requested_by", "workflow_state__workflow"
        )
        self.state = get_object_or_404(states, pk=task_state_id)
        self.content = self.state.revision.as_object()

    def get_page_subtitle(self):
        return str(self.state.revision.object_str)

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, *, approve=None, back=None, refused: str = "", **kwargs):
        sheet = review_sheet(self.state, self.content, self.request.user)
        unopened = self.request.method == "POST" and not self._has_opened(sheet)
        if self.request.method != "POST":
            approve, back = self._typed_before()
        return super().get_context_data(
            sheet=sheet,
            unopened=unopened,
            state=self.state,
            content=self.content,
            is_page=isinstance(self.content, AbstractPage),
            refused=refused,
            approve_form=approve or ApprovalCommentForm(auto_id="approve-%s"),
            return_form=back or ReturnByPartForm(content=self.content, auto_id="return-%s"),
            now=timezone.now(),
            **kwargs,
        )

    def _has_opened(self, sheet: ReviewSheet) -> bool:
        """Whether this person's last look was at what the sheet shows."""
        revision = sheet.state.revision_id
        return versions_seen_by(self.request.user, [revision]).get(revision) == sheet.seen.content_hash

    def _typed_before(self) -> tuple[ApprovalCommentForm, ReturnByPartForm]:
        """The forms with what this person typed into a form for this item that was refused."""
        kept = self.request.session.get(TYPED, {})
        typed = kept.get("fields", {}) if kept.get("item") == self._item() else {}
        fields = {"return": {}, "approve": {}, kept.get("decision", ""): typed}
        return (
            ApprovalCommentForm(initial=fields["approve"], auto_id="approve-%s"),
            ReturnByPartForm(content=self.content, initial=fields["return"], auto_id="return-%s"),
        )

    def _item(self) -> str:
        return f"{self.state.revision.base_content_type_id}:{self.state.revision.object_id}"

    def _keep_typed(self) -> None:
        """Keep what was typed for the next look: nobody writes a reason twice."""
        data = self.request.POST
        fields = {name: text for name, text in data.items() if name == "comment" or name.startswith("part-")}
        self.request.session[TYPED] = {"item": self._item(), "decision": data.get("decision"), "fields": fields}

    def render_to_response(self, context, **response_kwargs):
        """Once the screen is made, the version on it counts as seen; only the one that waits for a decision.

        The answer to a form that was refused is no look: a program that sends forms has read nothing (R36).
        """
        response: Any = super().render_to_response(context, **response_kwargs)
        sheet, user = context["sheet"], self.request.user
        if sheet.is_present and self.request.method == "GET":
            revision, digest = sheet.state.revision, sheet.seen.content_hash
            response.add_post_render_callback(
                lambda _response: version_seen(user=user, revision=revision, digest=digest, now=timezone.now())
            )
        return response

    def post(self, request, *args, **kwargs):
        try:
            return self._decide()
        except ApprovalRefused as refused:
            self._find(self.state.pk)
            self._keep_typed()
            status = STATUSES.get(type(refused), 403)
            response = self.render_to_response(self.get_context_data(refused=str(refused)), status=status)
            # `RefusalAnswers` writes the attempt into the log.
            response.refusal_reason = str(refused)
            return response

    def _decide(self):
        decision, data = self.request.POST.get("decision"), self.request.POST
        approve, back = ApprovalCommentForm(data, auto_id="approve-%s"), None
        if decision == "return":
            back = ReturnByPartForm(data, content=self.content, auto_id="return-%s")
        if decision not in ("approve", "return"):
            raise NoDecision(UNDECIDED)
        if not (back or approve).is_valid():
            self._keep_typed()
            context = {"back": back} if back else {"approve": approve}
            return self.render_to_response(self.get_context_data(**context), status=422)
        seen = SeenVersion.read(data.get("seen", ""))
        if seen is None:
            raise VersionChanged(UNSEEN)
        verb = {"actor": self.request.user, "task_state": self.state, "seen": seen, "now": timezone.now()}
        if back:
            reasons = back.reasons()
            news_return(**verb, reason=reasons.pop(WHOLE), field_reasons=reasons)
            return self._next(_("“%(title)s” was returned for correction."))
        words = decision_words(self.state, self.content)
        news_approve(**verb, comment=approve.cleaned_data["comment"])
        return self._next(str(words.done))

    def _next(self, sentence: str) -> HttpResponseRedirect:
        """Straight on to the most urgent item that still waits; to the start page when none does."""
        self.request.session.pop(TYPED, None)
        sentence = sentence % {"title": self.state.revision.object_str}
        following = steps_waiting_for(self.request.user).first()
        if following is None:
            messages.success(self.request, sentence + " " + _("Nothing else waits for you."))
            return HttpResponseRedirect(reverse("wagtailadmin_home"))
        messages.success(self.request, sentence + " " + _("This is the next item."))
        return HttpResponseRedirect(reverse("pr_admin:review", args=[following.pk]))


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
