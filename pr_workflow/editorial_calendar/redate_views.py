"""Another date for one entry: dropped in the calendar, or typed in a small form (R26).

One screen for each kind, because each belongs to another step; all answer alike. A refusal leaves everything as it was.
"""

from datetime import date, datetime, time
from typing import Any

import swapper
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from ..approval.reading import reading_refusal
from ..approval.selectors import agency_of_content
from ..festival_calendar.models import ImportantDayOccurrence
from ..festival_calendar.selectors import entries_visible_to
from ..news.models import NewsPageMixin
from ..people.selectors import agency_for_page, agency_of, rows_visible_to
from ..plan.models import PlanActivity
from ..plan.services import edit_refusal
from ..publishing.models import Posting
from ..publishing.services import posting_refusal
from ..seen_dates import MovedMeanwhile, seen_text
from ..thai_time import BANGKOK, bangkok_date, thai_date, thai_datetime, thai_time
from .forms import RedateForm
from .services import (
    QuestionAsked,
    activity_date_set,
    draft_redate,
    draft_refusal,
    drafted_start,
    occurrence_redate,
    occurrence_refusal,
    posting_redate,
)
from .views import CalendarView


class RedateView(WagtailAdminTemplateMixin, TemplateView):
    """GET: the form, 403 for whoever cannot change the entry. POST `date`, `time`, `confirmed`, `seen_date`: move the
    entry; JSON for the script, else back to the calendar.

    422 says why not, 409 asks a question that `confirmed` answers, or says that somebody was faster (the entry does
    not stand at `seen_date`, or the request does not say what was seen); all with nothing written.
    """

    page_title = gettext_lazy("Another date")
    header_icon = "calendar-alt"
    template_name = "pr_workflow/editorial_calendar/redate.html"
    http_method_names = ["get", "post"]
    has_time = False

    def row(self, pk: int) -> Any:
        """The row this person may see. Raises `Http404` for another agency's."""
        raise NotImplementedError

    def standing(self) -> tuple[str, date | datetime | None]:
        """What the entry is called, and its present day or moment."""
        raise NotImplementedError

    def seen(self) -> date | datetime | None:
        """The day or moment that a new date replaces."""
        return self.standing()[1]

    def refusal(self) -> str:
        """Why this person does not change the entry, whatever the date; empty when they may."""
        raise NotImplementedError

    def move(self, day: date, at: time | None, confirmed: bool, seen: str | None) -> str:
        """Hand the date to the service of the step; returns what happened as a whole sentence."""
        raise NotImplementedError

    def guard(self) -> None:
        """Whoever reads news when it is public sees no form either. Raises `PermissionDenied`."""
        if reason := reading_refusal(self.request.user, agency_of_content(self.entry)):
            raise PermissionDenied(reason)

    def dispatch(self, request, pk: int, *args, **kwargs):
        self.entry = self.row(pk)
        self.guard()
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self):
        return self.standing()[0]

    def get_breadcrumbs_items(self):
        above = {"url": self.way_back(), "label": CalendarView.page_title}
        return [*super().get_breadcrumbs_items(), above, {"url": "", "label": self.page_title}]

    def way_back(self) -> str:
        """The view of the calendar the person came from."""
        wanted = self.request.POST.get("next") or self.request.GET.get("next") or ""
        calendar = reverse("pr_admin:calendar")
        is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith(calendar)
        return wanted if is_ours else calendar

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", self._form(None))
        now = self.standing()[1]
        present = "" if now is None else thai_datetime(now) if isinstance(now, datetime) else thai_date(now)
        return super().get_context_data(
            present=present, next=self.way_back(), seen_date=seen_text(self.seen()), **kwargs
        )

    def _form(self, data) -> RedateForm:
        now = self.standing()[1]
        initial: dict[str, Any] = {"date": bangkok_date(now) if now else None}
        if isinstance(now, datetime):
            initial["time"] = thai_time(now).removesuffix(" น.")
        return RedateForm(data, has_time=self.has_time, initial=initial)

    def get(self, request, *args, **kwargs):
        if reason := self.refusal():
            raise PermissionDenied(reason)
        return super().get(request, *args, **kwargs)

    def post(self, request):
        form = self._form(request.POST)
        if not form.is_valid():
            return self._refused(form)
        given = form.cleaned_data
        try:
            sentence = self.move(given["date"], given.get("time"), given["confirmed"], request.POST.get("seen_date"))
        except ValidationError as error:
            for message in error.messages:
                form.add_error("date", message)
            return self._refused(form)
        except QuestionAsked as asked:
            return self._asked(form, asked.questions)
        except MovedMeanwhile as faster:
            return self._overtaken(form, str(faster))
        if self._by_script():
            return JsonResponse({"success": True, "message": sentence})
        messages.success(request, sentence)
        return HttpResponseRedirect(self.way_back())

    def _by_script(self) -> bool:
        return self.request.headers.get("x-requested-with") == "XMLHttpRequest"

    def _refused(self, form: RedateForm):
        sentences = [str(sentence) for found in form.errors.values() for sentence in found]
        response: Any
        if self._by_script():
            response = JsonResponse({"success": False, "error_message": " ".join(sentences)}, status=422)
        else:
            response = self.render_to_response(self.get_context_data(form=form), status=422)
        # The log of attempts takes it from here, as with the refusals that are 403.
        response.refusal_reason = " ".join(sentences)
        return response

    def _overtaken(self, form: RedateForm, sentence: str):
        if self._by_script():
            return JsonResponse({"success": False, "error_message": sentence}, status=409)
        self.entry = self.row(self.entry.pk)
        form.add_error("date", sentence)
        return self.render_to_response(self.get_context_data(form=form), status=409)

    def _asked(self, form: RedateForm, questions: list[str]):
        if self._by_script():
            return JsonResponse({"success": False, "question": " ".join(questions)}, status=409)
        return self.render_to_response(self.get_context_data(form=form, questions=questions), status=409)


