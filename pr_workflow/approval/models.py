"""Records of the approval step: who sealed which content, and the clock of each step."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..audit.models import AppendOnlyModel
from ..people.models import Agency


class ApprovalSeal(AppendOnlyModel):
    """One signature: a person approved exactly this content at one step (promise I3, R37, R40)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("agency"))
    task_state = models.OneToOneField(
        "wagtailcore.TaskState", on_delete=models.PROTECT, related_name="seal", verbose_name=_("approval step")
    )
    workflow_state = models.ForeignKey(
        "wagtailcore.WorkflowState", on_delete=models.PROTECT, related_name="seals", verbose_name=_("chain")
    )
    task = models.ForeignKey("wagtailcore.Task", on_delete=models.PROTECT, related_name="+", verbose_name=_("step"))
    revision = models.ForeignKey(
        "wagtailcore.Revision", on_delete=models.PROTECT, related_name="seals", verbose_name=_("revision")
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("approver")
    )
    approver_name = models.CharField(_("name"), max_length=255)
    approver_position = models.CharField(_("position"), max_length=255, blank=True)
    content_hash = models.CharField(_("content hash"), max_length=64)
    comment = models.TextField(_("comment"), blank=True)
    sealed_at = models.DateTimeField(_("approved at"))

    class Meta:
        verbose_name = _("approval seal")
        verbose_name_plural = _("approval seals")
        ordering = ["sealed_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["workflow_state", "revision", "task"], name="one_seal_per_step"),
            models.UniqueConstraint(fields=["workflow_state", "revision", "approver"], name="one_step_per_person"),
        ]

    def __str__(self):
        return f"{self.task} · {self.approver_name}"


class Submission(AppendOnlyModel):
    """What was submitted, by whom, and which steps it must pass: kept as it was then (R05, R36).

    The chain of an agency may be changed while an item waits in it; the item still needs every signature it was
    submitted for.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("agency"))
    workflow_state = models.ForeignKey(
        "wagtailcore.WorkflowState", on_delete=models.PROTECT, related_name="submissions"
    )
    revision = models.ForeignKey("wagtailcore.Revision", on_delete=models.PROTECT, related_name="submissions")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(_("submitted at"))
    steps = models.JSONField(_("steps"), help_text=_("Number and name of each step, in order."))

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [models.UniqueConstraint(fields=["workflow_state", "revision"], name="submitted_once")]

    def __str__(self):
        return f"{self.revision_id} {self.submitted_at:%Y-%m-%d %H:%M}"


class StepDeadlineQuerySet(models.QuerySet):
    """Clocks by state."""

    def running(self):
        return self.filter(finished_at__isnull=True)

    def overdue(self, now):
        return self.running().filter(due_at__lt=now)


class StepDeadline(models.Model):
    """The clock of one approval step: one working day by S1 (R48). Written beside Wagtail's TaskState."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("agency"))
    task_state = models.OneToOneField("wagtailcore.TaskState", on_delete=models.CASCADE, related_name="deadline")
    started_at = models.DateTimeField(_("started"))
    due_at = models.DateTimeField(_("due"), db_index=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = StepDeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("step deadline")
        verbose_name_plural = _("step deadlines")

    def __str__(self):
        return f"{self.task_state_id}: {self.due_at:%Y-%m-%d %H:%M}"
