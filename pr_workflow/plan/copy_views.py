"""The screens of the copy to the next year: what would move, and afterwards what has moved (R18, R20)."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from .copying import lines_moved
from .import_views import URLS, PlanScreen
from .next_year import How
from .selectors import plan_moves, plan_of_next_year, version_to_copy
from .services import copy_refusal, may_edit, plan_copy_to_next_year


def with_words(moves: list[dict]) -> list[dict]:
    """The rule of each move in the reader's language."""
    return [{**move, "how": How(move["how"]).label} for move in moves]


class PlanNextYearView(PlanScreen):
    """Shows what would move; a POST makes the draft."""

    page_title = gettext_lazy("Copy to the next year")
    template_name = "pr_workflow/plan/next_year.html"

    def get(self, request, *args, **kwargs):
        if not may_edit(request.user, self.plan):
            raise PermissionDenied(copy_refusal(request.user, self.plan))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        refusal = copy_refusal(self.request.user, self.plan)
        moves = [] if refusal else [line.as_data() for line in lines_moved(version_to_copy(self.plan))[1]]
        return super().get_context_data(
            refusal=refusal,
            existing=plan_of_next_year(self.plan),
            year=self.plan.fiscal_year_be + 1,
            moves=with_words(moves),
            looks=sum(bool(move["looks"]) for move in moves),
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        copy = plan_copy_to_next_year(actor=request.user, plan=self.plan, now=timezone.now())
        messages.success(
            request,
            _("The draft for fiscal year %(year)s is made. Look at what moved.") % {"year": copy.fiscal_year_be},
        )
        return HttpResponseRedirect(reverse(f"{URLS}:moved", args=[copy.pk]))


class PlanMovedView(PlanScreen):
    """What moved when this plan was copied from the year before, as the log keeps it."""

    page_title = gettext_lazy("What moved")
    template_name = "pr_workflow/plan/moved.html"

    def get(self, request, *args, **kwargs):
        if not may_edit(request.user, self.plan):
            raise PermissionDenied(_("Only the PR officers of the agency change its plan."))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        moves = plan_moves(self.plan)
        looks = sum(bool(move["looks"]) for move in moves)
        return super().get_context_data(moves=with_words(moves), looks=looks, **kwargs)
