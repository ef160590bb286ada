"""Who takes part: agencies, their units, staff, working groups and the contact network."""

import uuid

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from .roles import Role


class Ministry(models.TextChoices):
    """Decides which rule sets apply (the MoE regulation counts only under the MoE, R14)."""

    HEALTH = "health", _("Ministry of Public Health")
    EDUCATION = "education", _("Ministry of Education")
    OTHER = "other", _("Other")


class Agency(models.Model):
    """A public agency served by this installation; it owns one Wagtail site and never sees another's data (I5)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=255)
    abbr = models.CharField(_("abbreviation"), max_length=64, blank=True)
    ministry = models.CharField(_("ministry"), max_length=16, choices=Ministry.choices, default=Ministry.OTHER)
    site = models.OneToOneField(
        "wagtailcore.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="agency"
    )
    collection = models.OneToOneField(
        "wagtailcore.Collection",
        verbose_name=_("collection"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agency",
        help_text=_("Images and documents of this agency; other agencies cannot choose from it."),
    )
    doc_prefix = models.CharField(_("letter number prefix"), max_length=64, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=64, blank=True)
    thai_digits = models.BooleanField(_("show Thai digits"), default=False)
    plan_workflow = models.ForeignKey(
        "wagtailcore.Workflow",
        verbose_name=_("approval of the annual plan"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    news_giver = models.ForeignKey(
        "StaffProfile",
        verbose_name=_("authorised news giver"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who gives news for the agency when an item names nobody else (regulation of 2529, R13)."),
    )
    auto_post = models.BooleanField(
        _("post by itself after the last approval"),
        default=False,
        help_text=_("The wished go-live time counts; without one the item goes live at once, in office hours."),
    )
    bulk_approval = models.BooleanField(
        _("heads may approve several items at once"),
        default=False,
        help_text=_("Only items they have opened; each one is signed by itself."),
    )
    correction_keeps_live = models.BooleanField(
        _("a page under correction stays online"),
        default=True,
        help_text=_("Otherwise it is taken off the site until the corrected version is live."),
    )

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ["code"]

    def __str__(self):
        return self.abbr or self.name

    @property
    def agency(self):
        """The agency itself, so that audit rows about it find their chain."""
        return self


class Unit(models.Model):
    """A work unit, section or school inside an agency (R23)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, verbose_name=_("agency"), on_delete=models.CASCADE, related_name="units")
    name = models.CharField(_("name"), max_length=255)
    parent = models.ForeignKey(
        "self", verbose_name=_("part of"), null=True, blank=True, on_delete=models.SET_NULL, related_name="children"
    )
    is_school = models.BooleanField(_("school"), default=False)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="unit_name_per_agency")]

    def __str__(self):
        return self.name


class StaffProfile(models.Model):
    """A person of the agency: position, unit and account. Responsible officers are chosen from here (R03, R04, R10)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, verbose_name=_("agency"), on_delete=models.CASCADE, related_name="staff")
    key = models.SlugField(_("key"), max_length=64, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="staff_profile",
    )
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), null=True, blank=True, on_delete=models.SET_NULL, related_name="staff"
    )
    display_name = models.CharField(_("name"), max_length=255)
    position = models.CharField(_("position"), max_length=255, blank=True)
    it_skill = models.BooleanField(_("has IT skills"), default=False)
    active = models.BooleanField(_("in office"), default=True)

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff directory")
        ordering = ["display_name"]

    def __str__(self):
        return f"{self.display_name} ({self.position})" if self.position else self.display_name

    @property
    def can_act(self) -> bool:
        """In office and with an open account: can answer for an item (R03)."""
        return bool(self.active and self.user and self.user.is_active)


class AgencyGroup(models.Model):
    """Which Django group holds a role in an agency; the setup command writes it, everything else reads it (R08)."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="groups")
    role = models.CharField(max_length=32, choices=Role.choices)
    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="agency_role")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "role"], name="one_group_per_role")]

    def __str__(self):
        return f"{self.agency} · {self.get_role_display()}"


