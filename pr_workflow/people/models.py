"""Who takes part: agencies, their units, staff, delegations and the contact network."""

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images import get_image_model_string

from ..choice_lists import ChoiceListField
from ..clock import step_now
from ..stages import TargetGroup
from ..thai_time import bangkok_date
from ..time_in_office import in_office_on
from .private_data import is_telephone, public_fields_guard
from .provinces import PROVINCES
from .roles import Role
from .skills import Skill


class Ministry(models.TextChoices):
    """Decides which rule sets apply (the MoE regulation counts only under the MoE, R14)."""

    HEALTH = "health", _("Ministry of Public Health")
    EDUCATION = "education", _("Ministry of Education")
    OTHER = "other", _("Other")


class Agency(models.Model):
    """A public agency served by this installation; it owns one Wagtail site and never sees another's data (I5)."""

    #: Rules of the office, no personal data: the log keeps old and new values.
    LOGS_VALUES = True

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
    province = models.CharField(
        _("province"),
        max_length=5,
        choices=list(PROVINCES.items()),
        blank=True,
        help_text=_("Where the office is: official holidays of single provinces count there only."),
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
    unserved_groups = ChoiceListField(
        verbose_name=_("target groups this agency does not serve"),
        choices_enum=TargetGroup,
        help_text=_("The coverage of the annual plan does not ask for activities for them. Usually none is ticked."),
    )

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ["code"]

    def __str__(self):
        return self.abbr or self.name

    def clean(self):
        """An agency serves somebody: not every target group is left out (R21)."""
        super().clean()
        if set(TargetGroup.values) <= set(self.unserved_groups):
            text = _("Leave at least one target group unticked: the agency serves somebody.")
            raise ValidationError({"unserved_groups": text})

    @property
    def agency(self):
        """The agency itself, so that audit rows about it find their chain."""
        return self

    def keeps(self, media: Any) -> bool:
        """Whether a picture or file lies in the agency's own collection (I5)."""
        return self.collection is not None and media.collection.path.startswith(self.collection.path)


class Unit(models.Model):
    """A work unit, section or school inside an agency (R23)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, verbose_name=_("agency"), on_delete=models.CASCADE, related_name="units")
    name = models.CharField(_("name"), max_length=255)
    parent = models.ForeignKey(
        "self", verbose_name=_("part of"), null=True, blank=True, on_delete=models.SET_NULL, related_name="children"
    )
    is_school = models.BooleanField(_("school"), default=False)
    order = models.PositiveSmallIntegerField(
        _("place in the directory"), default=0, help_text=_("Units with a smaller number come first.")
    )

    #: Facts of the office, no personal data: the log keeps old and new values.
    LOGS_VALUES = True
    #: What everybody reads of a unit; checked for private data.
    PUBLIC_FIELDS = ("name",)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["order", "name"]
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="unit_name_per_agency")]

    def __str__(self):
        return self.name

    def clean(self):
        """The name holds no private data, and the unit above is of the same agency and not the unit itself."""
        super().clean()
        public_fields_guard(self)
        if self.parent is None:
            return
        if self.parent_id == self.pk or self.parent.agency_id != self.agency_id:
            raise ValidationError({"parent": _("Choose another unit of the same agency.")})


class StaffProfileQuerySet(models.QuerySet):
    """People by date. Whether somebody has left is asked of the calendar each time; no job marks it."""

    def in_office(self, day: date | None = None):
        """In office on a day in Bangkok (today when none is given)."""
        return self.filter(in_office_on(day or bangkok_date(step_now())))

    def public(self, day: date | None = None):
        """In office and shown to everybody (R10)."""
        return self.in_office(day).filter(listed=True)


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
    work_phone = models.CharField(
        _("work telephone"),
        max_length=64,
        blank=True,
        help_text=_("A line of the office, for example 0 2000 0000 ext. 12."),
    )
    work_email = models.EmailField(_("work e-mail"), blank=True, help_text=_("An address of the office."))
    photo = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("photo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    photo_alt = models.CharField(
        _("photo in words"), max_length=255, blank=True, help_text=_("For people who cannot see the photo.")
    )
    photo_consent = models.BooleanField(
        _("the person agreed to the photo being shown"),
        default=False,
        help_text=_("Without consent no photo is kept. Who takes it back has the photo removed (PDPA section 19)."),
    )
    it_skill = models.BooleanField(
        _("has IT skills"), default=False, help_text=_("Responsible officers should have them (S1 §4.1.4).")
    )
    skills = ChoiceListField(verbose_name=_("skills"), choices_enum=Skill)
    starts_on = models.DateField(_("in office from"), null=True, blank=True)
    ends_on = models.DateField(
        _("out of office from"),
        null=True,
        blank=True,
        help_text=_("From this day on the directory no longer shows the person, and nobody can choose them."),
    )
    directory_order = models.PositiveSmallIntegerField(
        _("place in the unit"), default=0, help_text=_("People with a smaller number come first.")
    )
    listed = models.BooleanField(
        _("shown in the public directory"),
        default=False,
        help_text=_("Name, position, unit, work telephone, work e-mail and photo; nothing else."),
    )
    active = models.BooleanField(_("in office"), default=True)

    objects = StaffProfileQuerySet.as_manager()

    #: What everybody reads of a person in the directory; checked for private data (R10).
    PUBLIC_FIELDS = ("display_name", "position", "work_phone", "work_email", "photo_alt")
    #: What decides under which name and position somebody signs, and whether at all.
    OFFICE_FIELDS = ("display_name", "position", "starts_on", "ends_on", "active")
    #: Facts of the office, of which the log keeps old and new values, and which account acts in this name. Not the
    #: photo in words: it goes with the photo.
    LOGS_VALUES = frozenset({*PUBLIC_FIELDS, *OFFICE_FIELDS, "unit", "user"}) - {"photo_alt"}

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff directory")
        ordering = ["display_name"]
        indexes = [models.Index(fields=["agency", "listed"], name="staff_listed")]
        permissions = [("link_account", "Can link an account with a person")]

    def __str__(self):
        return f"{self.display_name} ({self.position})" if self.position else self.display_name

    def save(self, *args, **kwargs):
        """Save; a person whom everybody sees is never saved with private data in a public field (R10).

        Raises `ValidationError` naming the field. Forms ask the same earlier, for people who are not shown too.
        """
        if self.listed:
            public_fields_guard(self)
        return super().save(*args, **kwargs)

    def clean(self):
        """Public fields hold no private data; unit and photo are the agency's own; dates run forwards (R10)."""
        super().clean()
        public_fields_guard(self)
        problems: dict[str, Any] = {}
        if not is_telephone(self.work_phone):
            problems["work_phone"] = _(
                "Write in “Work telephone” only digits, spaces, hyphens, brackets, commas, and “ต่อ” or “ext.” before "
                "an extension."
            )
        if self.unit and self.unit.agency_id != self.agency_id:
            problems["unit"] = _("This unit belongs to another agency.")
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            problems["ends_on"] = _("The day of leaving lies before the first day in office. Choose a later day.")
        if self.photo:
            problems |= self._photo_problems(self.photo)
        if problems:
            raise ValidationError(problems)

    def _photo_problems(self, photo: Any) -> dict[str, Any]:
        if not (self.agency_id and self.agency.keeps(photo)):
            return {"photo": _("This picture is not in your agency's collection. Choose one of your own.")}
        if not self.photo_alt.strip():
            return {"photo_alt": _("Describe the photo for people who cannot see it.")}
        if not self.photo_consent:
            return {"photo_consent": _("Tick that the person agreed, or take the photo out.")}
        return {}

    def in_office_on(self, day: date) -> bool:
        """In office on a day in Bangkok; the same rule as the query set's `in_office`."""
        begun, left = self.starts_on is None or self.starts_on <= day, self.ends_on is not None and self.ends_on <= day
        return self.active and begun and not left

    @property
    def in_office(self) -> bool:
        """In office today."""
        return self.in_office_on(bangkok_date(step_now()))

    @property
    def can_act(self) -> bool:
        """In office and with an open account: can answer for an item (R03)."""
        return bool(self.in_office and self.user and self.user.is_active)


class AgencyGroup(models.Model):
    """Which Django group holds a role in an agency; the setup command writes it, everything else reads it (R08)."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="groups")
    role = models.CharField(max_length=32, choices=Role.choices)
    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="agency_role")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "role"], name="one_group_per_role")]

    def __str__(self):
        return f"{self.agency} · {self.get_role_display()}"


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
