"""Which chain an item takes by the rules of its agency, and which levels a rule leaves out (R05, R34)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from wagtail.models import WorkflowState

from ..news.chain_choice import ChainChoice, chain_choice
from ..news.selectors import news_page_models
from ..people.models import Agency, AgencyGroup, StaffProfile
from ..people.selectors import agency_for_page
from .models import ChainRule, Lane, StepSkipRule
from .selectors import chain_tasks, step_members


def rule_for(agency: Agency, *, path: str, news_type: str) -> ChainRule | None:
    """The rule that decides for an item of this type at this place of the tree; the lowest order that fits.

    Of two with the same order the one with the longer section counts. Rules for small corrections are no choice of a
    rule: an open correction round asks for them.
    """
    rules = ChainRule.objects.filter(agency=agency, active=True, workflow__active=True).exclude(lane=Lane.CORRECTION)
    fitting = [
        rule
        for rule in rules.select_related("workflow", "section")
        if (not rule.news_types or news_type in rule.news_types)
        and (rule.section is None or path.startswith(rule.section.path))
    ]
    return min(fitting, key=_before, default=None)


def _before(rule: ChainRule) -> tuple[int, int, int]:
    return rule.order, -len(rule.section.path) if rule.section else 0, rule.pk


def chosen_by_rule(agency: Agency, *, path: str, news_type: str) -> ChainChoice | None:
    """The answer of the rules to `chain_asked`."""
    rule = rule_for(agency, path=path, news_type=news_type)
    return ChainChoice(workflow=rule.workflow, lane=rule.lane, rank=rule.order) if rule else None


def chain_of(content, *, place=None):
    """The workflow an item would enter now; `place` is its parent while it is not saved. None: there is none."""
    if place is None or content.pk:
        return content.get_workflow()
    choice = chain_choice(content, place=place)
    return choice.workflow if choice else place.get_workflow()


def chain_at(place, news_type: str) -> int | None:
    """The number of the workflow that applies to news of this type directly below a page; corrections aside."""
    agency = agency_for_page(place)
    rule = rule_for(agency, path=place.path, news_type=news_type) if agency else None
    workflow = rule.workflow if rule else place.get_workflow()
    return workflow.pk if workflow else None


def news_in_chains_at(place) -> list:
    """News at or below a page that is under consideration or approved: one item of each type is enough to ask."""
    found: dict[str, Any] = {}
    for model in news_page_models():
        chains = WorkflowState.objects.filter(
            base_content_type=model().get_base_content_type(),
            object_id=Cast(OuterRef("pk"), CharField()),
            status__in=[WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_APPROVED],
        )
        pages = model.objects.descendant_of(place, inclusive=True).filter(Exists(chains))
        for news_type in pages.order_by().values_list("news_type", flat=True).distinct():
            found.setdefault(news_type, pages.filter(news_type=news_type).first())
    return list(found.values())


def has_news_at(place) -> bool:
    """Whether any news lies at or below a page."""
    return any(model.objects.descendant_of(place, inclusive=True).exists() for model in news_page_models())


def news_stays() -> str:
    """Why news does not move to another agency."""
    return _("News stays with the agency that wrote it. It cannot be moved to the site of another agency.")


def lane_of(content, workflow) -> str:
    """The lane in which this workflow was chosen for the item."""
    choice = chain_choice(content) if hasattr(content, "news_type") else None
    return choice.lane if choice and choice.workflow.pk == workflow.pk else Lane.NORMAL


@dataclass(frozen=True)
class PlannedStep:
    """A step an item has to pass; `skipped` carries the reason of the rule that leaves it out."""

    task: int
    name: str
    skipped: str = ""
    members: frozenset[int] = frozenset()

    def as_json(self) -> dict:
        """How a submission keeps it."""
        kept = {"task": self.task, "name": self.name}
        return {**kept, "skipped": self.skipped} if self.skipped else kept


def planned_steps(
    content, workflow, *, agency: Agency | None, writers: set[int], day: date | None = None
) -> list[PlannedStep]:
    """The steps of a chain for this item, in order, each with those who could sign it, skipped ones with the reason."""
    rules = _skip_rules(content, agency)
    strangers = _people_of_other_agencies(agency)
    steps = []
    for task in chain_tasks(workflow):
        members = set(step_members(task, day, not_for=writers).values_list("pk", flat=True)) - strangers
        fitting = [rule for rule in rules if _is_level(task, rule.role, agency) and _counts(rule, members, writers)]
        reason = fitting[0].reason if fitting else ""
        steps.append(PlannedStep(task.pk, task.name, reason, frozenset(members)))
    return steps


def _skip_rules(content, agency: Agency | None) -> list[StepSkipRule]:
    news_type = getattr(content, "news_type", None)
    if agency is None or news_type is None:
        return []
    rules = StepSkipRule.objects.filter(agency=agency, active=True).order_by("pk")
    return [rule for rule in rules if not rule.news_types or news_type in rule.news_types]


def _counts(rule: StepSkipRule, members: set[int], writers: set[int]) -> bool:
    if rule.when == StepSkipRule.When.VACANT:
        return not members
    if rule.when == StepSkipRule.When.OWN_ITEM:
        return bool(members) and members <= writers
    return True


def _is_level(task, role: str, agency: Agency | None) -> bool:
    """Whether a step stands for this role and no other."""
    groups = getattr(task.specific, "groups", None)
    if groups is None:
        return False
    seats = AgencyGroup.objects.filter(group__in=groups.all()).values_list("agency_id", "role")
    return set(seats) == {(agency.pk if agency else None, role)} and groups.count() == 1


def _people_of_other_agencies(agency: Agency | None) -> set[int]:
    if agency is None:
        return set()
    others = StaffProfile.objects.exclude(agency=agency).exclude(user=None)
    return set(others.values_list("user_id", flat=True))


def chain_problems(content, workflow, *, agency: Agency | None, writers: set[int]) -> list[str]:
    """Why an item would stand still or stay unsigned in this chain, as whole sentences; empty when it would not (R05).

    A step of another kind than ours would let an item through without a signature; every step needs a person of its
    own who did not write the item.
    """
    foreign = foreign_steps(workflow)
    if foreign:
        return [foreign_step_sentence(workflow, foreign[0])]
    steps = planned_steps(content, workflow, agency=agency, writers=writers)
    signing = [step for step in steps if not step.skipped]
    if not signing:
        return [nobody_signs_sentence(workflow)]
    unmanned = _("Nobody can fill the step “%(step)s”. Ask the system administrator to add a member to its group.")
    if empty := [unmanned % {"step": step.name} for step in signing if not step.members]:
        return empty
    return [
        _("Everybody who could sign the step “%(step)s” wrote the item or is needed for another step.")
        % {"step": step.name}
        for step in _without_a_person([(step, step.members - writers) for step in signing])
    ]


def foreign_step_sentence(workflow, step: str) -> str:
    """Why a chain with a step of another kind is refused."""
    text = _("The chain “%(chain)s” has a step without signature: “%(step)s”. Ask the system administrator.")
    return text % {"chain": workflow.name, "step": step}


def nobody_signs_sentence(workflow) -> str:
    """Why a chain without any signature is refused."""
    text = _("In the chain “%(chain)s” nobody would sign. At least one person must approve.")
    return text % {"chain": workflow.name}


def foreign_steps(workflow) -> list[str]:
    """Names of the steps whose approval seals nothing: they are not of our kind of task."""
    return [task.name for task in chain_tasks(workflow) if not getattr(task.specific_class, "SEALS", False)]


def _without_a_person(steps: list[tuple[PlannedStep, Iterable[int]]]) -> list[PlannedStep]:
    """Steps left over when each gets a person of its own; one person fills one step (R37)."""
    taken: dict[int, int] = {}

    def seat(number: int, seen: set[int]) -> bool:
        for person in steps[number][1]:
            if person not in seen:
                seen.add(person)
                if person not in taken or seat(taken[person], seen):
                    taken[person] = number
                    return True
        return False

    return [step for number, (step, _people) in enumerate(steps) if not seat(number, set())]