class WorkingGroup(models.Model):
    """A working group appointed by order (คำสั่งแต่งตั้งคณะทำงาน, S2 §3.1, R01)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(
        Agency, verbose_name=_("agency"), on_delete=models.CASCADE, related_name="working_groups"
    )
    title = models.CharField(_("title"), max_length=255)
    order_number = models.CharField(_("order number"), max_length=64)
    order_date = models.DateField(_("dated"))
    duties = models.JSONField(_("duties"), default=list, blank=True)

    class Meta:
        verbose_name = _("working group")
        verbose_name_plural = _("working groups")
        ordering = ["-order_date"]
        constraints = [models.UniqueConstraint(fields=["agency", "order_number"], name="order_per_agency")]

    def __str__(self):
        return self.title


class WorkingGroupMember(models.Model):
    """A person's seat in a working group."""

    group = models.ForeignKey(WorkingGroup, on_delete=models.CASCADE, related_name="members")
    staff = models.ForeignKey(StaffProfile, verbose_name=_("person"), on_delete=models.PROTECT, related_name="seats")
    role = models.CharField(_("role"), max_length=64)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["group", "staff"], name="one_seat_per_person")]

    def __str__(self):
        return f"{self.staff} · {self.role}"

    def clean(self):
        """A member belongs to the agency of the working group."""
        super().clean()
        if self.staff_id and self.group_id and self.staff.agency_id != self.group.agency_id:
            raise ValidationError({"staff": _("This person belongs to another agency.")})


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


class DelegationQuerySet(models.QuerySet):
    """Delegations by date (Asia/Bangkok) and person."""

    def delete(self):
        """Refuse: a signature may name it (R06)."""
        raise PermissionDenied(_("A delegation is never deleted, because a signature may name it. Revoke it."))

    def not_revoked(self):
        return self.filter(revoked_at__isnull=True)

    def overlapping(self, starts_on, ends_on):
        """Those that share a day with a period and have not been revoked."""
        return self.not_revoked().filter(starts_on__lte=ends_on, ends_on__gte=starts_on)

    def in_force(self, day):
        """Running on a Bangkok date: both ends count; a revoked one counts no more."""
        return self.filter(starts_on__lte=day, ends_on__gte=day, revoked_at__isnull=True)


class Delegation(models.Model):
    """Somebody acts for the holder of a role for a time, by order (คำสั่งมอบหมายให้ปฏิบัติหน้าที่แทน, R06, S1 signatory)."""

    class Capacity(models.TextChoices):
        ACTING = "acting", _("performing the duties of")
        ON_BEHALF = "on_behalf", _("acting on behalf of")
        IN_PLACE = "in_place", _("acting in place of")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, verbose_name=_("agency"), on_delete=models.PROTECT, related_name="delegations")
    delegator = models.ForeignKey(
        StaffProfile, verbose_name=_("holder of the role"), on_delete=models.PROTECT, related_name="delegations_given"
    )
    delegate = models.ForeignKey(
        StaffProfile, verbose_name=_("acts in their place"), on_delete=models.PROTECT, related_name="delegations_held"
    )
    role = models.CharField(_("role"), max_length=32, choices=Role.choices)
    capacity = models.CharField(_("wording"), max_length=16, choices=Capacity.choices, default=Capacity.ACTING)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), help_text=_("This day still counts."))
    order_number = models.CharField(_("order number"), max_length=64)
    granted_at = models.DateTimeField(_("entered at"))
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["-starts_on", "-id"]

    def __str__(self):
        return f"{self.delegate.display_name} → {self.delegator.display_name}"

    def delete(self, *args, **kwargs):
        """Refuse: a signature may name it. Raises `PermissionDenied`; `delegation_revoke` ends it (R06)."""
        raise PermissionDenied(_("A delegation is never deleted, because a signature may name it. Revoke it."))
