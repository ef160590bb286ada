"""The editor form of a news page: keeps drafts free, holds submissions to the rules."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from ..clock import step_now
from ..editor_forms import SafeChoosers
from ..festival_calendar.models import ImportantDay
from ..festival_calendar.selectors import entries_visible_to
from ..people.models import StaffProfile
from ..people.selectors import agency_of, rows_visible_to
from ..plan.models import PlanActivity
from ..signals import news_readiness_asked
from ..thai_time import ThaiDateField, bangkok_date
from .borrowed import borrowed_media, borrowed_problems
from .readiness import Problem, submission_problems

#: Buttons that hand the item on; anything else only saves a draft.
SUBMITTING = ("action-submit", "action-restart-workflow", "action-workflow-action")


class NewsPageForm(SafeChoosers, WagtailAdminPageForm):
    """Offers only people and activities of the writer's own agency (I5), and checks a submission (R31)."""

    data: Any

    event_date = ThaiDateField(
        label=_("Date of the event"), required=False, help_text=_("In B.E., for example 13/4/2570.")
    )

    review_on = ThaiDateField(
        label=_("Look at again on"),
        required=False,
        help_text=_("When somebody looks whether the page is still right; empty: a year after it went live."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        user = self.for_user
        if user is None:
            return
        people = rows_visible_to(user, StaffProfile.objects.in_office())
        for name in ("responsible_officer", "news_giver", "stakeholders"):
            if name in self.fields:
                self.fields[name].queryset = people
        if "disclosure" in self.fields:
            # An old form that does not know the field leaves it as it is.
            self.fields["disclosure"].required = False
        if "plan_activity" in self.fields:
            activities = PlanActivity.objects.select_related("plan")
            self.fields["plan_activity"].queryset = rows_visible_to(user, activities, field="plan__agency")
        if "important_day" in self.fields:
            self.fields["important_day"].queryset = entries_visible_to(user, ImportantDay.objects.all())

    def clean_disclosure(self):
        """The chosen class; without a choice the item keeps the one it has."""
        return self.cleaned_data["disclosure"] or self.instance.disclosure

    def clean_review_on(self):
        """A new date lies ahead; one that was set before and has come stays as it is (R51)."""
        day = self.cleaned_data["review_on"]
        if day and "review_on" in self.changed_data and day <= bangkok_date(step_now()):
            raise ValidationError(_("This day has passed. Choose a day after today, or leave the field empty."))
        return day

    @property
    def is_submission(self) -> bool:
        """Is one of the buttons pressed that hand the item on?"""
        return any(name in self.data for name in SUBMITTING)

    def _post_clean(self):
        super()._post_clean()
        agency = agency_of(self.for_user) if self.for_user else None
        if agency and (borrowed := borrowed_media(self.instance, agency)):
            self._report(borrowed_problems(borrowed))
            self._forget_choice_of({str(row.pk) for row in borrowed})
        if not self.is_submission:
            return
        problems = submission_problems(self.instance, now=step_now())
        found: Any
        for _receiver, found in news_readiness_asked.send(
            sender=type(self.instance), page=self.instance, parent=self.parent_page, user=self.for_user
        ):
            problems.extend(found or [])
        self._report(problems)

    def _forget_choice_of(self, keys: set[str]) -> None:
        """Show the form again without the files of another agency: even their names are not told (I5)."""
        shown: Any = self.data.copy()
        for name in list(shown):
            if name.endswith(("-image", "-document")) and shown[name] in keys:
                shown[name] = ""
        self.data = shown

    def _report(self, problems: list[Problem]) -> None:
        for problem in problems:
            if problem.field == "expire_at" and self.has_error("expire_at"):
                continue  # the form of the schedule has said it already
            self.add_error(problem.field if problem.field in self.fields else None, problem.message)
