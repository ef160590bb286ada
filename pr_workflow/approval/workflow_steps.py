"""Wagtail's workflow tasks as our steps: every button, form and API call that decides a step ends here."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, TaskState

from ..clock import step_now
from .forms import ApprovalCommentForm, ReturnReasonForm
from .selectors import refusal_to_decide, refusal_to_sign
from .services import ApprovalRefused, round_renew, step_cancel, step_return, step_sign, step_start, submission_guard


class LevelTaskState(TaskState):
    """One person's decision at one level. Approving seals the content first, so no path can skip the seal (I3)."""

    @transaction.atomic
    def approve(self, user=None, update=True, comment=""):
        """Seal, then let Wagtail move on. Raises `ApprovalRefused` (403) when this person may not sign."""
        step_sign(actor=user, task_state=self, comment=comment, now=step_now())
        return super().approve(user=user, update=update, comment=comment)

    @transaction.atomic
    def reject(self, user=None, update=True, comment=""):
        """Return with a reason. Raises `ApprovalRefused` without one."""
        step_return(actor=user, task_state=self, reason=comment, now=step_now())
        return super().reject(user=user, update=update, comment=comment)

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

    @transaction.atomic
    def start(self, workflow_state, user=None):
        """Start the first level that has not signed the newest version, whichever level Wagtail asked for.

        After a return Wagtail would resume at the level that returned it; the manual's order begins at the first.
        """
        round_renew(actor=user, workflow_state=workflow_state)
        first = workflow_state.get_next_task()
        if first and first.pk != self.pk:
            return first.specific.start(workflow_state, user=user)
        is_first = not workflow_state.successful_task_states.exists()
        if is_first:
            submission_guard(self._content(workflow_state), workflow_state.workflow)
        task_state = super().start(workflow_state, user=user)
        step_start(actor=user, task_state=task_state, is_first=is_first, now=step_now())
        return task_state

    @staticmethod
    def _content(workflow_state):
        return workflow_state.content_object.get_latest_revision_as_object()

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
        return [
            ("reject", _("Return for correction"), True),
            ("approve", _("Approve"), False),
            ("approve", _("Approve with comment"), True),
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
        """Steps waiting for this person, for the dashboard."""
        if self._user_in_groups(user):
            return self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        return TaskState.objects.none()

    class Meta:
        verbose_name = _("approval by a level")
        verbose_name_plural = _("approvals by levels")
