"""Records of the distribution step: where news goes (Channel) and what became of it there (Delivery)."""

from datetime import timedelta
from typing import ClassVar
from urllib.parse import urlsplit
from uuid import uuid4

import swapper
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

#: S2 step 5: the first channel is out ten minutes after the news went live.
DELIVERY_LIMIT = timedelta(minutes=10)

#: Words that must not name a key of ``Channel.config``: credentials belong into ``Channel.secret``.
CREDENTIAL_WORDS = ("token", "secret", "password", "credential", "api_key", "apikey")


class ChannelQuerySet(models.QuerySet):
    def active(self):
        """Channels that receive news."""
        return self.filter(active=True)

    def owned_by(self, agency):
        """Channels of one agency."""
        return self.filter(agency=agency)


class Channel(models.Model):
    """One place where an agency's news is sent: its site, a mailing list, a webhook receiver, a Facebook Page.

    Promise: the row names the place and how to reach it; what was sent there is in :class:`Delivery`.
    A channel that was used is never deleted, only switched off (``active``), so that the ledger stays readable.

    ``config`` holds what may be read by everyone who may edit channels:

    * website: ``check_base_url`` and ``verify`` (both optional, see ``adapters/website.py``)
    * email: ``recipients`` (list of addresses), ``from_email`` (optional)
    * webhook: ``url``, ``lookup_url`` (optional, see ``adapters/webhook.py``)
    * facebook: ``base_url``, ``page_id``

    ``secret`` holds the page token or the webhook signing secret. It is never rendered, listed, exported or logged.
    It is stored as entered: protect the database and its backups accordingly.

    Serves R56.
    """

    class Kind(models.TextChoices):
        WEBSITE = "website", _("Website")
        EMAIL = "email", _("E-mail")
        WEBHOOK = "webhook", _("Webhook")
        FACEBOOK = "facebook", _("Facebook Page")

    #: Which settings each kind cannot work without.
    REQUIRED_CONFIG: ClassVar[dict[str, tuple[str, ...]]] = {
        Kind.WEBSITE: (),
        Kind.EMAIL: ("recipients",),
        Kind.WEBHOOK: ("url",),
        Kind.FACEBOOK: ("base_url", "page_id"),
    }
    #: Kinds that cannot work without a secret.
    SECRET_KINDS = (Kind.WEBHOOK, Kind.FACEBOOK)

    uuid = models.UUIDField(_("identifier"), default=uuid4, unique=True, editable=False)
    agency = models.ForeignKey(
        "pr_workflow.Agency", on_delete=models.PROTECT, related_name="channels", verbose_name=_("agency")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=120)
    active = models.BooleanField(_("active"), default=True, help_text=_("Only active channels receive news."))
    config = models.JSONField(_("settings"), default=dict, blank=True)
    secret = models.CharField(_("secret"), max_length=1000, blank=True)
    token_expires_at = models.DateTimeField(_("token expires at"), null=True, blank=True)
    created = models.DateTimeField(_("created"), auto_now_add=True)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        verbose_name = _("distribution channel")
        verbose_name_plural = _("distribution channels")
        default_permissions = ("add", "change", "view")
        ordering = ["agency", "kind", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind", "name"],
                name="pr_channel_unique_name",
                violation_error_message=_("The agency already has a channel of this kind with this name."),
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.get_kind_display()})"

    def without_secret(self, text: str) -> str:
        """The text as it may be stored and shown."""
        return text.replace(self.secret, "…") if self.secret else text

    def clean(self):
        """Refuse settings the adapter could not work with, each message at its field."""
        errors = {}
        if not isinstance(self.config, dict):
            errors["config"] = _("The settings must be a JSON object.")
        elif problem := self._config_problem():
            errors["config"] = problem
        if self.kind in self.SECRET_KINDS and self.active and not self.secret:
            errors["secret"] = _("This kind of channel needs a secret. Enter the token or the signing secret.")
        elif not (self.secret.isascii() and self.secret.isprintable()) or " " in self.secret:
            errors["secret"] = _("The secret has spaces or unusual characters. Copy it again without them.")
        if errors:
            raise ValidationError(errors)

    def _config_problem(self):
        for key, value in self.config.items():
            if any(word in key.lower() for word in CREDENTIAL_WORDS):
                return _("“%(key)s” looks like a credential. Enter it in the field “secret”, not here.") % {"key": key}
            if key.endswith("url") and value and not _is_plain_http_url(value):
                return _("“%(key)s” must be an http or https address without a user name.") % {"key": key}
        for key in self.REQUIRED_CONFIG.get(self.kind, ()):
            if not self.config.get(key):
                return _("“%(key)s” is missing. This kind of channel needs it.") % {"key": key}
        return self._recipients_problem() if self.kind == self.Kind.EMAIL else None

    def _recipients_problem(self):
        recipients = self.config.get("recipients")
        if not isinstance(recipients, list):
            return _("“recipients” must be a list of e-mail addresses.")
        for address in recipients:
            try:
                validate_email(address)
            except ValidationError:
                return _("“%(address)s” is not an e-mail address.") % {"address": address}
        return None


def _is_plain_http_url(value) -> bool:
    """Whether the value is an http(s) address that carries no user name or password."""
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except (ValueError, AttributeError, TypeError):
        return False


