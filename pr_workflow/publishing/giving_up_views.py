"""The screen on which an approved item that is not live yet is given up (R39, R43)."""

from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from ..news.screens import ItemActView, course_of
from .forms import WithdrawalForm
from .giving_up import approval_withdraw, newer_in_chain, withdrawal_refusal
from .models import Posting
from .selectors import may_post
from .services import PostingRefused


class ApprovalWithdrawView(ItemActView):
    """Why an approval is withdrawn; for the writer, the director and the IT officer who has the item, else 403."""

    page_title = gettext_lazy("Withdraw the approval")
    header_icon = "rotate"
    template_name = "pr_workflow/publishing/withdraw.html"

    def dispatch(self, request, pk: int, *args, **kwargs):
        rows = Posting.objects.select_related("agency__site", "revision", "page", "received_by")
        self.posting = get_object_or_404(rows, pk=pk)
        if refusal := withdrawal_refusal(self.posting, request.user):
            raise PostingRefused(refusal)
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self):
        return str(self.posting)

    def course(self):
        return course_of(self.posting.page_id)

    def get_context_data(self, *, form: WithdrawalForm | None = None, **kwargs):
        return super().get_context_data(
            posting=self.posting,
            form=form or WithdrawalForm(),
            course=self.course(),
            newer_in_chain=newer_in_chain(self.posting),
            has_lapsed=self.posting.has_lapsed(timezone.now()),
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        form = WithdrawalForm(request.POST)
        if form.is_valid():
            try:
                reason = form.cleaned_data["reason"]
                approval_withdraw(actor=request.user, posting=self.posting, reason=reason, now=timezone.now())
            except ValidationError as error:
                form.add_error(None, error)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        if newer_in_chain(self.posting):
            text = _("The approval of “%(title)s” was withdrawn. A newer version of it is being considered already.")
        else:
            text = _("The approval of “%(title)s” was withdrawn. It is with its writer again and does not go live.")
        messages.success(request, text % {"title": self.posting})
        queue = may_post(request.user, self.posting.agency)
        return HttpResponseRedirect(reverse("pr_admin:posting") if queue else self.course())
