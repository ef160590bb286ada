"""How long a step may take, and when its clock stands still (S1 §3, S2 §3, R25, R35, R48)."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..people.models import Agency


class ClockStep(models.TextChoices):
    """The steps that have a clock, in the order of the flow."""

    APPOINTING = "appointing", _("Appointment of a working group")
    PLAN = "plan", _("Consideration of the annual plan")
    APPROVAL = "approval", _("Consideration of news, each level")
    APPROVAL_FAST = "approval_fast", _("Consideration in the fast lane, each level")
    POSTING = "posting", _("Posting")
    POSTING_FAST = "posting_fast", _("Posting in the fast lane")
    VERIFICATION = "verification", _("Check after posting")
    CORRECTION = "correction", _("Correction")
    CONFIRMATION = "confirmation", _("Confirmation of an emergency publication")
    ARCHIVE = "archive", _("Archiving")


class LimitUnit(models.TextChoices):
    """What a limit counts."""

    WORKING_DAYS = "working_days", _("working days")
    OFFICE_HOURS = "office_hours", _("office hours")
    MINUTES = "minutes", _("minutes")


class StepLimit(models.Model):
    """An agency's own limit for a step; without one the manuals' table counts (`clocks.limits`)."""

    #: Rules of the office, no personal data: the log keeps old and new values.
    LOGS_VALUES = True

    agency = models.ForeignKey(Agency, verbose_name=_("agency"), on_delete=models.CASCADE, related_name="step_limits")
    step = models.CharField(_("step"), max_length=20, choices=ClockStep.choices)
    value = models.PositiveIntegerField(_("limit"), validators=[MinValueValidator(1)])
    unit = models.CharField(_("unit"), max_length=16, choices=LimitUnit.choices, default=LimitUnit.WORKING_DAYS)

    class Meta:
        verbose_name = _("time limit of a step")
        verbose_name_plural = _("time limits of the steps")
        ordering = ["agency", "step"]
        constraints = [models.UniqueConstraint(fields=["agency", "step"], name="one_limit_per_step")]

    def __str__(self):
        return f"{self.get_step_display()}: {self.value} {self.get_unit_display()}"


class ClockedModel(models.Model):
    """A record with a clock. The limit is kept as it was when the clock began; `due_at` follows from it.

    A class names its own fields for the start and the end of its clock; `due_at` is recomputed when the office
    calendar changes or a pause ends (R25).
    """

    #: Names of the fields that hold the start and, one after another, what ends the clock.
    CLOCK_STARTS: ClassVar[str]
    CLOCK_ENDS: ClassVar[tuple[str, ...]]

    clock_step = models.CharField(_("clock"), max_length=20, choices=ClockStep.choices, default=ClockStep.APPROVAL)
    limit_value = models.PositiveIntegerField(_("limit"), default=1)
    limit_unit = models.CharField(_("unit"), max_length=16, choices=LimitUnit.choices, default=LimitUnit.WORKING_DAYS)
    is_urgent = models.BooleanField(
        _("urgent"), default=False, help_text=_("Reminders are sent on days off too, and nothing waits before it.")
    )

    class Meta:
        abstract = True

    @property
    def clock_subject(self) -> Any:
        """What the clock is about, as the log and the reminders name it: the news item or the plan."""
        page = getattr(self, "page", None)
        return getattr(page, "specific", page) or self


class ClockPause(models.Model):
    """A time in which a clock stood still, because somebody else had to answer first (R35). Shown and logged."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, verbose_name=_("agency"), on_delete=models.PROTECT, related_name="+")
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    clocked = GenericForeignKey("content_type", "object_id")
    waiting_for = models.CharField(_("waiting for"), max_length=255)
    reason = models.TextField(_("reason"))
    expected_on = models.DateField(
        _("expected on"), null=True, help_text=_("On the day after, the clock runs again by itself.")
    )
    paused_at = models.DateTimeField(_("paused at"))
    paused_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    resumed_at = models.DateTimeField(_("resumed at"), null=True, blank=True)
    resumed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("pause of a clock")
        verbose_name_plural = _("pauses of clocks")
        ordering = ["paused_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"],
                condition=models.Q(resumed_at__isnull=True),
                name="one_running_pause",
            )
        ]

    def __str__(self):
        return f"{self.waiting_for} {self.paused_at:%Y-%m-%d %H:%M}"