class DeliveryQuerySet(models.QuerySet):
    """Adjectives of the ledger. ``now`` is an aware datetime."""

    def ripe(self, now):
        """Planned rows whose moment has come."""
        return self.filter(state=Delivery.State.PLANNED, due_at__lte=now)

    def due(self, now):
        """Rows that may be sent now, longest waiting first."""
        return self.filter(state=Delivery.State.DUE, next_attempt_at__lte=now).order_by("next_attempt_at", "pk")

    def expired_lease(self, now):
        """Rows whose sender did not report back in time: nobody knows whether the post is out."""
        return self.filter(state=Delivery.State.SENDING, lease_until__lt=now)

    def unknown(self):
        """Rows whose outcome is unclear."""
        return self.filter(state=Delivery.State.UNKNOWN)

    def readable_back(self, now):
        """Unclear rows whose next read-back is due; those given up to a person have no next attempt."""
        return self.unknown().filter(next_attempt_at__lte=now).order_by("next_attempt_at", "pk")

    def failed(self):
        """Rows that were given up."""
        return self.filter(state=Delivery.State.FAILED)

    def sent(self):
        """Rows that are out."""
        return self.filter(state=Delivery.State.SENT)

    def waiting(self):
        """Rows that have not left yet and can be called back."""
        return self.filter(state__in=[Delivery.State.PLANNED, Delivery.State.DUE])

    def owned_by(self, agency):
        """Rows of one agency."""
        return self.filter(agency=agency)


class Delivery(models.Model):
    """The ledger row of one revision on one channel.

    Promise (I2): at most one post per (revision, channel). The row is unique for the pair, ``sending`` is committed
    before the request leaves, and an outcome nobody can be sure of is ``unknown`` and read back, never blindly resent.

    States: planned → due → sending → sent | unknown | failed | cancelled; unknown → sent | due | failed;
    failed → due by a person.

    All times are aware and stored in UTC. ``page`` and ``revision`` become empty when someone deletes the page, the row
    itself stays; ``title`` keeps it readable. Serves R57 and S2 step 5 (ten minutes).
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        DUE = "due", _("Due")
        SENDING = "sending", _("Sending")
        SENT = "sent", _("Sent")
        UNKNOWN = "unknown", _("Outcome unknown")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    #: States in which a person may close a row. A row that is being sent has to come back first.
    CANCELLABLE = (State.PLANNED, State.DUE, State.FAILED, State.UNKNOWN)

    wagtail_reference_index_ignore = True

    uuid = models.UUIDField(_("identifier"), default=uuid4, unique=True, editable=False)
    agency = models.ForeignKey(
        "pr_workflow.Agency", on_delete=models.PROTECT, related_name="deliveries", verbose_name=_("agency")
    )
    page = models.ForeignKey(
        swapper.get_model_name("wagtailcore", "Page"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="pr_deliveries",
        verbose_name=_("page"),
    )
    revision = models.ForeignKey(
        "wagtailcore.Revision",
        on_delete=models.SET_NULL,
        null=True,
        related_name="pr_deliveries",
        verbose_name=_("revision"),
    )
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="deliveries", verbose_name=_("distribution channel")
    )
    title = models.CharField(_("title"), max_length=255)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.PLANNED)
    went_live_at = models.DateTimeField(_("went live at"), help_text=_("The ten-minute clock starts here."))
    planned_at = models.DateTimeField(_("planned at"))
    due_at = models.DateTimeField(_("due at"))
    next_attempt_at = models.DateTimeField(_("next attempt at"), null=True)
    lease_until = models.DateTimeField(_("reserved until"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lookups = models.PositiveSmallIntegerField(_("read-backs"), default=0)
    idempotency_key = models.UUIDField(_("idempotency key"), default=uuid4, unique=True, editable=False)
    external_id = models.CharField(_("identifier in the channel"), max_length=255, blank=True)
    external_url = models.URLField(_("address in the channel"), max_length=500, blank=True)
    error = models.TextField(_("reason"), blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    last_state_change = models.DateTimeField(_("last change"))
    removal_asked_at = models.DateTimeField(
        _("to be removed since"), null=True, help_text=_("The item was taken off the site, so the post should go too.")
    )
    removed_at = models.DateTimeField(_("removed at"), null=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("removed by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        default_permissions = ("change", "view")
        ordering = ["-went_live_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "channel"], name="pr_delivery_once_per_channel"),
            models.CheckConstraint(
                condition=Q(state="sending", lease_until__isnull=False)
                | (~Q(state="sending") & Q(lease_until__isnull=True)),
                name="pr_delivery_lease_while_sending",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="pr_delivery_sent_at_when_sent",
            ),
            models.CheckConstraint(
                condition=~Q(state="due") | Q(next_attempt_at__isnull=False),
                name="pr_delivery_due_has_a_time",
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("went_live_at")), name="pr_delivery_due_after_going_live"),
        ]
        indexes = [
            models.Index(fields=["state", "next_attempt_at"], name="pr_delivery_next"),
            models.Index(fields=["state", "lease_until"], name="pr_delivery_lease"),
            models.Index(fields=["agency", "state"], name="pr_delivery_agency"),
        ]

    def __str__(self):
        return f"{self.title} → {self.channel.name}"

    @property
    def clock_seconds(self) -> float | None:
        """Seconds from going live to being out on this channel; None while it is not out."""
        return (self.sent_at - self.went_live_at).total_seconds() if self.sent_at else None

    @property
    def within_limit(self) -> bool | None:
        """Whether it was out within ten minutes of going live; None while it is not out (S2 step 5)."""
        seconds = self.clock_seconds
        return None if seconds is None else seconds <= DELIVERY_LIMIT.total_seconds()
