"""The controlled procedure (คู่มือการปฏิบัติงาน): its code and its revisions, each in force from its day (R17, S1 header)."""

import uuid
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.documents import get_document_model_string

from ..clock import step_now
from ..thai_time import bangkok_date
from .models import Agency

FIRST_YEAR_BE, LAST_YEAR_BE = 2480, 2700


class Scope(models.TextChoices):
    """Which items run under a procedure. The keys are what the log calls them (`news_submit`, `plan_submit`)."""

    NEWS = "news", gettext_lazy("News")
    PLAN = "plan", gettext_lazy("Annual plan")
    OTHER = "other", gettext_lazy("Other work")


class Procedure(ClusterableModel):
    """A procedure of the agency by its document code (รหัสเอกสาร). News and plans have one each."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(
        Agency, verbose_name=gettext_lazy("agency"), on_delete=models.CASCADE, related_name="procedures"
    )
    code = models.CharField(gettext_lazy("document code"), max_length=64, help_text=gettext_lazy("For example PR-01."))
    title = models.CharField(gettext_lazy("title"), max_length=255)
    scope = models.CharField(gettext_lazy("counts for"), max_length=16, choices=Scope.choices, default=Scope.NEWS)

    class Meta:
        verbose_name = gettext_lazy("procedure")
        verbose_name_plural = gettext_lazy("procedures")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "code"], name="procedure_code_per_agency"),
            models.UniqueConstraint(
                fields=["agency", "scope"], condition=~models.Q(scope="other"), name="one_procedure_per_scope"
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"


class ProcedureRevision(models.Model):
    """One revision (แก้ไขครั้งที่ 2/2570): in force from its day until the next one's. Items name it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    procedure = ParentalKey(Procedure, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField(gettext_lazy("revision number"))
    year_be = models.PositiveSmallIntegerField(gettext_lazy("year (B.E.)"), help_text=gettext_lazy("For example 2570."))
    effective_on = models.DateField(gettext_lazy("in force from"))
    document = models.ForeignKey(
        get_document_model_string(),
        verbose_name=gettext_lazy("document"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = gettext_lazy("revision of a procedure")
        verbose_name_plural = gettext_lazy("revisions of procedures")
        ordering = ["-effective_on", "-year_be", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number", "year_be"], name="procedure_revision_once")
        ]

    def __str__(self):
        return _("revision %(number)s/%(year)s") % {"number": self.number, "year": self.year_be}

    def delete(self, *args, **kwargs):
        """Refuse once it has been in force: items name it. Raises `PermissionDenied`."""
        if self.effective_on <= bangkok_date(step_now()):
            raise PermissionDenied(_("A revision is never deleted, because items name it. Add the next one."))
        return super().delete(*args, **kwargs)


def procedure_revision_in_force(agency: Agency, scope: str, day: date) -> ProcedureRevision | None:
    """The revision under which items of a scope run on a day in Bangkok; None while none has been entered (R17)."""
    revisions = ProcedureRevision.objects.filter(procedure__agency=agency, procedure__scope=scope)
    if scope == Scope.OTHER:
        return None
    return revisions.filter(effective_on__lte=day).select_related("procedure").first()


def revision_in_words(revision: ProcedureRevision) -> str:
    """Code, title and revision, as papers name it."""
    return f"{revision.procedure} ({revision})"
