"""The editor form of a news page: keeps drafts free, holds submissions to the rules."""

from wagtail.admin.forms import WagtailAdminPageForm

from ..people.models import StaffProfile
from ..people.selectors import rows_visible_to
from ..plan.models import PlanActivity
from ..signals import news_readiness_asked
from .readiness import news_problems

#: Buttons that hand the item on; anything else only saves a draft.
SUBMITTING = ("action-submit", "action-restart-workflow", "action-workflow-action")


class NewsPageForm(WagtailAdminPageForm):
    """Offers only people and activities of the writer's own agency (I5), and checks a submission (R31)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        user = self.for_user
        if user is None:
            return
        if "responsible_officer" in self.fields:
            people = StaffProfile.objects.filter(active=True)
            self.fields["responsible_officer"].queryset = rows_visible_to(user, people)
        if "plan_activity" in self.fields:
            activities = PlanActivity.objects.select_related("plan")
            self.fields["plan_activity"].queryset = rows_visible_to(user, activities, field="plan__agency")

    @property
    def is_submission(self) -> bool:
        """Is one of the buttons pressed that hand the item on?"""
        return any(name in self.data for name in SUBMITTING)

    def _post_clean(self):
        super()._post_clean()
        if not self.is_submission:
            return
        problems = list(news_problems(self.instance))
        for _receiver, found in news_readiness_asked.send(
            sender=type(self.instance), page=self.instance, parent=self.parent_page, user=self.for_user
        ):
            problems.extend(found or [])
        for problem in problems:
            self.add_error(problem.field if problem.field in self.fields else None, problem.message)
