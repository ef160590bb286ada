"""Who acts for whom: a register of its own, which a head can also fill in on a phone (R06)."""

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

from ..thai_time import bangkok_date
from .delegations import capacity_text, may_delegate, roles_to_delegate
from .forms import DelegationForm
from .models import Delegation
from .selectors import agency_of, delegations_visible_to
from .services import delegation_grant, delegation_revoke

#: A register is read from its newest end; older rows are found in the log.
SHOWN_ROWS = 200


def grants(user) -> bool:
    """Whether this account may order any delegation."""
    agency = agency_of(user)
    return user.is_superuser if agency is None else bool(roles_to_delegate(user, agency))


class _DelegationScreen(WagtailAdminTemplateMixin, TemplateView):
    """Title and way back, the same on all three."""

    page_title = gettext_lazy("Acting in a role")
    header_icon = "group"

    def get_breadcrumbs_items(self):
        first = {"url": reverse("pr_admin:delegations"), "label": _DelegationScreen.page_title}
        items = [*super().get_breadcrumbs_items(), first]
        return items if self.page_title is first["label"] else [*items, {"url": "", "label": self.page_title}]


class DelegationListView(_DelegationScreen):
    """The delegations this person may look at: running, to come, ended. 403 for those who neither give nor hold any."""

    template_name = "pr_workflow/people/delegations.html"

    def get_context_data(self, **kwargs):
        user, today = self.request.user, bangkok_date(timezone.now())
        may_grant = grants(user)
        rows = list(delegations_visible_to(user)[:SHOWN_ROWS])
        if not may_grant and not rows:
            raise PermissionDenied(_("Heads, the director and IT officers delegate their roles here."))
        is_open = [row.revoked_at is None and row.ends_on >= today for row in rows]
        return super().get_context_data(
            current=[row for row, still in zip(rows, is_open, strict=True) if still],
            ended=[row for row, still in zip(rows, is_open, strict=True) if not still],
            may_grant=may_grant,
            today=today,
            **kwargs,
        )


class DelegationGrantView(_DelegationScreen):
    """Let somebody act in a role; 403 for those who hold none they could delegate."""

    page_title = gettext_lazy("Let somebody act in a role")
    template_name = "pr_workflow/people/delegation_form.html"

    def dispatch(self, request, *args, **kwargs):
        if not grants(request.user):
            raise PermissionDenied(_("Only the holder of a role, their director or the administrator delegates it."))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", DelegationForm(user=self.request.user))
        return super().get_context_data(**kwargs)

    def post(self, request):
        form = DelegationForm(request.POST, user=request.user)
        if form.is_valid():
            try:
                delegation = delegation_grant(actor=request.user, now=timezone.now(), **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        messages.success(request, _("%(name)s acts now as: %(role)s.") % _words(delegation))
        return HttpResponseRedirect(reverse("pr_admin:delegation", args=[delegation.pk]))


class DelegationView(_DelegationScreen):
    """One delegation, with its end for those who may revoke it; 404 for everybody it does not concern (I5)."""

    page_title = gettext_lazy("Delegation")
    template_name = "pr_workflow/people/delegation.html"
    model = Delegation

    def dispatch(self, request, pk: int):
        self.delegation = get_object_or_404(delegations_visible_to(request.user), pk=pk)
        return super().dispatch(request, pk)

    def get_context_data(self, **kwargs):
        row, today = self.delegation, bangkok_date(timezone.now())
        may = may_delegate(self.request.user, delegator=row.delegator, role=row.role)
        return super().get_context_data(
            delegation=row,
            printed=capacity_text(row),
            may_revoke=may and row.revoked_at is None and row.ends_on >= today,
            today=today,
            **kwargs,
        )

    def post(self, request, pk: int):
        delegation_revoke(actor=request.user, delegation=self.delegation, now=timezone.now())
        messages.success(request, _("%(name)s acts no more as: %(role)s.") % _words(self.delegation))
        return HttpResponseRedirect(reverse("pr_admin:delegations"))


def _words(delegation: Delegation) -> dict[str, str]:
    return {"name": delegation.delegate.display_name, "role": delegation.get_role_display()}
