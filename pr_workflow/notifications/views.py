"""My notices, and how I want to be told (R72)."""

from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from .forms import PreferenceForm
from .mailing import preference_of
from .models import Notice
from .selectors import mails_given_up, notices_of, unread_count
from .services import notice_read, notices_read_all, preference_save

NOTICES_PER_PAGE = 25
SHOWN_GIVEN_UP = 10


class NoticeListView(WagtailAdminTemplateMixin, TemplateView):
    """The person's own notices, newest first; nobody sees another's. POST: everything counts as seen."""

    page_title = gettext_lazy("Notices")
    header_icon = "mail"
    template_name = "pr_workflow/notifications/list.html"

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        unread_only = self.request.GET.get("show") == "unread"
        rows = notices_of(self.request.user, unread_only=unread_only)
        page = Paginator(rows, NOTICES_PER_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            rows=page,
            unread_only=unread_only,
            unread=unread_count(self.request.user),
            given_up=mails_given_up(None)[:SHOWN_GIVEN_UP] if self.request.user.is_superuser else [],
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        notices_read_all(user=request.user, now=timezone.now())
        messages.success(request, _("All notices count as read."))
        return HttpResponseRedirect(reverse("pr_admin:notices"))


class NoticeOpenView(View):
    """POST: the notice is read, and leads to where it can be answered. Another person's does not exist here."""

    http_method_names = ["post"]

    def post(self, request, pk: int):
        notice = get_object_or_404(Notice, pk=pk, recipient=request.user)
        notice_read(notice=notice, now=timezone.now())
        return HttpResponseRedirect(notice.path or reverse("pr_admin:notices"))


class PreferenceView(WagtailAdminTemplateMixin, TemplateView):
    """Mail at once, once a day or none, and the quiet hours."""

    page_title = gettext_lazy("How I am told")
    header_icon = "mail"
    template_name = "pr_workflow/notifications/settings.html"

    def get_breadcrumbs_items(self):
        notices = {"url": reverse("pr_admin:notices"), "label": NoticeListView.page_title}
        return [*super().get_breadcrumbs_items(), notices, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", PreferenceForm(instance=preference_of(self.request.user)))
        return super().get_context_data(**kwargs)

    def post(self, request, *args, **kwargs):
        form = PreferenceForm(request.POST, instance=preference_of(request.user))
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        preference_save(preference=form.save(commit=False), now=timezone.now())
        messages.success(request, _("Your choice is kept."))
        return HttpResponseRedirect(reverse("pr_admin:notices"))
