"""The door to the records of all steps, in the order of the flow. Each lives in its step's folder."""

from .approval.models import (
    ApprovalSeal,
    ApprovalWithdrawal,
    ChainRule,
    ReadingMark,
    ReturnReason,
    StepDeadline,
    StepSkipRule,
    Submission,
)
from .approval.workflow_steps import LevelApprovalTask, LevelTaskState
from .archive.models import ArchiveRecord, DisposalRequest, LegalHold
from .audit.models import AuditEntry, AuditHead
from .clocks.models import ClockPause, StepLimit
from .currency.models import PageReview
from .distribution.models import Channel, Delivery
from .editorial_calendar.models import CalendarFeed
from .festival_calendar.day_choices import AgencyDayChoice
from .festival_calendar.models import Holiday, ImportantDay, ImportantDayOccurrence
from .festival_calendar.mourning import MourningPeriod
from .lead_time.models import DraftTemplate, LeadTimeDraft
from .notifications.models import Alarm, Notice, NoticePreference
from .people.models import (
    Agency,
    AgencyGroup,
    Delegation,
    StaffProfile,
    Unit,
)
from .people.network import NetworkContact
from .people.procedures import Procedure, ProcedureRevision
from .plan.models import ActivityCancellation, AnnualPlan, PlanActivity
from .publishing.models import (
    CorrectionRound,
    EmergencyPublication,
    Heartbeat,
    Posting,
    PublicationCheck,
    PublishedItem,
    PublishedLabel,
    TakeDown,
)
from .working_group.models import WorkingGroup, WorkingGroupMember

__all__ = [
    "ActivityCancellation",
    "Agency",
    "AgencyDayChoice",
    "AgencyGroup",
    "Alarm",
    "AnnualPlan",
    "ApprovalSeal",
    "ApprovalWithdrawal",
    "ArchiveRecord",
    "AuditEntry",
    "AuditHead",
    "CalendarFeed",
    "ChainRule",
    "Channel",
    "ClockPause",
    "CorrectionRound",
    "Delegation",
    "Delivery",
    "DisposalRequest",
    "DraftTemplate",
    "EmergencyPublication",
    "Heartbeat",
    "Holiday",
    "ImportantDay",
    "ImportantDayOccurrence",
    "LeadTimeDraft",
    "LegalHold",
    "LevelApprovalTask",
    "LevelTaskState",
    "MourningPeriod",
    "NetworkContact",
    "Notice",
    "NoticePreference",
    "PageReview",
    "PlanActivity",
    "Posting",
    "Procedure",
    "ProcedureRevision",
    "PublicationCheck",
    "PublishedItem",
    "PublishedLabel",
    "ReadingMark",
    "ReturnReason",
    "StaffProfile",
    "StepDeadline",
    "StepLimit",
    "StepSkipRule",
    "Submission",
    "TakeDown",
    "Unit",
    "WorkingGroup",
    "WorkingGroupMember",
]
