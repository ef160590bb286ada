"""The annual PR plan: one per agency and fiscal year, approved by the director (S1 §4.1, S2 §3.3, R18–R24)."""

import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel, model_from_serializable_data
from wagtail.models import DraftStateMixin, LockableMixin, Orderable, PreviewableMixin, RevisionMixin, WorkflowMixin

from ..audit.models import AppendOnlyModel
from ..audit.services import audit_record
from ..choice_lists import ChoiceListField
from ..clock import step_now
from ..festival_calendar.models import ImportantDay
from ..gate import publication_permit, require_permit, require_plan_to_stay
from ..people.models import Agency, StaffProfile, Unit
from ..people.private_data import public_fields_guard
from ..signals import plan_approved
from ..stages import ChannelKind, MediaFormat, TargetGroup
from ..thai_time import fiscal_year_bounds, thai_date, thai_date_range

#: Fiscal years a plan can be for, in B.E.
PLAUSIBLE_YEARS = range(2480, 2701)


class AnnualPlan(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel):
    """The plan of one agency for one fiscal year (1 October to 30 September, B.E.)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, verbose_name=_("agency"), on_delete=models.PROTECT, related_name="plans")
    fiscal_year_be = models.PositiveSmallIntegerField(
        _("fiscal year (B.E.)"), help_text=_("For example 2570: from 1 October 2569 to 30 September 2570.")
    )
    title = models.CharField(_("title"), max_length=255)
    objective = models.TextField(_("objective"), blank=True)
    doc_number = models.CharField(_("letter number"), max_length=64, blank=True)
    doc_date = models.DateField(_("dated"), null=True, blank=True)

    #: What everybody reads of a plan; checked for private data (R10). Not the letter number: digits of registers make
    #: up what looks like a telephone number.
    PUBLIC_FIELDS = ("title", "objective")
    #: How the audit log names the verbs of the chain: `plan_submit`, `plan_approve`, `plan_return`.
    audit_noun = "plan"

    #: Under this name the gate knows the permits of plans.
    PERMIT_KIND = "plan"
    #: Fields whose saving alone never changes the plan in force.
    PRIVATE_FIELDS = frozenset({"latest_revision", "has_unpublished_changes", "locked", "locked_by", "locked_at"})

    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="annual_plan")
    workflow_state_rows = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="annual_plan",
        for_concrete_model=False,
    )

    class Meta:
        verbose_name = _("annual PR plan")
        verbose_name_plural = _("annual PR plans")
        ordering = ["-fiscal_year_be", "agency"]
        constraints = [models.UniqueConstraint(fields=["agency", "fiscal_year_be"], name="one_plan_per_year")]

    def __str__(self):
        if self.title.strip() or not self.agency_id:
            return self.title
        words = {"agency": self.agency, "year": self.fiscal_year_be or "–"}
        return str(_("PR plan of %(agency)s, fiscal year %(year)s (no title yet)") % words)

    @property
    def revisions(self):
        return self._revisions

    def save(self, *args, **kwargs):
        """Save as any snippet, but without the permit of its approval neither bring it into force nor take it out (I3).

        Raises `PublicationRefused` (403).
        """
        fields = kwargs.get("update_fields")
        if fields is None or not set(fields) <= self.PRIVATE_FIELDS:
            if self.live:
                require_permit(self.pk, kind=self.PERMIT_KIND)
            elif self.pk and AnnualPlan.objects.filter(pk=self.pk, live=True).exists():
                require_plan_to_stay(self.pk, kind=self.PERMIT_KIND)
        return super().save(*args, **kwargs)

    @classmethod
    def from_serializable_data(cls, data, check_fks=True, strict_fks=False):
        """The plan of a stored version; what its lines refer to is looked up together, and what is gone is left empty.

        modelcluster would ask for each reference of each line by itself: hundreds of queries for one plan.
        """
        own = {name: value for name, value in data.items() if name != "activities"}
        plan = super().from_serializable_data(own, check_fks=check_fks, strict_fks=strict_fks)
        if plan is not None and "activities" in data:
            lines = PlanActivity.without_lost_links(data["activities"]) if check_fks else data["activities"]
            plan.activities = [model_from_serializable_data(PlanActivity, line, check_fks=False) for line in lines]
        return plan

    def with_content_json(self, content):
        """A version of the plan, its lines known by their rows in the plan in force.

        A line that was new in a version has no row number there. Its `uuid` has stayed, so the approval of an amendment
        changes the row news points at instead of making another, and a comparison tells a changed line from a new one.
        """
        version = super().with_content_json(content)
        nameless = {line.uuid: line for line in version.activities.all() if line.pk is None}
        if nameless:
            rows = PlanActivity.objects.filter(plan_id=self.pk, uuid__in=nameless).values_list("uuid", "pk")
            for uuid_of_line, pk in rows:
                nameless[uuid_of_line].pk = pk
        return version

    def get_workflow(self):
        """Each agency has its own approval of the plan; the type-wide default is only the fallback."""
        if self.agency_id and self.agency.plan_workflow_id and self.agency.plan_workflow.active:
            return self.agency.plan_workflow
        return super().get_workflow()

    def clean(self):
        """The year is a plausible B.E. year and the agency has no other plan for it (R18)."""
        super().clean()
        public_fields_guard(self)
        if self.fiscal_year_be is not None and self.fiscal_year_be not in PLAUSIBLE_YEARS:
            raise ValidationError(
                {"fiscal_year_be": _("Give the fiscal year in B.E., for example 2570. The C.E. year 2027 is 2570 B.E.")}
            )
        if not self.agency_id or self.fiscal_year_be is None:
            return
        other = (
            AnnualPlan.objects.filter(agency_id=self.agency_id, fiscal_year_be=self.fiscal_year_be)
            .exclude(pk=self.pk)
            .first()
        )
        if other:
            raise ValidationError(
                {
                    "fiscal_year_be": _(
                        "%(agency)s already has a plan for fiscal year %(year)s: “%(title)s”. "
                        "Amend that plan instead of making a second one."
                    )
                    % {"agency": self.agency, "year": self.fiscal_year_be, "title": other.title}
                }
            )

    def get_preview_template(self, request, mode_name):
        """The plan as a sheet to read and print."""
        return "pr_workflow/plan/sheet.html"

    def approval_finished(self, *, workflow_state, user):
        """Called at the end of the chain: the approved revision becomes the plan in force (S2 §3.3, R22).

        The signatures are logged as `plan_approve` by the approval step; this row says which version is in force.
        """
        now, revision = step_now(), workflow_state.current_task_state.revision
        with transaction.atomic():
            with publication_permit(self.pk, kind=self.PERMIT_KIND):
                revision.publish(user=user, skip_permission_checks=True)
            audit_record(
                actor=user,
                verb="plan_in_force",
                target=self,
                now=now,
                agency=self.agency,
                data={"revision": revision.pk},
            )
            plan = type(self).objects.get(pk=self.pk)
            transaction.on_commit(lambda: plan_approved.send_robust(sender=AnnualPlan, plan=plan, actor=user, now=now))


class PlanActivity(Orderable):
    """One line of the plan: what, for whom, when, who answers for it, how it is measured (R19)."""

    #: What everybody reads of a line; checked for private data (R10).
    PUBLIC_FIELDS = ("code", "title", "mission", "indicator")

    class Origin(models.TextChoices):
        MISSION = "mission", _("By mission")
        FESTIVAL = "festival", _("By festival or important day")

    uuid = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    plan = ParentalKey(AnnualPlan, on_delete=models.CASCADE, related_name="activities")
    code = models.CharField(_("code"), max_length=32)
    title = models.CharField(_("activity"), max_length=255)
    origin = models.CharField(_("origin"), max_length=16, choices=Origin.choices, default=Origin.MISSION)
    mission = models.CharField(
        _("mission"), max_length=255, blank=True, help_text=_("The mission of the agency that the activity serves.")
    )
    important_day = models.ForeignKey(
        ImportantDay,
        verbose_name=_("important day"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="plan_activities",
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("unit or school"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="plan_activities",
        help_text=_("Whose activity it is; empty: of the whole agency."),
    )
    start = models.DateField(_("start"))
    end = models.DateField(_("end"))
    target_groups = ChoiceListField(verbose_name=_("target groups"), choices_enum=TargetGroup)
    channels = ChoiceListField(verbose_name=_("channels"), choices_enum=ChannelKind)
    media_formats = ChoiceListField(verbose_name=_("media formats"), choices_enum=MediaFormat)
    responsible_officer = models.ForeignKey(
        StaffProfile,
        verbose_name=_("responsible officer"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="plan_activities",
    )
    indicator = models.CharField(_("indicator"), max_length=255, blank=True)
    target_value = models.DecimalField(_("target value"), max_digits=12, decimal_places=2, null=True, blank=True)
    budget_baht = models.DecimalField(_("budget (baht)"), max_digits=14, decimal_places=2, default=0)

    class Meta(Orderable.Meta):
        verbose_name = _("plan activity")
        verbose_name_plural = _("plan activities")

    def __str__(self):
        return f"{self.code} {self.title}"

    @classmethod
    def without_lost_links(cls, lines: list[dict]) -> list[dict]:
        """Stored lines, with nothing where a day, officer or unit has been deleted since. Three queries."""
        for name in ("important_day", "responsible_officer", "unit"):
            model = cls._meta.get_field(name).related_model
            wanted = {line[name] for line in lines if line.get(name) is not None}
            lost = wanted - set(model.objects.filter(pk__in=wanted).values_list("pk", flat=True))
            lines = [{**line, name: None} if line.get(name) in lost else line for line in lines]
        return lines

    @property
    def agency(self):
        """The agency of the plan this line belongs to."""
        return self.plan.agency

    @property
    def period(self) -> str:
        """From when to when, for people, in B.E."""
        return thai_date_range(self.start, self.end, "short")

    def clean(self):
        """The period is the right way round and inside the plan's fiscal year; people and days are the agency's own."""
        super().clean()
        public_fields_guard(self)
        if below := [name for name in ("budget_baht", "target_value") if (getattr(self, name) or 0) < 0]:
            raise ValidationError({name: _("Give a number that is not below 0.") for name in below})
        if self.start and self.end:
            self._check_period()
        plan = getattr(self, "plan", None)
        if plan is None or not plan.agency_id:
            return
        if self.responsible_officer and self.responsible_officer.agency_id != plan.agency_id:
            raise ValidationError({"responsible_officer": _("This person belongs to another agency.")})
        if self.important_day and self.important_day.agency_id not in (None, plan.agency_id):
            raise ValidationError({"important_day": _("This important day belongs to another agency.")})
        if self.unit and self.unit.agency_id != plan.agency_id:
            raise ValidationError({"unit": _("This unit belongs to another agency.")})

    def _check_period(self) -> None:
        if self.end < self.start:
            raise ValidationError(
                {
                    "end": _(
                        "Activity %(code)s ends on %(end)s, before it starts on %(start)s. Correct one of the dates."
                    )
                    % {"code": self.code, "end": thai_date(self.end), "start": thai_date(self.start)}
                }
            )
        year = getattr(getattr(self, "plan", None), "fiscal_year_be", None)
        if year is None or year not in PLAUSIBLE_YEARS:
            return  # the plan itself says so
        first, last = fiscal_year_bounds(year)
        for field in ("start", "end"):
            if not first <= getattr(self, field) <= last:
                raise ValidationError(
                    {
                        field: _("Activity %(code)s lies outside fiscal year %(year)s (%(first)s to %(last)s).")
                        % {"code": self.code, "year": year, "first": thai_date(first), "last": thai_date(last)}
                    }
                )


class ActivityCancellation(AppendOnlyModel):
    """An activity of the plan in force does not take place, or does after all; the newest row counts (R24).

    Append-only, also in the database. The activity is known by its `uuid`, which stays over amendments and is not in
    the way when an amendment takes the line out.
    """

    class Act(models.TextChoices):
        CANCEL = "cancel", pgettext_lazy("activity of the plan", "Cancelled")
        RESUME = "resume", pgettext_lazy("activity of the plan", "Taken up again")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, verbose_name=_("agency"), on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(
        AnnualPlan, verbose_name=_("annual PR plan"), on_delete=models.PROTECT, related_name="cancellations"
    )
    activity_uuid = models.UUIDField(_("activity"), db_index=True)
    code = models.CharField(_("code"), max_length=32)
    title = models.CharField(_("activity"), max_length=255)
    act = models.CharField(_("act"), max_length=16, choices=Act.choices)
    reason = models.TextField(_("reason"))
    is_public = models.BooleanField(_("shown on the public plan"), default=True)
    public_note = models.CharField(_("what the public reads"), max_length=255, blank=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    by_name = models.CharField(_("name"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("cancellation of an activity")
        verbose_name_plural = _("cancellations of activities")
        ordering = ["at", "id"]

    def __str__(self):
        return f"{self.code} {self.title}: {self.get_act_display()}"
