"""The screen of several signatures at once: choose on the start page, read the list, confirm, see each result."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from .bulk import MOST, bulk_agency, bulk_items, news_approve_several
from .errors import ApprovalRefused
from .inbox import steps_waiting_for


class BulkApprovalView(WagtailAdminTemplateMixin, TemplateView):
    """GET `item=…` lists what would be signed; POST `item=…` signs, item by item, and shows what became of each.

    403 where the agency does not allow it, where not one of the items could be signed, and for a form that names no
    steps but something else; 422 when nothing was chosen.
    """

    page_title = gettext_lazy("Agree to several items")
    header_icon = "clipboard-list"
    template_name = "pr_workflow/approval/bulk.html"

    def dispatch(self, request, *args, **kwargs):
        if bulk_agency(request.user) is None:
            raise ApprovalRefused(_("Your agency lets each item be decided by itself."))
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        numbers = _numbers(self.request.GET.getlist("item"))
        chosen = numbers[:MOST]
        states = list(steps_waiting_for(self.request.user).filter(pk__in=chosen)) if chosen else []
        items = bulk_items(self.request.user, states) if states else []
        return super().get_context_data(
            ready=[item.state for item in items if not item.refusal],
            held=[item for item in items if item.refusal],
            most=MOST,
            too_many=len(numbers) - len(chosen),
            now=timezone.now(),
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        numbers = _numbers(request.POST.getlist("item"))
        if not numbers and request.POST.getlist("item"):
            raise ApprovalRefused(_("The form names no items. Choose them on the start page again."))
        outcomes = news_approve_several(actor=request.user, numbers=numbers, now=timezone.now())
        answer: Any = self.render_to_response(self.get_context_data(outcomes=outcomes, is_done=True))
        if outcomes and not any(outcome.signed for outcome in outcomes):
            answer.status_code, answer.is_refusal_logged = 403, True
        if not outcomes:
            answer.status_code = 422
        return answer


def _numbers(given: list[str]) -> list[int]:
    """What of a form are numbers of steps, each once; the rest was typed by hand."""
    numbers = (int(text) for text in given if text.isascii() and text.isdigit() and len(text) < 18)
    return list(dict.fromkeys(numbers))
