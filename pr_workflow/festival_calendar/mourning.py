"""Periods of mourning: a dated setting that warns about festive work and blocks nothing (R20)."""

import uuid
from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ..people.models import Agency
from ..thai_time import thai_date_range
from .models import AgencyScoped, ImportantDay, Tone


class MourningPeriod(models.Model):
    """From when to when an agency, or the whole country (no agency), mourns, by which announcement.

    A period that ends early is given its new last day; one entered by mistake is taken out of use. Rows stay, so that a
    warning somebody once saw can be explained.
    """

    #: Rules of the office, no personal data: the log keeps old and new values.
    LOGS_VALUES = True

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(
        "pr_workflow.Agency",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="mourning_periods",
        verbose_name=gettext_lazy("agency"),
        help_text=gettext_lazy("Empty: the whole country."),
    )
    first = models.DateField(gettext_lazy("first day"))
    last = models.DateField(gettext_lazy("last day"))
    reason = models.CharField(gettext_lazy("reason"), max_length=255)
    reference_no = models.CharField(
        gettext_lazy("reference number"), max_length=100, help_text=gettext_lazy("Announcement or order.")
    )
    active = models.BooleanField(gettext_lazy("in use"), default=True)

    objects = AgencyScoped.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("setting", "period of mourning")
        verbose_name_plural = pgettext_lazy("setting", "periods of mourning")
        ordering = ["-first", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="pr_mourning_right_way_round")
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.dates}"

    @property
    def dates(self) -> str:
        """From when to when, for people, in B.E."""
        return thai_date_range(self.first, self.last, "short")

    def clean(self):
        super().clean()
        if self.first and self.last and self.last < self.first:
            raise ValidationError({"last": _("The period ends before it starts. Correct one of the two days.")})


def mourning_between(first: date, last: date, *, agency: Agency | None) -> list[MourningPeriod]:
    """The periods in use that touch first to last (both included): national ones and the agency's own. One query."""
    rows = MourningPeriod.objects.visible_to(agency).filter(active=True, first__lte=last, last__gte=first)
    return list(rows.order_by("first", "pk"))


def is_festive(day: ImportantDay | None) -> bool:
    """Whether work on this day would be out of place while the country or the agency mourns."""
    return day is not None and day.tone == Tone.FESTIVE


def mourning_warnings(
    day: ImportantDay | None, spans: Iterable[tuple[date, date]], periods: Iterable[MourningPeriod]
) -> list[str]:
    """One sentence for each period that a festive day's work falls into; none for days of another tone.

    Args: spans, the dates of the work, both ends included; periods, those that may be touched (`mourning_between`).
    """
    if day is None or not is_festive(day):
        return []
    dates = list(spans)
    return [
        _(
            "“%(day)s” is a festive day and falls into the period of mourning %(dates)s (%(reason)s, %(reference)s). "
            "Check whether and how it is held."
        )
        % {
            "day": day.name_th,
            "dates": period.dates,
            "reason": period.reason,
            "reference": period.reference_no,
        }
        for period in periods
        if any(start <= period.last and end >= period.first for start, end in dates)
    ]
