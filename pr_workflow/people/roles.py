"""The roles of the manuals and what each may do. No role holds Wagtail's publish permission (I3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """A seat in the flow; each agency has one group per role."""

    WRITER = "writer", _("PR officer")
    HEAD_OF_WORK = "head_of_work", _("Head of work unit")
    HEAD_OF_SECTION = "head_of_section", _("Head of section")
    DIRECTOR = "director", _("Director")
    IT_OFFICER = "it_officer", _("IT officer")
    EVALUATOR = "evaluator", _("Evaluator")
    NETWORK_MEMBER = "network_member", _("Network member")


#: The seeded chain, in order: หัวหน้างาน → หัวหน้าฝ่าย → ผู้อำนวยการ (S1 §4.3, R05).
CHAIN = (Role.HEAD_OF_WORK, Role.HEAD_OF_SECTION, Role.DIRECTOR)

#: Wagtail page permissions on the agency's news section. "publish" is nowhere, on purpose.
PAGE_PERMISSIONS: dict[str, tuple[str, ...]] = {
    Role.WRITER: ("add", "change"),
}

#: Permissions on the agency's collection of images and documents.
COLLECTION_PERMISSIONS: dict[str, tuple[str, ...]] = {
    Role.WRITER: ("add", "change", "choose"),
    Role.HEAD_OF_WORK: ("choose",),
    Role.HEAD_OF_SECTION: ("choose",),
    Role.DIRECTOR: ("choose",),
    Role.IT_OFFICER: ("add", "change", "choose"),
}

#: Django model permissions inside the plugin, by role, as "<codename>".
MODEL_PERMISSIONS: dict[str, tuple[str, ...]] = {
    Role.WRITER: (
        "add_annualplan",
        "change_annualplan",
        "view_annualplan",
        "view_importantday",
        "view_holiday",
        "view_delivery",
        "view_archiverecord",
        "verify_publication",
    ),
    Role.HEAD_OF_WORK: ("view_annualplan", "view_importantday", "view_holiday", "view_delivery", "view_archiverecord"),
    Role.HEAD_OF_SECTION: (
        "view_annualplan",
        "view_importantday",
        "view_holiday",
        "view_delivery",
        "view_archiverecord",
        "view_auditentry",
    ),
    Role.DIRECTOR: (
        "view_annualplan",
        "view_importantday",
        "view_holiday",
        "view_delivery",
        "view_archiverecord",
        "view_auditentry",
    ),
    Role.IT_OFFICER: (
        "view_annualplan",
        "add_importantday",
        "change_importantday",
        "view_importantday",
        "add_holiday",
        "change_holiday",
        "view_holiday",
        "post_news",
        "view_delivery",
        "change_delivery",
        "add_channel",
        "change_channel",
        "view_channel",
        "view_archiverecord",
        "view_auditentry",
    ),
    Role.EVALUATOR: ("view_annualplan", "view_importantday", "view_delivery", "view_archiverecord"),
    Role.NETWORK_MEMBER: ("view_importantday",),
}

#: Reports are read by all who steer the work.
REPORT_READERS = (Role.WRITER, Role.HEAD_OF_WORK, Role.HEAD_OF_SECTION, Role.DIRECTOR, Role.IT_OFFICER, Role.EVALUATOR)
