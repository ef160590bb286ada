"""Records of the approval step: who sealed which content, and the clock of each step."""

import uuid

import swapper
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..audit.models import AppendOnlyModel
from ..choice_lists import ChoiceListField
from ..clocks.models import ClockedModel
from ..news.models import NewsType
from ..people.models import Agency, Delegation
from ..people.procedures import ProcedureRevision
from ..people.roles import CHAIN

PAGE_MODEL = swapper.get_model_name("wagtailcore", "Page")


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
    delegation = models.ForeignKey(
        Delegation,
        verbose_name=_("delegation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="seals",
    )
    capacity = models.CharField(
        _("capacity"), max_length=500, blank=True, help_text=_("In whose place it was signed, as it is printed.")
    )
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


class Lane(models.TextChoices):
    """The way an item takes through its consideration."""

    NORMAL = "normal", _("Usual chain")
    FAST = "fast", _("Fast lane")
    CORRECTION = "correction", _("Small correction: owner and checker")


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
    steps = models.JSONField(
        _("steps"), help_text=_("Number and name of each step, in order; a skipped one with its reason.")
    )
    lane = models.CharField(_("lane"), max_length=20, choices=Lane.choices, default=Lane.NORMAL)
    procedure_revision = models.ForeignKey(
        ProcedureRevision,
        verbose_name=_("procedure"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("The revision in force when it was submitted; empty when the agency had entered none (R17)."),
    )

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


class StepDeadline(ClockedModel):
    """The clock of one approval step: one working day by S1 (R48). Written beside Wagtail's TaskState."""

    CLOCK_STARTS = "started_at"
    CLOCK_ENDS = ("finished_at",)

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

    @property
    def clock_subject(self):
        """The version that is being considered."""
        return self.task_state.revision.as_object()

    def __str__(self):
        return f"{self.task_state_id}: {self.due_at:%Y-%m-%d %H:%M}"


class ChainRule(models.Model):
    """Which chain an item of this section or type goes through; the first that fits decides (R05, R34)."""

    #: Rules of the office, no personal data: the log keeps old and new values.
    LOGS_VALUES = True

    agency = models.ForeignKey(Agency, verbose_name=_("agency"), on_delete=models.CASCADE, related_name="chain_rules")
    name = models.CharField(_("name"), max_length=255)
    order = models.PositiveSmallIntegerField(_("order"), default=0, help_text=_("The lowest that fits decides."))
    section = models.ForeignKey(
        PAGE_MODEL,
        verbose_name=_("section"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("Items in and below this page; empty: everywhere."),
    )
    news_types = ChoiceListField(verbose_name=_("types of news"), choices_enum=NewsType)
    workflow = models.ForeignKey(
        "wagtailcore.Workflow", verbose_name=_("chain"), on_delete=models.PROTECT, related_name="+"
    )
    lane = models.CharField(_("lane"), max_length=20, choices=Lane.choices, default=Lane.NORMAL)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("choice of a chain")
        verbose_name_plural = _("choices of chains")
        ordering = ["agency", "order", "id"]

    def __str__(self):
        return self.name


class StepSkipRule(models.Model):
    """When a level is left out, and why; the reason stands in the log and on the form (R05, S1 §4.3 the slash)."""

    #: Rules of the office, no personal data: the log keeps old and new values.
    LOGS_VALUES = True

    class When(models.TextChoices):
        ALWAYS = "always", _("Always")
        VACANT = "vacant", _("While nobody holds the role")
        OWN_ITEM = "own_item", _("When the only holder of the role wrote the item")

    agency = models.ForeignKey(Agency, verbose_name=_("agency"), on_delete=models.CASCADE, related_name="skip_rules")
    role = models.CharField(_("level"), max_length=32, choices=[(role.value, role.label) for role in CHAIN])
    when = models.CharField(_("when"), max_length=16, choices=When.choices)
    news_types = ChoiceListField(verbose_name=_("types of news"), choices_enum=NewsType)
    reason = models.CharField(_("reason"), max_length=500)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("rule for skipping a level")
        verbose_name_plural = _("rules for skipping levels")
        ordering = ["agency", "role", "id"]

    def __str__(self):
        return f"{self.get_role_display()}: {self.get_when_display()}"


class ReadingMark(models.Model):
    """Which version of an item a person saw last, so that the next look shows what changed since (R38).

    `previous` is the version seen before that one: whoever opens the same version twice still sees what changed.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    content_type = models.ForeignKey("contenttypes.ContentType", on_delete=models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=255)
    revision = models.ForeignKey("wagtailcore.Revision", on_delete=models.CASCADE, related_name="+")
    previous = models.ForeignKey("wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+")
    content_hash = models.CharField(max_length=64, blank=True)
    read_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reading mark")
        verbose_name_plural = _("reading marks")
        constraints = [
            models.UniqueConstraint(fields=["user", "content_type", "object_id"], name="one_mark_per_reader")
        ]

    def __str__(self):
        return f"{self.user_id} {self.revision_id}"


class ReturnReason(AppendOnlyModel):
    """Why an item came back, for one field; an empty field means the item as a whole (R38, R39)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    task_state = models.ForeignKey("wagtailcore.TaskState", on_delete=models.PROTECT, related_name="return_reasons")
    field = models.CharField(_("field"), max_length=64, blank=True)
    text = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("reason of a return")
        verbose_name_plural = _("reasons of returns")
        ordering = ["id"]

    def __str__(self):
        return f"{self.field}: {self.text[:50]}"


class ApprovalWithdrawal(AppendOnlyModel):
    """An approval given up before its version went live: who, when and why (R39, R43). Its signatures count no more.

    Without an account the system did it: the item expired while it waited to be posted.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("agency"))
    workflow_state = models.OneToOneField(
        "wagtailcore.WorkflowState", on_delete=models.PROTECT, related_name="withdrawal", verbose_name=_("chain")
    )
    revision = models.OneToOneField(
        "wagtailcore.Revision", on_delete=models.PROTECT, related_name="withdrawal", verbose_name=_("revision")
    )
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_by_name = models.CharField(_("name"), max_length=255, blank=True)
    withdrawn_by_position = models.CharField(_("position"), max_length=255, blank=True)
    capacity = models.CharField(_("capacity"), max_length=500, blank=True)
    reason = models.TextField(_("reason"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"))

    class Meta:
        verbose_name = _("withdrawal of an approval")
        verbose_name_plural = _("withdrawals of approvals")
        ordering = ["withdrawn_at", "id"]

    def __str__(self):
        return f"{self.revision_id} {self.withdrawn_by_name}"
