"""The reference pages name what exists, all of it and nothing else."""

import ast
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.conf import settings

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
