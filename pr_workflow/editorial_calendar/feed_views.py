"""The secret calendar address: the screen that makes it, and the feed behind it (R26)."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from ..thai_time import bangkok_date
from .feeds import calendar_feed_renew, calendar_feed_revoke, feed_reader
from .ical import ical_of
from .models import CalendarFeed
from .selectors import calendar_entries
from .views import CalendarView

#: What a feed holds, around the day it is asked on.
BACK, AHEAD = timedelta(days=92), timedelta(days=400)
#: Nobody keeps, passes on or lists what a secret address answers.
PRIVATE = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}


class CalendarFeedView(WagtailAdminTemplateMixin, TemplateView):
    """A person's own address: POST `act` renew or revoke. The address is shown once, in the answer to its making."""

    page_title = gettext_lazy("My calendar address")
    header_icon = "link"
    template_name = "pr_workflow/editorial_calendar/feed.html"

    def get_breadcrumbs_items(self):
        above = {"url": reverse("pr_admin:calendar"), "label": CalendarView.page_title}
        return [*super().get_breadcrumbs_items(), above, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        feed = CalendarFeed.objects.filter(user=self.request.user.pk).first()
        return super().get_context_data(feed=feed, has_door=bool(feed_path("x")), **kwargs)

    def post(self, request):
        now, act = timezone.now(), request.POST.get("act", "")
        if act == "renew":
            path = feed_path(calendar_feed_renew(actor=request.user, now=now))
            answer = self.render_to_response(self.get_context_data(address=request.build_absolute_uri(path)))
            answer["Cache-Control"] = PRIVATE["Cache-Control"]
            return answer
        if act == "revoke":
            was_there = calendar_feed_revoke(actor=request.user, now=now)
            sentence = _("The address no longer answers.") if was_there else _("There was no address to take back.")
            messages.success(request, sentence)
            return HttpResponseRedirect(reverse("pr_admin:calendar_feed"))
        messages.error(request, _("Choose what is to be done."))
        return render(request, self.template_name, self.get_context_data(), status=422)


def feed_path(token: str) -> str:
    """Where a token is answered; "" on a site that has not opened that door."""
    try:
        return reverse("calendar_feed", args=[token])
    except NoReverseMatch:
        return ""


@require_safe
def calendar_feed(request, token: str) -> HttpResponse:
    """The entries of whoever holds the token, with the rights they have now. 404 for every other token, alike."""
    reader = feed_reader(token)
    if reader is None:
        raise Http404
    now = timezone.now()
    today = bangkok_date(now)
    with translation.override(settings.LANGUAGE_CODE):
        sheet = calendar_entries(reader, today - BACK, today + AHEAD, now=now)
        data = ical_of(sheet.entries, reader.agency, link=request.build_absolute_uri, now=now)
    return HttpResponse(data, content_type="text/calendar; charset=utf-8", headers=PRIVATE)
