"""Everything the review screen shows of one step, gathered once (R38, R39)."""

from dataclasses import dataclass
from typing import Any

from wagtail.models import Revision, TaskState

from ..clock import step_now
from ..news.festive import news_mourning_warnings
from ..news.readiness import Problem, submission_problems
from ..people.panels import it_skill_warning
from ..plan.festive import plan_mourning_warnings
from ..plan.gaps import plan_gaps
from ..plan.models import AnnualPlan
from .comparison import FieldChanges, changes_between
from .decision_words import DecisionWords, decision_words
from .inbox import editor_url
from .models import ApprovalSeal
from .outgoing import Outgoing, outgoing_of
from .reading_marks import Baseline, baseline_for
from .seen_version import SeenVersion
from .selectors import refusal_to_decide, refusal_to_sign, seals_of
from .subject import is_news


@dataclass(frozen=True)
class ReviewSheet:
    """One step as the person who has to decide it sees it.

    `changes` begin with the version this person saw before; `in_force_changes` with the plan in force, when that is
    another. `refusal` is why this person may not decide at all, `sign_refusal` why they may not approve; both are empty
    when they may.
    """

    state: TaskState
    content: Any
    words: DecisionWords
    refusal: str
    sign_refusal: str
    problems: list[Problem]
    #: What to think of, in whole sentences; it keeps nobody from signing.
    advice: list[str]
    seals: list[ApprovalSeal]
    outgoing: Outgoing | None
    baseline: Baseline
    changes: list[FieldChanges]
    in_force_changes: list[FieldChanges]
    seen: SeenVersion
    editor_url: str
    present_step: TaskState | None

    @property
    def may_approve(self) -> bool:
        """Nothing stands in the way of a signature."""
        return not self.sign_refusal and not self.problems

    @property
    def is_present(self) -> bool:
        """Is this the step the item waits at?"""
        return self.present_step is not None and self.present_step.pk == self.state.pk


def review_sheet(state: TaskState, content, user) -> ReviewSheet:
    """What this person sees of the step; the comparison begins with the version they saw before."""
    live_revision = _live_revision(state)
    baseline = baseline_for(user, state.revision, live_revision=live_revision)
    changes = changes_between(baseline.revision.as_object(), content) if baseline.revision else []
    return ReviewSheet(
        state=state,
        content=content,
        words=decision_words(state, content),
        refusal=refusal_to_decide(state, user),
        sign_refusal=refusal_to_sign(state, user),
        problems=submission_problems(content, now=step_now()) if is_news(content) else [],
        advice=advice_for(content),
        seals=list(seals_of(state.revision)),
        outgoing=outgoing_of(content) if is_news(content) else None,
        baseline=baseline,
        changes=changes,
        in_force_changes=_in_force_changes(content, baseline, live_revision),
        seen=SeenVersion.of(state),
        editor_url=editor_url(state.revision),
        present_step=_present_step(state),
    )


def advice_for(content) -> list[str]:
    """What is festive in a period of mourning; of a plan its gaps and officers without IT skills as well.

    The writer reads the same sentences in the editor (R04, R20, R21).
    """
    if isinstance(content, AnnualPlan):
        skill = it_skill_warning(line.responsible_officer for line in content.activities.all())
        return [*plan_mourning_warnings(content), *plan_gaps(content), *([skill] if skill else [])]
    return news_mourning_warnings(content, now=step_now()) if is_news(content) else []


def _in_force_changes(content, baseline: Baseline, live_revision: Revision | None) -> list[FieldChanges]:
    """An amendment against the plan in force, where the person's last look began with something else (R22)."""
    if is_news(content) or live_revision is None or baseline.revision in (None, live_revision):
        return []
    return changes_between(live_revision.as_object(), content)


def _live_revision(state: TaskState) -> Revision | None:
    """The version readers see now."""
    content = state.workflow_state.content_object
    return content.live_revision if content.live else None


def _present_step(state: TaskState) -> TaskState | None:
    """The step the item waits at now; None when it waits at none."""
    current = state.workflow_state.content_object.current_workflow_task_state
    return current if current and current.status == TaskState.STATUS_IN_PROGRESS else None
