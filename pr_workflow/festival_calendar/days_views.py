"""Screens of a person who prepares the days of a fiscal year, or an agency's own choice about one (R20)."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from ..people.selectors import agency_of
from ..seen_dates import MovedMeanwhile, seen_text
from ..thai_time import bangkok_date, fiscal_year_be
from .choosing import agency_day_choose, choice_of, choice_refusal
from .confirming import announced_without_date, fiscal_year_days, may_confirm, moved_since, occurrences_confirm
from .day_choices import agency_days
from .days_forms import AnnouncedDateForm, DayChoiceForm, ReferenceForm
from .models import ImportantDay, ImportantDayOccurrence
from .selectors import entries_visible_to
from .services import occurrence_save

VIEW = "pr_workflow.view_importantday"
#: Fiscal years (B.E.) the screen answers for; others are a mistyped address.
YEARS = range(2500, 2700)


class DaysOfYearItem(MenuItem):
    """For all who read the calendar."""

    def is_shown(self, request):
        return request.user.has_perm(VIEW)


class DaysScreen(WagtailAdminTemplateMixin, TemplateView):
    """What the screens share: who may read the calendar, the agency, the way back to the register."""

    header_icon = "calendar-check"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm(VIEW):
            raise PermissionDenied(_("Only those who work with the calendar read it here."))
        self.agency = agency_of(request.user)
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        register = reverse("wagtailsnippets_pr_workflow_importantday:list")
        return [
            *super().get_breadcrumbs_items(),
            {"url": register, "label": _("Important days")},
            {"url": "", "label": self.page_title},
        ]


class DaysOfYearView(DaysScreen):
    """One fiscal year: dates to confirm, announced days without a date, dates that several days share."""

    page_title = gettext_lazy("Days of the fiscal year")
    template_name = "pr_workflow/festival_calendar/days_of_year.html"

    @cached_property
    def rights(self) -> dict[int | None, bool]:
        """Whether this account confirms dates of an agency (None: national ones)."""
        return {}

    @cached_property
    def this_year(self) -> int:
        """The running fiscal year (B.E.)."""
        return fiscal_year_be(bangkok_date(timezone.now()))

    @cached_property
    def year(self) -> int:
        """The fiscal year asked for; the coming one without a readable wish."""
        wish = self.request.GET.get("year", "")
        return int(wish) if wish.isdecimal() and len(wish) == 4 and int(wish) in YEARS else self.this_year + 1

    def get_context_data(self, *, reference=None, entered=None, problems=(), **kwargs):
        days = fiscal_year_days(self.year, agency=self.agency)
        to_confirm = [
            (each, self._may_confirm(each.day.important_day), seen_text(each.date)) for each in days.unconfirmed
        ]
        return super().get_context_data(
            year=self.year,
            years=sorted({self.this_year, self.this_year + 1, self.year}),
            to_confirm=to_confirm,
            may_any=any(may for _each, may, _seen in to_confirm),
            missing=[(day, self._entry_form(day.important_day, entered)) for day in days.missing],
            collisions=days.collisions,
            chosen=self.request.POST.getlist("occurrence"),
            reference=reference or ReferenceForm(),
            problems=problems,
            **kwargs,
        )

    def _entry_form(self, day: ImportantDay, entered: AnnouncedDateForm | None) -> AnnouncedDateForm | None:
        """The form of a missing day, as it was typed; None for those who may not enter its date."""
        if not self._may_enter(day):
            return None
        if entered is not None and entered.important_day.pk == day.pk:
            return entered
        return AnnouncedDateForm(important_day=day, fiscal_year=self.year)

    def _may_confirm(self, day: ImportantDay) -> bool:
        """Asked once for each owner, however many days there are."""
        if day.agency_id not in self.rights:
            self.rights[day.agency_id] = may_confirm(self.request.user, day)
        return self.rights[day.agency_id]

    def _may_enter(self, day: ImportantDay) -> bool:
        return self.request.user.has_perm("pr_workflow.add_importantdayoccurrence") and self._may_confirm(day)

    def post(self, request, *args, **kwargs):
        act = {"confirm": self.confirm, "enter": self.enter}.get(request.POST.get("act", ""))
        if act is None:
            return self.refused(problems=[_("Choose what is to be done.")])
        return act()

    def confirm(self):
        """Confirm the ticked dates against one notice: as they were shown (`seen_date-NUMBER`), else 409."""
        typed = self.request.POST.getlist("occurrence")
        reference = ReferenceForm(self.request.POST)
        if not typed:
            return self.refused(reference=reference, problems=[_("Tick at least one date.")])
        rows = self._ticked(typed)
        seen = {row.pk: self.request.POST.get(f"seen_date-{row.pk}", "") for row in rows}
        if not reference.is_valid():
            # The answer shows the dates of now: whoever only mends the reference has to be told of a moved one.
            moved = moved_since(rows, seen)
            return self.refused(status=409 if moved else 422, reference=reference, problems=moved)
        try:
            done = occurrences_confirm(
                actor=self.request.user,
                occurrences=rows,
                seen=seen,
                reference_no=reference.cleaned_data["reference_no"],
                now=timezone.now(),
            )
        except MovedMeanwhile as moved_meanwhile:
            return self.refused(status=409, reference=reference, problems=moved_meanwhile.sentences)
        words = ngettext("%(count)d date has been confirmed.", "%(count)d dates have been confirmed.", len(done))
        return self.done(words % {"count": len(done)})

    def _ticked(self, typed: list[str]) -> list[ImportantDayOccurrence]:
        """The dates of these numbers; one that is not there, or another agency's, refuses them all (I5)."""
        keys = {key for key in typed if key.isascii() and key.isdecimal() and len(key) < 19}
        wanted = ImportantDayOccurrence.objects.filter(pk__in=keys).select_related("important_day")
        rows = list(entries_visible_to(self.request.user, wanted))
        if len(rows) != len(set(typed)):
            raise PermissionDenied(_("One of the dates does not exist, or belongs to another agency."))
        return rows

    def enter(self):
        """Enter the announced date of one day; giving it with its notice confirms it."""
        key = self.request.POST.get("day", "")
        missing = announced_without_date(self.year, agency=self.agency)
        day = next((each.important_day for each in missing if str(each.important_day.pk) == key), None)
        if day is None:
            return self.refused(problems=[_("This day is not missing a date in this fiscal year any more.")])
        if not self._may_enter(day):
            raise PermissionDenied(_("You cannot enter the date of this day: it is national or of another agency."))
        form = AnnouncedDateForm(self.request.POST, important_day=day, fiscal_year=self.year)
        if not form.is_valid():
            return self.refused(entered=form)
        occurrence = form.occurrence()
        try:
            occurrence.full_clean(exclude=["year"])
            occurrence_save(actor=self.request.user, occurrence=occurrence, now=timezone.now())
        except ValidationError as error:
            form.add_error("date", error.messages)
            return self.refused(entered=form)
        return self.done(_("The date of “%(day)s” has been entered.") % {"day": day})

    def done(self, sentence: str):
        messages.success(self.request, sentence)
        return HttpResponseRedirect(f"{reverse('pr_admin:days_of_year')}?year={self.year}")

    def refused(self, *, status: int = 422, **context):
        return self.render_to_response(self.get_context_data(**context), status=status)


