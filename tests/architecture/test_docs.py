"""The reference pages name what exists, all of it and nothing else."""

import ast
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.dispatch import Signal

from cms.celery import app
from pr_workflow import signals

pytestmark = pytest.mark.once

ROOT = Path(settings.BASE_DIR)
REFERENCE = ROOT / "docs" / "reference"

VARIABLE = re.compile(r"PRAKAT_[A-Z_]+|DATABASE_URL|REDIS_URL")
PLUGIN_SETTING = re.compile(r"PR_(WORKFLOW|EVALUATION|SEARCH)_[A-Z_]+")


def words_in_code(pattern: re.Pattern[str], files: Iterable[Path]) -> set[str]:
    """Every string constant and attribute name in ``files`` that is exactly a name of the pattern."""
    nodes = [node for path in files for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    words = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    words |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return {word for word in words if pattern.fullmatch(word)}


def first_cells(page: str) -> set[str]:
    """The names in the first column of every table of a page."""
    rows = (REFERENCE / page).read_text(encoding="utf-8").splitlines()
    return {match[1] for row in rows if (match := re.match(r"\| `([^`]+)` \|", row))}


def test_every_environment_variable_is_documented_and_exists():
    read = words_in_code(VARIABLE, [*(ROOT / "cms" / "settings").glob("*.py"), *(ROOT / "tests").glob("*.py")])
    assert {name for name in first_cells("settings.md") if VARIABLE.fullmatch(name)} == read
    assert "PRAKAT_SECRET_KEY" in read


def test_every_setting_of_the_plugin_is_documented_and_exists():
    files = [path for app in ("pr_workflow", "evaluation", "search") for path in (ROOT / app).rglob("*.py")]
    read = words_in_code(PLUGIN_SETTING, files)
    assert {name for name in first_cells("settings.md") if PLUGIN_SETTING.fullmatch(name)} == read
    assert "PR_WORKFLOW_RETENTION_YEARS" in read


OUR_APPS = {"cms", "home", "pr_workflow", "evaluation", "search"}


def test_every_command_is_documented_and_exists():
    commands = {name for name, owner in get_commands().items() if str(owner) in OUR_APPS}
    assert first_cells("commands.md") == commands
    assert "serve" in commands


def test_every_signal_is_documented_and_exists():
    names = {name for name, value in vars(signals).items() if isinstance(value, Signal)}
    assert {name for name in first_cells("events.md") if "." not in name} == names
    assert "news_went_live" in names


def test_every_job_is_documented_and_exists():
    app.loader.import_default_modules()
    names = {name for name in app.tasks if name.partition(".")[0] in OUR_APPS}
    assert {name for name in first_cells("events.md") if "." in name} == names
    assert "pr_workflow.tasks.publish_tick" in names


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page):
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
