"""One working group: who is in it, its order and term, and what can be done with it now (R01, R02)."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from .forms import EndForm
from .models import seats_of
from .notices import group_path
from .rules import term_in_words
from .selectors import groups_visible_to, may_appoint
from .services import working_group_appoint, working_group_end, working_group_withdraw
from .viewsets import edit_url


class WorkingGroupView(WagtailAdminTemplateMixin, TemplateView):
    """A group, for its members and whoever reads the register; 404 for other agencies (I5)."""

    page_title = gettext_lazy("Working group")
    header_icon = "group"
    template_name = "pr_workflow/working_group/group.html"

    def dispatch(self, request, pk: int):
        self.group = get_object_or_404(groups_visible_to(request.user), pk=pk)
        self.seats = seats_of(self.group)
        is_member = any(seat.staff.user_id == request.user.pk for seat in self.seats)
        if not (is_member or request.user.has_perm("pr_workflow.view_workinggroup")):
            raise PermissionDenied(_("Only members of this working group and the office read about it."))
        return super().dispatch(request, pk)

    def get_breadcrumbs_items(self):
        items = list(super().get_breadcrumbs_items())
        if self.request.user.has_perm("pr_workflow.view_workinggroup"):
            items.append({"url": reverse("pr_working_groups:index"), "label": _("Working groups")})
        return [*items, {"url": "", "label": self.group.title}]

    def get_context_data(self, **kwargs):
        group, user = self.group, self.request.user
        appoints = may_appoint(user, group.agency)
        kwargs.setdefault("end_form", EndForm())
        over = group.standing.value in ("over", "withdrawn")
        return super().get_context_data(
            group=group,
            seats=self.seats,
            term=term_in_words(group),
            may_appoint=appoints and group.is_draft,
            may_withdraw=group.is_draft and (appoints or user.pk == group.drafted_by_id),
            may_end=appoints and not group.is_draft and not over,
            edit_url=edit_url(group) if group.is_draft and user.has_perm("pr_workflow.change_workinggroup") else "",
            **kwargs,
        )

    def post(self, request, pk: int):
        act = {"appoint": self.appoint, "withdraw": self.withdraw, "end": self.end}.get(request.POST.get("act", ""))
        if act is None:
            return self.refused([_("Choose what is to be done.")])
        return act()

    def appoint(self):
        """By order; every reason against it is said, and nothing changes."""
        try:
            working_group_appoint(actor=self.request.user, group=self.group, now=timezone.now())
        except ValidationError as error:
            return self.refused(error.messages)
        return self.done(_("“%(title)s” has been appointed.") % {"title": self.group.title})

    def withdraw(self):
        """Give the draft up."""
        working_group_withdraw(actor=self.request.user, group=self.group, now=timezone.now())
        return self.done(_("The draft has been withdrawn."))

    def end(self):
        """End the term earlier."""
        form = EndForm(self.request.POST)
        if form.is_valid():
            try:
                now = timezone.now()
                working_group_end(actor=self.request.user, group=self.group, now=now, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(end_form=form), status=422)
        return self.done(_("The term ends earlier now."))

    def done(self, sentence: str):
        messages.success(self.request, sentence)
        return HttpResponseRedirect(group_path(self.group))

    def refused(self, sentences: list[str]):
        return self.render_to_response(self.get_context_data(refusals=sentences), status=422)


urlpatterns = [path("working-groups/<int:pk>/", WorkingGroupView.as_view(), name="working_group")]
