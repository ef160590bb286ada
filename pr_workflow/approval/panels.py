"""What waits for a person in the chain, on the admin's start page (R38)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.components import Component

from ..people.models import Agency
from .bulk import BulkItem, bulk_agency, bulk_items
from .inbox import (
    approvals_withdrawn_from,
    capacities_in,
    editor_url,
    items_on_the_way_of,
    items_returned_to,
    steps_waiting_for,
)

#: A panel is a start, not a register: so many rows at most, the rest is counted.
SHOWN_ROWS = 10


@dataclass(frozen=True)
class WorkRow:
    """One thing to do: what, where to do it, since when and until when. Times are aware."""

    title: str
    url: str
    detail: str = ""
    note: str = ""
    since: datetime | None = None
    due_at: datetime | None = None
    action: str = ""
    now: datetime | None = None
    #: The record with the clock; without one `due_at` is shown as it is.
    clock: Any = None
    #: In whose place the person would act.
    capacity: str = ""
    #: Its number when it can be signed together with others; why not when it cannot.
    bulk_number: int | None = None
    bulk_refusal: str = ""
    #: Whether it is for this person to do; other rows are only good to know.
    is_task: bool = True
    #: Whether it should have happened by itself and did not; that goes before everything else.
    is_failed: bool = False

    @property
    def is_overdue(self) -> bool:
        return bool(self.due_at and self.now and self.due_at < self.now)


class WorkPanel(Component):
    """A list of things to do; shown only when there are any."""

    template_name = "pr_workflow/dashboard/work.html"
    heading: Any = ""
    icon = "tasks"
    tone = ""
    order = 100

    def __init__(self, request):
        self.request = request
        self.now = timezone.now()

    def find_rows(self) -> list[WorkRow]:
        """The rows of the person who asks, most urgent first; at most one more than are shown."""
        raise NotImplementedError

    @cached_property
    def rows(self) -> list[WorkRow]:
        return self.find_rows()

    def get_context_data(self, parent_context):
        return {
            "heading": self.heading,
            "icon": self.icon,
            "tone": self.tone,
            "panel_id": type(self).__name__.lower(),
            "rows": self.rows[:SHOWN_ROWS],
            "has_more": len(self.rows) > SHOWN_ROWS,
            "now": self.now,
            "request": self.request,
        }


class AgencyWorkPanel(WorkPanel):
    """A list of what belongs to an agency; None for somebody who works for no agency."""

    def __init__(self, request, agency: Agency | None):
        super().__init__(request)
        self.agency = agency


class WaitingForMePanel(WorkPanel):
    """Items this person has to consider, each leading straight to the review."""

    heading = gettext_lazy("Waiting for my decision")
    icon = "clipboard-list"
    order = 100

    def find_rows(self):
        user = self.request.user
        states = list(steps_waiting_for(user)[: SHOWN_ROWS + 1])
        capacities = capacities_in(user, [state.task_id for state in states]) if states else {}
        may_bulk = bool(states) and bulk_agency(user) is not None
        bulk = {item.state.pk: item for item in bulk_items(user, states)} if may_bulk else {}
        return [self._row(state, capacities.get(state.task_id, ""), bulk.get(state.pk)) for state in states]

    def _row(self, state, capacity: str, bulk: BulkItem | None) -> WorkRow:
        return WorkRow(
            title=state.revision.object_str,
            url=reverse("pr_admin:review", args=[state.pk]),
            detail=_("submitted by %(name)s · step: %(step)s")
            % {"name": person_name(state.workflow_state.requested_by), "step": state.task.name},
            since=state.started_at,
            due_at=deadline_of(state),
            action=_("Consider"),
            now=self.now,
            clock=getattr(state, "deadline", None),
            capacity=capacity,
            bulk_number=state.pk if bulk and not bulk.refusal else None,
            bulk_refusal=bulk.refusal if bulk and bulk.is_to_open else "",
        )

    def get_context_data(self, parent_context):
        bulk = any(row.bulk_number or row.bulk_refusal for row in self.rows)
        return {
            **super().get_context_data(parent_context),
            "bulk_url": reverse("pr_admin:review_several") if bulk else "",
        }


class ReturnedToMePanel(WorkPanel):
    """Items that came back from a step, or after the approval, with the reason."""

    heading = gettext_lazy("Returned to me for correction")
    icon = "rotate"
    tone = "warning"
    order = 110

    def find_rows(self):
        return [
            WorkRow(
                title=chain.current_task_state.revision.object_str,
                url=editor_url(chain.current_task_state.revision),
                detail=_("returned by %(name)s · step: %(step)s")
                % {
                    "name": person_name(chain.current_task_state.finished_by),
                    "step": chain.current_task_state.task.name,
                },
                note=chain.current_task_state.comment,
                since=chain.current_task_state.finished_at,
                action=_("Correct"),
                now=self.now,
            )
            for chain in items_returned_to(self.request.user)[: SHOWN_ROWS + 1]
        ] + self._given_up()

    def _given_up(self) -> list[WorkRow]:
        """Approved and given up before they went live."""
        return [
            WorkRow(
                title=row.revision.object_str,
                url=editor_url(row.revision),
                detail=(
                    _("approval withdrawn by %(name)s") % {"name": row.withdrawn_by_name}
                    if row.withdrawn_by_id
                    else _("expired before it went live")
                ),
                note=row.reason,
                since=row.withdrawn_at,
                action=_("Correct"),
                now=self.now,
            )
            for row in approvals_withdrawn_from(self.request.user, now=self.now)[: SHOWN_ROWS + 1]
        ]


class OnTheWayPanel(WorkPanel):
    """What this person submitted and others are considering: nothing to do, but good to know."""

    heading = gettext_lazy("Submitted by me, being considered")
    icon = "time"
    order = 300

    def find_rows(self):
        return [
            WorkRow(
                title=chain.current_task_state.revision.object_str,
                url=editor_url(chain.current_task_state.revision),
                detail=_("waits at: %(step)s") % {"step": chain.current_task_state.task.name},
                since=chain.current_task_state.started_at,
                due_at=deadline_of(chain.current_task_state),
                clock=getattr(chain.current_task_state, "deadline", None),
                now=self.now,
            )
            for chain in items_on_the_way_of(self.request.user)[: SHOWN_ROWS + 1]
        ]


def person_name(user) -> str:
    """How a person is called on screens; a dash for nobody."""
    return (user.get_full_name() or user.get_username()) if user else "—"


def deadline_of(state) -> datetime | None:
    """Until when a step should be decided; None for steps begun before clocks were kept."""
    deadline = getattr(state, "deadline", None)
    return deadline.due_at if deadline else None