class DayChoiceView(DaysScreen):
    """The own agency's priority, audience and lead time of a national day, or that it is not observed."""

    page_title = gettext_lazy("What it means for our agency")
    header_icon = "cog"
    template_name = "pr_workflow/festival_calendar/day_choice.html"

    def dispatch(self, request, pk: int):
        self.day = get_object_or_404(entries_visible_to(request.user, ImportantDay.objects.all()), pk=pk)
        agency = agency_of(request.user)
        refusal = choice_refusal(request.user, self.day, agency)
        if agency is None or refusal:
            raise PermissionDenied(refusal)
        self.choice = choice_of(self.day, agency)
        return super().dispatch(request, pk=pk)

    def get_context_data(self, *, form=None, **kwargs):
        return super().get_context_data(
            day=self.day,
            national=agency_days([self.day], agency=None)[self.day.pk],
            agency=self.agency,
            form=form or DayChoiceForm(instance=self.choice),
            **kwargs,
        )

    def post(self, request, pk: int):
        form = DayChoiceForm(request.POST, instance=self.choice)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        agency_day_choose(actor=request.user, choice=form.save(commit=False), now=timezone.now())
        messages.success(request, _("Your choice about “%(day)s” is kept.") % {"day": self.day})
        return HttpResponseRedirect(reverse("wagtailsnippets_pr_workflow_importantday:inspect", args=[pk]))


urlpatterns = [
    path("days/", DaysOfYearView.as_view(), name="days_of_year"),
    path("days/<int:pk>/choice/", DayChoiceView.as_view(), name="day_choice"),
]
