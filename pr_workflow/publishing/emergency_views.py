"""The administrator's emergency button, and the second person's decision (R37)."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from ..approval.reading import reading_refusal
from ..news.screens import ItemActView, course_of, news_or_404
from ..people.selectors import rows_visible_to
from .emergency import (
    VERSION_CHANGED,
    EmergencyRefused,
    emergency_actor_guard,
    emergency_confirm,
    emergency_guard,
    emergency_publish,
    emergency_refuse,
)
from .emergency_forms import EmergencyDecisionForm, EmergencyForm
from .emergency_selectors import refusal_to_decide_emergency, withdrawal_of_this_content
from .models import EmergencyPublication, PublicationCheck


class EmergencyPublishView(ItemActView):
    """Superusers only: the reason, a typed confirmation, and the newest version goes live at once.

    What was refused when it was sent (it failed, or was approved meanwhile) is said above the form with what was typed.
    """

    page_title = gettext_lazy("Emergency publication")
    header_icon = "warning"
    template_name = "pr_workflow/publishing/emergency.html"

    def dispatch(self, request, pk: int, *args, **kwargs):
        self.news = news_or_404(pk)
        guard = emergency_actor_guard if request.method == "POST" else emergency_guard
        guard(actor=request.user, page=self.news)
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self):
        return self.news.draft_title

    def course(self):
        return course_of(self.news.pk)

    def get_context_data(self, *, form: EmergencyForm | None = None, **kwargs):
        chain = self.news.current_workflow_state
        form = form or EmergencyForm(initial={"version": self.news.latest_revision_id})
        withdrawal = withdrawal_of_this_content(self.news)
        return super().get_context_data(page=self.news, chain=chain, form=form, withdrawal=withdrawal, **kwargs)

    def post(self, request, *args, **kwargs):
        form = EmergencyForm(request.POST)
        if form.is_valid():
            try:
                sent = form.cleaned_data
                emergency_publish(
                    actor=request.user,
                    page=self.news,
                    reason=sent["reason"],
                    version=sent["version"],
                    now=timezone.now(),
                )
            except ValidationError as error:
                form.add_error(None, error)
            except EmergencyRefused as refused:
                return self._refused(form, str(refused))
        if not form.is_valid():
            return self._shown_again(form, 422)
        messages.warning(request, _("The item is on the site. A second person must confirm it within a working day."))
        return HttpResponseRedirect(self.course())

    def _shown_again(self, form: EmergencyForm, status: int):
        """What was typed, for the version there is now: a form that keeps an old one would be refused for ever."""
        self.news = type(self.news).objects.get(pk=self.news.pk)
        looked_at, newest = form.cleaned_data.get("version"), self.news.latest_revision_id
        if looked_at not in (None, newest) and VERSION_CHANGED not in form.non_field_errors():
            form.add_error(None, VERSION_CHANGED)
        typed = self.request.POST.copy()
        typed["version"] = str(newest)
        form.data = typed
        answer: Any = self.render_to_response(self.get_context_data(form=form), status=status)
        if VERSION_CHANGED in form.non_field_errors():
            # A stale tab or an edited hidden field: `RefusalAnswers` writes the attempt into the log.
            answer.refusal_reason = str(VERSION_CHANGED)
        return answer

    def _refused(self, form: EmergencyForm, reason: str):
        """The form once more, with the sentence and what was typed: to be sent again when the cause is gone."""
        form.add_error(None, reason)
        answer: Any = self._shown_again(form, 403)
        # `RefusalAnswers` writes the attempt into the log.
        answer.refusal_reason = reason
        return answer


class EmergencyDecisionView(ItemActView):
    """What was published without its chain, by whom and why; a member of the chain confirms or refuses it."""

    header_icon = "warning"
    template_name = "pr_workflow/publishing/emergency_decision.html"

    def dispatch(self, request, pk: int, *args, **kwargs):
        rows = EmergencyPublication.objects.select_related("page", "revision", "agency__site", "published_by")
        self.emergency = get_object_or_404(rows_visible_to(request.user, rows), pk=pk)
        if reason := reading_refusal(request.user, self.emergency.agency):
            raise PermissionDenied(reason)
        return super().dispatch(request, *args, **kwargs)

    @property
    def page_title(self):
        return _("Emergency publication") if self.emergency.decided_at else _("Emergency publication to be confirmed")

    def get_page_subtitle(self):
        return str(self.emergency.revision.object_str)

    def course(self):
        return course_of(self.emergency.page_id)

    def get_context_data(self, *, form: EmergencyDecisionForm | None = None, **kwargs):
        return super().get_context_data(
            emergency=self.emergency,
            page=self.emergency.page,
            check=PublicationCheck.objects.filter(revision=self.emergency.revision_id).first(),
            refusal=refusal_to_decide_emergency(self.emergency, self.request.user),
            form=form or EmergencyDecisionForm(),
            now=timezone.now(),
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        if reason := refusal_to_decide_emergency(self.emergency, request.user):
            raise EmergencyRefused(reason)
        form = EmergencyDecisionForm(request.POST)
        if form.is_valid():
            decide = emergency_confirm if form.cleaned_data["decision"] == "confirm" else emergency_refuse
            try:
                comment = form.cleaned_data["comment"]
                decide(actor=request.user, emergency=self.emergency, comment=comment, now=timezone.now())
            except ValidationError as error:
                form.add_error(None, error)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        if form.cleaned_data["decision"] == "confirm":
            messages.success(request, _("You have confirmed the emergency publication."))
        else:
            self.emergency.page.refresh_from_db()
            gone = not self.emergency.page.live
            text = _("You have refused the emergency publication. The item has left the site.")
            messages.warning(request, text if gone else _("You have refused the emergency publication."))
        return HttpResponseRedirect(self.course())
