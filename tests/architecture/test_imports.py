"""The directions of the house (design §2): which app, which step and which file may import which.

    cms → home → pr_workflow ← evaluation        search imports none of ours

Inside ``pr_workflow`` a later step may import an earlier one; an earlier step announces by signal. Inside a step
models ◀ selectors ◀ services ◀ jobs, receivers, viewsets, panels.
"""

import pytest

from tests.architecture.import_graph import APPS, Import, circles, imports, modules, reachable

pytestmark = pytest.mark.once

MAY_IMPORT = {
    "cms": set(APPS),
    "home": {"home", "pr_workflow", "evaluation", "search"},
    "pr_workflow": {"pr_workflow"},
    "evaluation": {"evaluation", "pr_workflow"},
    "search": {"search"},
}
STEPS = [
    "people",
    "festival_calendar",
    "clocks",
    "working_group",
    "plan",
    "news",
    "lead_time",
    "compliance",
    "approval",
    "publishing",
    "distribution",
    "archive",
    "progress",
    "editorial_calendar",
    "currency",
]
#: Used by every step, and using none.
GROUND_FLOOR = [
    "thai_time",
    "thai_moment",
    "time_in_office",
    "stages",
    "conf",
    "reasons",
    "kept_files",
    "signals",
    "gate",
    "clock",
    "seen_dates",
    "choice_lists",
    "row_keys",
    "editor_forms",
    "paper",
    "audit",
    "notifications",
]
#: Files of a step, from the bottom up. Those of one row do not import each other's row above.
FLOORS = [["models"], ["selectors"], ["services"], ["jobs", "receivers", "viewsets", "panels"]]


def listed(found: list[Import]) -> str:
    return "\n".join(str(step) for step in found)


def app(module: str) -> str:
    return module.partition(".")[0]


def room(module: str) -> str:
    """The step, ground-floor module or door of ``pr_workflow`` that a module belongs to."""
    return module.partition(".")[2].partition(".")[0]


def workflow_imports() -> list[Import]:
    return [step for step in imports() if step.importer.startswith("pr_workflow.") and room(step.imported)]


def test_the_walk_sees_the_source():
    """Guards the other tests: an empty walk would let everything pass."""
    assert {name.partition(".")[0] for name in modules()} == set(APPS)
    assert len(imports()) > 100


def test_apps_import_only_in_the_agreed_direction():
    wrong = [
        step for step in imports() if step.imported.partition(".")[0] not in MAY_IMPORT[step.importer.split(".")[0]]
    ]
    assert not wrong, listed(wrong)


def test_search_names_itself_only_relatively():
    """The wheel installs the folder as ``pr_search``: an absolute ``search`` would be the site's own app."""
    wrong = [step for step in imports() if app(step.importer) == "search" and not step.relative]
    assert not wrong, listed(wrong)


def test_no_import_circles():
    assert not circles()


def test_no_import_is_hidden_in_a_function():
    """Only ``ready()`` may import late, because models exist only then."""
    wrong = [
        step
        for step in imports()
        if step.function and not (step.importer.endswith(".apps") and step.function == "ready")
    ]
    assert not wrong, listed(wrong)


def test_a_step_never_imports_a_later_step():
    wrong = [
        step
        for step in workflow_imports()
        if room(step.importer) in STEPS
        and room(step.imported) in STEPS
        and STEPS.index(room(step.imported)) > STEPS.index(room(step.importer))
    ]
    assert not wrong, listed(wrong)


def test_a_step_never_imports_a_door():
    """Doors (models, tasks, hooks, api, commands) gather the steps; a step that used one would close a circle."""
    inside = {*STEPS, *GROUND_FLOOR}
    wrong = [step for step in workflow_imports() if room(step.importer) in inside and room(step.imported) not in inside]
    assert not wrong, listed(wrong)


def is_screen(module: str) -> bool:
    """The screens of the log and the notices stand above the steps: only doors open them."""
    return module.rpartition(".")[2] in {"viewsets", "panels", "receivers", "jobs"}


def test_the_ground_floor_imports_no_step():
    wrong = [
        step
        for step in workflow_imports()
        if room(step.importer) in GROUND_FLOOR and room(step.imported) in STEPS and not is_screen(step.importer)
    ]
    assert not wrong, listed(wrong)


def test_no_step_imports_a_screen_of_the_ground_floor():
    inside = {*STEPS, *GROUND_FLOOR}
    wrong = [
        step
        for step in workflow_imports()
        if room(step.importer) in inside and room(step.imported) in GROUND_FLOOR and is_screen(step.imported)
    ]
    assert not wrong, listed(wrong)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("floor", range(len(FLOORS) - 1))
def test_files_of_a_step_import_downwards(step, floor):
    """Also through other files of the step: ``models`` → ``ledger`` → ``services`` is the same mistake."""
    home = f"pr_workflow.{step}"
    above = {f"{home}.{name}" for row in FLOORS[floor + 1 :] for name in row}
    wrong = [
        led_there
        for name in FLOORS[floor]
        if f"{home}.{name}" in modules()
        for reached, led_there in reachable(f"{home}.{name}", home).items()
        if reached in above
    ]
    assert not wrong, listed(wrong)
