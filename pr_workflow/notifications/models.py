"""What people are told, once each, and how they want to be told (R72)."""

import uuid
from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..clock import step_now
from ..thai_time import bangkok_date
from ..time_in_office import acts_on


class NoticeQuerySet(models.QuerySet):
    """Notices by what is still to be done with them."""

    def to_mail(self, now):
        """Not mailed, not given up, and no back-off or quiet time is running."""
        waiting = self.filter(mailed_at__isnull=True, mail_dropped_at__isnull=True)
        return waiting.filter(Q(mail_after__isnull=True) | Q(mail_after__lte=now))

    def unread(self):
        return self.filter(read_at__isnull=True)

    def still_theirs(self):
        """Of the agency the recipient works for now, and is in office: who has left, or moved to another one, is told
        nothing of the old (I5, R10)."""
        place = "recipient__staff_profile"
        here = Q(**{f"{place}__isnull": True}) | Q(agency=F(f"{place}__agency"))
        return self.filter(here, acts_on(bangkok_date(step_now()), "recipient__"))

    def to_plan_anew(self, user, now):
        """A person's notices that wait for a better hour, not for a mail server or a worker."""
        return self.filter(
            recipient=user, mailed_at__isnull=True, mail_dropped_at__isnull=True, mail_after__gt=now, mail_attempts=0
        )

    def given_up(self):
        """Never mailed although they should have been, with the reason."""
        return self.filter(mail_dropped_at__isnull=False).exclude(mail_error="")


class Notice(models.Model):
    """One sentence to one person about one event, with the address where it can be answered.

    Written in the transaction of the event; the mail is sent by a job after the commit, so that a dead mail server
    never breaks a verb. `key` names the event: nobody is told the same thing twice.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(
        "pr_workflow.Agency", verbose_name=_("agency"), on_delete=models.CASCADE, related_name="+"
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("recipient"), on_delete=models.CASCADE, related_name="pr_notices"
    )
    key = models.CharField(_("event"), max_length=150)
    subject = models.CharField(_("subject"), max_length=255)
    text = models.TextField(_("text"), blank=True)
    path = models.CharField(_("address"), max_length=500, blank=True)
    is_urgent = models.BooleanField(_("urgent"), default=False)
    created_at = models.DateTimeField(_("time"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    mail_after = models.DateTimeField(_("not before"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)
    mail_attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    mail_error = models.TextField(_("error"), blank=True)
    mail_dropped_at = models.DateTimeField(_("given up"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="told_once")]
        indexes = [models.Index(fields=["mail_after"], condition=Q(mailed_at__isnull=True), name="notice_to_mail")]

    def __str__(self):
        return self.subject


class Alarm(models.Model):
    """One thing that stands still, from the look that found it first to the one that found it gone (I6).

    Worker and watch write the same rows, so that each outage is told once, and its end once, whoever sees it.
    """

    problem = models.CharField(_("problem"), max_length=64)
    since = models.DateTimeField(_("since"))
    seen_at = models.DateTimeField(_("last seen"))
    over_at = models.DateTimeField(_("over"), null=True, blank=True)

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["problem"], condition=Q(over_at__isnull=True), name="one_open_alarm")
        ]

    def __str__(self):
        return f"{self.problem} {self.since:%Y-%m-%d %H:%M:%S}"

    @property
    def key(self) -> str:
        """The event of the notices that tell it."""
        return f"health:{self.problem}:{self.pk}"

    @property
    def over_key(self) -> str:
        """The event of the notices that tell its end."""
        return f"{self.key}:over"


class NoticePreference(models.Model):
    """How one person wants to be told; without a row: mail at once, quiet outside 07:00–20:00."""

    class Mail(models.TextChoices):
        AT_ONCE = "at_once", _("A mail for each notice, at once")
        DIGEST = "digest", _("One mail each working day with everything")
        NONE = "none", _("No mail; I read the notices here")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pr_notice_preference")
    mail = models.CharField(_("mail"), max_length=16, choices=Mail.choices, default=Mail.AT_ONCE)
    digest_at = models.TimeField(_("time of the digest"), default=time(8, 30))
    quiet_from = models.TimeField(_("quiet from"), default=time(20, 0))
    quiet_until = models.TimeField(_("quiet until"), default=time(7, 0))

    class Meta:
        verbose_name = _("notice preference")
        verbose_name_plural = _("notice preferences")

    def __str__(self):
        return f"{self.user}: {self.get_mail_display()}"