class DraftDateView(RedateView):
    """The wished date of a draft."""

    has_time = True

    def row(self, pk):
        page = get_object_or_404(swapper.load_model("wagtailcore", "Page"), pk=pk).specific
        own = agency_of(self.request.user)
        if not isinstance(page, NewsPageMixin) or (own is not None and agency_for_page(page) != own):
            raise Http404
        return page

    def standing(self):
        wish = self.entry.get_latest_revision_as_object().go_live_at
        return self.entry.draft_title, wish.astimezone(BANGKOK) if wish else None

    def refusal(self):
        return draft_refusal(self.request.user, self.entry)

    def move(self, day, at, confirmed, seen):
        now, who = timezone.now(), self.request.user
        page = draft_redate(actor=who, page=self.entry, day=day, at=at, confirmed=confirmed, now=now, seen=seen)
        return _("“%(title)s” is planned for %(time)s.") % {
            "title": page.title,
            "time": thai_datetime(page.go_live_at),
        }


class PostingDateView(RedateView):
    """The go-live time of an approved item."""

    has_time = True

    def row(self, pk):
        return get_object_or_404(rows_visible_to(self.request.user, Posting.objects.select_related("agency")), pk=pk)

    def standing(self):
        moment = self.entry.go_live_at or self.entry.wished_at
        return str(self.entry), moment.astimezone(BANGKOK) if moment else None

    def refusal(self):
        return posting_refusal(self.request.user, self.entry)

    def move(self, day, at, confirmed, seen):
        now, who = timezone.now(), self.request.user
        posting: Any = posting_redate(
            actor=who, posting=self.entry, day=day, at=at, confirmed=confirmed, now=now, seen=seen
        )
        return _("“%(title)s” goes live on %(time)s.") % {
            "title": posting,
            "time": thai_datetime(posting.go_live_at),
        }


class ActivityDateView(RedateView):
    """The first day of an activity of the plan: an amendment."""

    def row(self, pk):
        rows = rows_visible_to(
            self.request.user, PlanActivity.objects.select_related("plan__agency"), field="plan__agency"
        )
        return get_object_or_404(rows, pk=pk)

    def standing(self):
        return str(self.entry), self.entry.start

    def seen(self):
        return drafted_start(self.entry, self.entry.plan)

    def refusal(self):
        return edit_refusal(self.request.user, self.entry.plan)

    def move(self, day, at, confirmed, seen):
        now, who = timezone.now(), self.request.user
        line = activity_date_set(actor=who, activity=self.entry, day=day, confirmed=confirmed, now=now, seen=seen)
        text = _(
            "In the draft of the plan, “%(title)s” now begins on %(day)s. The plan in force stays as it is until the "
            "director has approved the amendment."
        )
        return text % {"title": line, "day": thai_date(line.start)}


class OccurrenceDateView(RedateView):
    """The date of an important day; days are read by everybody."""

    def guard(self):
        """The row was looked up among those this person sees."""

    def row(self, pk):
        rows = ImportantDayOccurrence.objects.select_related("important_day")
        return get_object_or_404(entries_visible_to(self.request.user, rows), pk=pk)

    def standing(self):
        return str(self.entry.important_day), self.entry.date

    def refusal(self):
        return occurrence_refusal(self.request.user, self.entry)

    def move(self, day, at, confirmed, seen):
        who, now = self.request.user, timezone.now()
        row = occurrence_redate(actor=who, occurrence=self.entry, day=day, now=now, seen=seen)
        text = _("“%(title)s” is on %(day)s now.")
        if row.status == row.Status.TO_CONFIRM:
            text = _("“%(title)s” is on %(day)s now. This new date still has to be confirmed against its notice.")
        return text % {"title": row.important_day, "day": thai_date(row.date)}
