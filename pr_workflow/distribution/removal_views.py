"""The list of posts that should be removed from their channels (R50)."""

from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from ..approval.panels import SHOWN_ROWS, AgencyWorkPanel, WorkRow
from ..people.selectors import agency_of
from .models import Delivery
from .removals import RemovalRefused, delivery_removal_confirm, may_remove, posts_to_remove
from .selectors import deliveries_visible_to


class RemovalListView(WagtailAdminTemplateMixin, TemplateView):
    """Posts of news that was taken down as wrong, each with its address and a button; IT and PR officers only."""

    page_title = gettext_lazy("Posts to remove")
    header_icon = "bin"
    template_name = "pr_workflow/distribution/removals.html"

    def dispatch(self, request, *args, **kwargs):
        self.agency = agency_of(request.user)
        if not may_remove(request.user, self.agency):
            raise RemovalRefused(_("Only IT officers and PR officers of the agency remove posts."))
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        return super().get_context_data(posts=posts_to_remove(self.agency), **kwargs)


class RemovalConfirmView(RemovalListView):
    """POST: the post is gone."""

    http_method_names = ["post"]

    def post(self, request, pk: int):
        delivery: Delivery = get_object_or_404(deliveries_visible_to(request.user), pk=pk)
        try:
            delivery_removal_confirm(actor=request.user, delivery_id=delivery.pk, now=timezone.now())
            messages.success(request, _("The post “%(post)s” is recorded as removed.") % {"post": delivery})
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(reverse("pr_admin:removals"))


class RemovalsPanel(AgencyWorkPanel):
    """The same on the start page."""

    heading = gettext_lazy("Posts to remove from their channels")
    icon = "bin"
    tone = "warning"
    order = 116

    def find_rows(self):
        if not may_remove(self.request.user, self.agency):
            return []
        return [
            WorkRow(
                title=str(delivery),
                url=reverse("pr_admin:removals"),
                detail=_("the news has left the site, the post has not"),
                since=delivery.removal_asked_at,
                action=_("Remove"),
                now=self.now,
            )
            for delivery in posts_to_remove(self.agency)[: SHOWN_ROWS + 1]
        ]


urlpatterns = [
    path("removals/", RemovalListView.as_view(), name="removals"),
    path("removals/<int:pk>/", RemovalConfirmView.as_view(), name="removal_confirm"),
]
