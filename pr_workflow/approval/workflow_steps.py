"""Wagtail's workflow tasks as our steps: every button, form and API call that decides a step ends here."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, TaskState

from ..clock import step_now
from ..people.models import StaffProfile
from ..people.selectors import groups_acted_in
from .decision_words import decision_words
from .entering import round_renew, step_skip_record, submission_ensure
from .errors import ApprovalRefused
from .forms import ApprovalCommentForm, ReturnReasonForm
from .return_parts import WHOLE, reasons_summary
from .selectors import refusal_to_decide, refusal_to_sign
from .services import step_return, step_sign, step_start
from .withdrawing import step_cancel


class LevelTaskState(TaskState):
    """One person's decision at one level. Approving seals the content first, so no path can skip the seal (I3)."""

    @transaction.atomic
    def approve(self, user=None, update=True, comment=""):
        """Seal, then let Wagtail move on. Raises `ApprovalRefused` (403) when this person may not sign."""
        step_sign(actor=user, task_state=self, comment=comment, now=step_now())
        return super().approve(user=user, update=update, comment=comment)

    @transaction.atomic
    def reject(self, user=None, update=True, comment="", field_reasons=None):
        """Return with a reason for the whole, for parts of the item, or both. Raises `ApprovalRefused` without any."""
        reasons = {**(field_reasons or {}), WHOLE: comment}
        step_return(actor=user, task_state=self, reasons=reasons, now=step_now())
        summary = reasons_summary(
            self.revision.as_object(), {part: text.strip() for part, text in reasons.items() if text.strip()}
        )
        return super().reject(user=user, update=update, comment=summary)

    @transaction.atomic
    def cancel(self, user=None, resume=False, comment=""):
        """Withdraw the step and stop its clock."""
        step_cancel(actor=user, task_state=self, now=step_now())
        return super().cancel(user=user, resume=resume, comment=comment)

    class Meta:
        verbose_name = _("decision at a level")
        verbose_name_plural = _("decisions at a level")


class LevelApprovalTask(AbstractGroupApprovalTask):
    """A level of the chain (หัวหน้างาน, หัวหน้าฝ่าย, ผู้อำนวยการ), filled by the members of its groups (S1 §4.3, R05)."""

    task_state_class = LevelTaskState
    #: An approval at this kind of step is a sealed signature; a chain of other kinds is refused at submission (I3).
    SEALS = True

    @transaction.atomic
    def start(self, workflow_state, user=None):
        """Start the first level that has not signed the newest version, whichever level Wagtail asked for.

        After a return Wagtail would resume at the level that returned it; the manual's order begins at the first.
        """
        round_renew(actor=user, workflow_state=workflow_state)
        self._submit(workflow_state, user)
        first = workflow_state.get_next_task()
        if first and first.pk != self.pk:
            return first.specific.start(workflow_state, user=user)
        is_first = not self._states_of_this_version(workflow_state).exclude(status=TaskState.STATUS_SKIPPED).exists()
        task_state = super().start(workflow_state, user=user)
        step_start(actor=user, task_state=task_state, is_first=is_first, now=step_now())
        return task_state

    @staticmethod
    def _states_of_this_version(workflow_state):
        return workflow_state.task_states.filter(revision=workflow_state.content_object.get_latest_revision())

    def _submit(self, workflow_state, user):
        """Keep the submission; a level its rules leave out gets a state of its own, so that Wagtail moves on."""
        now = step_now()
        submission = submission_ensure(actor=user, workflow_state=workflow_state, now=now)
        if self._states_of_this_version(workflow_state).exists():
            return
        content = submission.revision.as_object()
        for step in submission.steps:
            if step.get("skipped"):
                LevelTaskState.objects.create(
                    workflow_state=workflow_state,
                    revision=submission.revision,
                    task_id=step["task"],
                    status=TaskState.STATUS_SKIPPED,
                    finished_at=now,
                    comment=step["skipped"],
                )
                step_skip_record(actor=user, content=content, submission=submission, step=step, now=now)

    def _current_state(self, obj):
        state = obj.current_workflow_task_state
        return state if state and state.task_id == self.pk else None

    def get_actions(self, obj, user):
        """Approve and return, only for somebody who may sign; a superuser is nobody special here (R37)."""
        state = self._current_state(obj)
        if state is None or refusal_to_decide(state, user):
            return []
        if refusal_to_sign(state, user):
            return [("reject", _("Return for correction"), True)]
        words = decision_words(state)
        return [
            ("reject", _("Return for correction"), True),
            ("approve", words.button, False),
            ("approve", words.with_comment, True),
        ]

    def get_form_for_action(self, action):
        """A return asks for its reason, an approval may carry a comment."""
        return ReturnReasonForm if action == "reject" else ApprovalCommentForm

    @transaction.atomic
    def on_action(self, task_state, user, action_name, **kwargs):
        """Decide the step. The editor posts unchecked form data here, so the form is applied again.

        Raises `ApprovalRefused` for an action that does not exist or data that does not fit.
        """
        if action_name not in ("approve", "reject"):
            raise ApprovalRefused(_("This action does not exist at this step."))
        form = self.get_form_for_action(action_name)({"comment": kwargs.get("comment", "")})
        if not form.is_valid():
            raise ApprovalRefused(" ".join(form.errors["comment"]))
        return super().on_action(task_state, user, action_name, comment=form.cleaned_data["comment"])

    def _user_in_groups(self, user):
        """Wagtail's own question, answered for those who act for a member too (R06)."""
        return self.groups.filter(pk__in=groups_acted_in(user).values("pk")).exists()

    def user_can_access_editor(self, obj, user):
        """Members of the level may open the item to read it; superusers keep their own way in."""
        return self._user_in_groups(user)

    def locked_for_user(self, obj, user):
        """Nobody edits while the item is considered: a change would void the signatures. Return or withdraw it."""
        return True

    def user_can_lock(self, obj, user):
        """No manual lock on top of the lock of the step."""
        return False

    def get_task_states_user_can_moderate(self, user, **kwargs):
        """Steps waiting for this person, for the dashboard; none of another agency (I5)."""
        if self._user_in_groups(user):
            elsewhere = StaffProfile.objects.filter(user=user).exclude(agency=OuterRef("deadline__agency"))
            return self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS).exclude(Exists(elsewhere))
        return TaskState.objects.none()

    class Meta:
        verbose_name = _("approval by a level")
        verbose_name_plural = _("approvals by levels")
