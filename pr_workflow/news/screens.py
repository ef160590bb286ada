"""What screens about one item share: the item by its number, and the way back to its course."""

from typing import Any

import swapper
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from .models import NewsPageMixin


def news_or_404(pk: int) -> Any:
    """The news page of this number in the class of the site. Raises Http404 for any other page, and for none."""
    page: Any = get_object_or_404(swapper.load_model("wagtailcore", "Page"), pk=pk).specific
    if not isinstance(page, NewsPageMixin):
        raise Http404
    return page


def course_of(page_pk: int) -> str:
    """The address of the item's course, from the first draft to the archive."""
    return reverse("pr_admin:news_timeline", args=[page_pk])


class ItemActView(WagtailAdminTemplateMixin, TemplateView):
    """Base: a screen on which something is done with one item; its breadcrumb goes by the item's course."""

    def course(self) -> str:
        """The address of the course of this screen's item."""
        raise NotImplementedError

    def get_breadcrumbs_items(self):
        course = {"url": self.course(), "label": _("Course of the item")}
        return [*super().get_breadcrumbs_items(), course, {"url": "", "label": self.page_title}]
