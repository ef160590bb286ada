"""The working group appointed by order (คำสั่งแต่งตั้งคณะทำงาน, S2 §3.1): drafted, then appointed within its clock."""

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.documents import get_document_model_string

from ..clock import step_now
from ..clocks.models import ClockedModel
from ..people.models import Agency, StaffProfile
from ..thai_time import bangkok_date


class Kind(models.TextChoices):
    """What a working group is for. Of one kind only one is in office at a time, special ones excepted."""

    PR = "pr", _("Public relations; signs the weekly report")
    NETWORK = "network", _("PR network")
    MEDIA = "media", _("Media production")
    SPECIAL = "special", _("Special task; several may be in office")


class MemberRole(models.TextChoices):
    """The seat of a member, as the order names it."""

    CHAIR = "chair", _("Chair")
    VICE_CHAIR = "vice_chair", _("Vice chair")
    ADVISER = "adviser", _("Adviser")
    MEMBER = "member", _("Member")
    SECRETARY = "secretary", _("Member and secretary")


class Standing(models.TextChoices):
    """Where a working group is, by what was done and by the calendar of today."""

    DRAFT = "draft", _("Draft")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    COMING = "coming", _("Appointed, not yet in office")
    IN_OFFICE = "in_office", _("In office")
    OVER = "over", _("Term over")


class WorkingGroupQuerySet(models.QuerySet):
    """Working groups by what was done and by date (Asia/Bangkok)."""

    def delete(self):
        """Refuse: reports and orders name it. A draft is withdrawn."""
        raise PermissionDenied(_("A working group is never deleted. Withdraw the draft, or end its term."))

    def drafts(self):
        return self.filter(appointed_at__isnull=True, withdrawn_at__isnull=True)

    def overlapping(self, first: date, last: date | None):
        """Appointed ones that share a day with a term; None as the last day means without an end."""
        rows = self.filter(appointed_at__isnull=False).exclude(ends_on__lt=first)
        return rows if last is None else rows.filter(starts_on__lte=last)

    def in_force(self, day: date):
        """Appointed and in office on a day; both ends count."""
        return self.overlapping(day, day)


class WorkingGroup(ClockedModel, ClusterableModel):
    """A working group: its order, term and members (R01). From its draft on one working day runs to appoint it (R02).

    Where it stands follows from the moments kept here; no status is stored beside them.
    """

    CLOCK_STARTS = "drafted_at"
    CLOCK_ENDS = ("appointed_at", "withdrawn_at")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(
        Agency, verbose_name=_("agency"), on_delete=models.CASCADE, related_name="working_groups"
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.PR)
    title = models.CharField(_("title"), max_length=255)
    order_number = models.CharField(
        _("order number"), max_length=64, blank=True, help_text=_("For example 12/2570. Needed to appoint the group.")
    )
    order_date = models.DateField(_("dated"), null=True, blank=True)
    starts_on = models.DateField(_("in office from"), null=True, blank=True)
    ends_on = models.DateField(_("in office until"), null=True, blank=True)
    scan = models.ForeignKey(
        get_document_model_string(),
        verbose_name=_("scan of the order"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    duties = models.JSONField(_("duties"), default=list, blank=True)
    drafted_at = models.DateTimeField(_("drafted at"))
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField(_("due"), db_index=True)
    appointed_at = models.DateTimeField(_("appointed at"), null=True, blank=True)
    appointed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    end_reason = models.CharField(_("reason for the earlier end"), max_length=500, blank=True)

    objects = WorkingGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("working group")
        verbose_name_plural = _("working groups")
        ordering = ["-drafted_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "order_number"], condition=~models.Q(order_number=""), name="order_per_agency"
            )
        ]

    def __str__(self):
        return self.title

    def delete(self, *args, **kwargs):
        """Refuse: reports and orders name it. Raises `PermissionDenied`."""
        raise PermissionDenied(_("A working group is never deleted. Withdraw the draft, or end its term."))

    @property
    def is_draft(self) -> bool:
        return self.appointed_at is None and self.withdrawn_at is None

    @property
    def standing(self) -> Standing:
        """Where the group is today."""
        if self.appointed_at is None:
            return Standing.WITHDRAWN if self.withdrawn_at else Standing.DRAFT
        today = bangkok_date(step_now())
        if self.starts_on and self.starts_on > today:
            return Standing.COMING
        return Standing.OVER if self.ends_on and self.ends_on < today else Standing.IN_OFFICE


class WorkingGroupMember(models.Model):
    """A person's seat in a working group."""

    group = ParentalKey(WorkingGroup, on_delete=models.CASCADE, related_name="members")
    staff = models.ForeignKey(StaffProfile, verbose_name=_("person"), on_delete=models.PROTECT, related_name="seats")
    role = models.CharField(_("role"), max_length=64, choices=MemberRole.choices, default=MemberRole.MEMBER)
    order = models.PositiveSmallIntegerField(_("order"), default=0, editable=False)

    #: Wagtail's inline forms keep the order here.
    sort_order_field = "order"

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["group", "staff"], name="one_seat_per_person")]

    def __str__(self):
        return f"{self.staff} · {self.get_role_display()}"


def seats_of(group: Any) -> list[WorkingGroupMember]:
    """The members of a group with their people, in the order of the order."""
    return list(WorkingGroupMember.objects.filter(group=group).select_related("staff__user", "staff__unit"))
