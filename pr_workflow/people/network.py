"""The agency's network: press, schools, community, to whom news is sent on (S2 §3.2)."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from .models import Agency


class NetworkContact(models.Model):
    """A contact of the agency's network: press, school, community (S2 §3.2, R58). Minimal by law (PDPA)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, verbose_name=_("agency"), on_delete=models.CASCADE, related_name="contacts")
    key = models.SlugField(_("key"), max_length=64, blank=True)
    organisation = models.CharField(_("organisation"), max_length=255)
    contact_position = models.CharField(_("contact"), max_length=255, blank=True)
    group = models.CharField(_("kind"), max_length=64, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    channels = models.JSONField(_("channels"), default=list, blank=True)
    consent_basis = models.CharField(_("lawful basis"), max_length=255)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("network contact")
        verbose_name_plural = _("network contacts")
        ordering = ["organisation"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "organisation", "contact_position"], name="contact_once")
        ]

    def __str__(self):
        return self.organisation
