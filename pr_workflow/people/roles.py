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

#: Roles somebody may act in for another: those that decide and post. A writer's rights hang on places of the page tree,
#: which no order gives away; another writer of the agency takes over instead (R06).
DELEGABLE = (*CHAIN, Role.IT_OFFICER)

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

_CALENDAR = ("importantday", "importantdayoccurrence", "holiday", "drafttemplate")
#: The calendar is read by everybody, and kept by the officers who plan with it.
_READ_CALENDAR = tuple(f"view_{name}" for name in (*_CALENDAR, "mourningperiod"))
_KEEP_CALENDAR = (*_READ_CALENDAR, *(f"{verb}_{name}" for name in _CALENDAR for verb in ("add", "change")))
#: A period of mourning of the agency is set by its PR officers and by those who sign (R20).
_SET_MOURNING = ("add_mourningperiod", "change_mourningperiod")
#: The plain registers of the flow.
_READ_REGISTERS = ("view_annualplan", "view_delivery", "view_archiverecord")

#: The directory of people and units is kept by officers and heads; accounts are linked by the administrator (R10).
_KEEP_DIRECTORY = tuple(f"{verb}_{name}" for name in ("staffprofile", "unit") for verb in ("view", "add", "change"))

#: Working groups are drafted by officers and heads and appointed by the director, by no permission (S2 §3.1).
_DRAFT_GROUPS = tuple(f"{verb}_workinggroup" for verb in ("view", "add", "change"))

#: Procedures are controlled by the heads and read by who works under them (R17).
_KEEP_PROCEDURES = tuple(f"{verb}_procedure" for verb in ("view", "add", "change"))

#: Django model permissions inside the plugin, by role, as "<codename>".
MODEL_PERMISSIONS: dict[str, tuple[str, ...]] = {
    Role.WRITER: (
        *_KEEP_CALENDAR,
        *_SET_MOURNING,
        *_READ_REGISTERS,
        *_KEEP_DIRECTORY,
        *_DRAFT_GROUPS,
        "view_procedure",
        "add_annualplan",
        "change_annualplan",
        "verify_publication",
    ),
    Role.HEAD_OF_WORK: (
        *_READ_CALENDAR,
        *_SET_MOURNING,
        *_READ_REGISTERS,
        *_KEEP_DIRECTORY,
        *_DRAFT_GROUPS,
        *_KEEP_PROCEDURES,
    ),
    Role.HEAD_OF_SECTION: (
        *_READ_CALENDAR,
        *_SET_MOURNING,
        *_READ_REGISTERS,
        *_KEEP_DIRECTORY,
        *_DRAFT_GROUPS,
        *_KEEP_PROCEDURES,
        "view_auditentry",
    ),
    Role.DIRECTOR: (
        *_READ_CALENDAR,
        *_SET_MOURNING,
        *_READ_REGISTERS,
        *_KEEP_DIRECTORY,
        *_DRAFT_GROUPS,
        *_KEEP_PROCEDURES,
        "view_auditentry",
    ),
    Role.IT_OFFICER: (
        *_KEEP_CALENDAR,
        *_READ_REGISTERS,
        "post_news",
        "change_delivery",
        "add_channel",
        "change_channel",
        "view_channel",
        "view_auditentry",
    ),
    Role.EVALUATOR: (*_READ_CALENDAR, *_READ_REGISTERS, "view_workinggroup"),
    Role.NETWORK_MEMBER: _READ_CALENDAR,
}

#: Reports are read by all who steer the work.
REPORT_READERS = (Role.WRITER, Role.HEAD_OF_WORK, Role.HEAD_OF_SECTION, Role.DIRECTOR, Role.IT_OFFICER, Role.EVALUATOR)
