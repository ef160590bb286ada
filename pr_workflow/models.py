"""The door to the records of all steps, in the order of the flow. Each lives in its step's folder."""

from .approval.models import ApprovalSeal, StepDeadline, Submission
from .approval.workflow_steps import LevelApprovalTask, LevelTaskState
from .archive.models import ArchiveRecord
from .audit.models import AuditEntry, AuditHead
from .distribution.models import Channel, Delivery
from .festival_calendar.models import Holiday, ImportantDay, ImportantDayOccurrence
from .people.models import Agency, AgencyGroup, NetworkContact, StaffProfile, Unit, WorkingGroup, WorkingGroupMember
from .plan.models import AnnualPlan, PlanActivity
from .publishing.models import CorrectionRound, Heartbeat, Posting, PublicationCheck, PublishedItem, PublishedLabel

__all__ = [
    "Agency",
    "AgencyGroup",
    "AnnualPlan",
    "ApprovalSeal",
    "ArchiveRecord",
    "AuditEntry",
    "AuditHead",
    "Channel",
    "CorrectionRound",
    "Delivery",
    "Heartbeat",
    "Holiday",
    "ImportantDay",
    "ImportantDayOccurrence",
    "LevelApprovalTask",
    "LevelTaskState",
    "NetworkContact",
    "PlanActivity",
    "Posting",
    "PublicationCheck",
    "PublishedItem",
    "PublishedLabel",
    "StaffProfile",
    "StepDeadline",
    "Submission",
    "Unit",
    "WorkingGroup",
    "WorkingGroupMember",
]
