"""The calendar on the screen: month, week and agenda, and its entries for the script (R26)."""

from datetime import timedelta
from typing import Any, get_args

from django.http import JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from ..archive.views import paper_answer
from ..thai_time import ThaiDateError, bangkok_date, parse_thai_date
from . import period as periods
from .entry import LOOKS, EntryKind
from .forms import WantedForm, day_in
from .json_entries import as_json
from .month_paper import month_html, month_paper_name
from .reader import calendar_agency, reader_of
from .selectors import calendar_entries

#: The longest stretch that is asked for at once.
LONGEST_STRETCH = timedelta(days=400)
VIEWS = {"month": gettext_lazy("Month"), "week": gettext_lazy("Week"), "agenda": gettext_lazy("List")}


class CalendarView(WagtailAdminTemplateMixin, TemplateView):
    """The calendar of an agency. The list is always there, so that everything can be done by keyboard and without
    JavaScript; month and week are drawn over it."""

    page_title = gettext_lazy("PR calendar")
    header_icon = "calendar-alt"
    template_name = "pr_workflow/editorial_calendar/calendar.html"

    def dispatch(self, request, *args, **kwargs):
        self.reader = reader_of(request.user, calendar_agency(request.user, request.GET.get("agency", "")))
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        now = timezone.now()
        today = bangkok_date(now)
        view: Any = self.request.GET.get("view", "month")
        view = view if view in get_args(periods.View) else "month"
        period = periods.Period(view, day_in(self.request.GET.get("date", ""), today))
        form = WantedForm(self.request.GET, reader=self.reader)
        sheet = calendar_entries(self.reader, period.first, period.last, now=now, wanted=form.wanted())
        return super().get_context_data(
            agency=self.reader.agency,
            period=period,
            today=today,
            form=form,
            sheet=sheet,
            tabs=[(name, label, self._address(view=name), name == view) for name, label in VIEWS.items()],
            before=self._address(date=period.before.isoformat()),
            after=self._address(date=period.after.isoformat()),
            to_today=self._address(date=today.isoformat()),
            entries_address=f"{reverse('pr_admin:calendar_entries')}?{self.request.GET.urlencode()}",
            paper=f"{reverse('pr_admin:calendar_paper')}?{self.request.GET.urlencode()}",
            legend=[(kind.label, LOOKS[kind]) for kind in EntryKind],
            words={"week": periods.WEEK, "weekShort": periods.WEEK_SHORT, "months": periods.short_months()},
            **kwargs,
        )

    def _address(self, **changed: str) -> str:
        query = self.request.GET.copy()
        for name, value in changed.items():
            query[name] = value
        return f"{reverse('pr_admin:calendar')}?{query.urlencode()}"


class CalendarPaperView(View):
    """The month as a PDF, with the filters of the address."""

    http_method_names = ["get"]

    def get(self, request):
        reader = reader_of(request.user, calendar_agency(request.user, request.GET.get("agency", "")))
        now = timezone.now()
        day = day_in(request.GET.get("date", ""), bangkok_date(now))
        address = request.build_absolute_uri(reverse("pr_admin:calendar"))
        wanted = WantedForm(request.GET, reader=reader).wanted()
        html = month_html(reader, day, wanted=wanted, address=address, now=now)
        return paper_answer(request, html, month_paper_name(day))


class CalendarEntriesView(View):
    """The entries from `start` up to `end` (the day after the last one, as FullCalendar asks) as JSON."""

    http_method_names = ["get"]

    def get(self, request):
        reader = reader_of(request.user, calendar_agency(request.user, request.GET.get("agency", "")))
        try:
            first, end = (parse_thai_date(request.GET.get(name, "")[:10]) for name in ("start", "end"))
        except ThaiDateError as error:
            return JsonResponse({"error_message": str(error.message)}, status=400)
        if not timedelta(0) < end - first <= LONGEST_STRETCH:
            text = _("The calendar shows from one day up to %(days)s days at once.")
            return JsonResponse({"error_message": text % {"days": LONGEST_STRETCH.days}}, status=400)
        wanted = WantedForm(request.GET, reader=reader).wanted()
        sheet = calendar_entries(reader, first, end - timedelta(days=1), now=timezone.now(), wanted=wanted)
        return JsonResponse({"entries": as_json(sheet.entries)})
