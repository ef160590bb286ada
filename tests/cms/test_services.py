"""An absent service: skipped with its reason, or failed when required; never passed over in silence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent.parent
NOTHING_THERE = {
    "PRAKAT_TEST_DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "PRAKAT_TEST_REDIS_URL": "redis://127.0.0.1:1/0",
    "PRAKAT_CHROMIUM": "no-such-browser",
}


def environment(**more: str) -> dict[str, str]:
    ours = ("PRAKAT_", "PYTEST_", "DATABASE_URL", "REDIS_URL")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**clean, **NOTHING_THERE, **more}


def run_marked_test(marker: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run one test that needs a service, in a pytest of its own with our ground rules."""
    test = folder / "test_needs_a_service.py"
    test.write_text(f"import pytest\n\n@pytest.mark.{marker}\ndef test_it():\n    pass\n")
    command = [sys.executable, "-m", "pytest", "-c", "pyproject.toml", "-p", "tests.conftest", str(test)]
    return subprocess.run(command, cwd=ROOT, env=environment(**more), capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("marker", "sentence"),
    [
        ("requires_postgres", "PostgreSQL does not answer"),
        ("requires_redis", "Redis does not answer"),
        ("requires_chromium", "No Chromium was found"),
    ],
)
def test_an_absent_service_skips_with_its_reason(tmp_path, marker, sentence):
    result = run_marked_test(marker, tmp_path)
    assert "1 skipped" in result.stdout
    assert sentence in result.stdout
    assert result.returncode == 0


def test_a_required_service_that_is_absent_fails(tmp_path):
    result = run_marked_test("requires_redis", tmp_path, PRAKAT_REQUIRE_SERVICES="1")
    assert "1 error" in result.stdout
    assert "Redis does not answer" in result.stdout
    assert result.returncode == 1


@pytest.mark.parametrize(
    ("required", "word", "code"), [("", "Left out", 0), ("1", "FAILED", 1)], ids=["wanted", "required"]
)
def test_the_pass_on_servers_says_why_it_did_not_run(required, word, code):
    result = subprocess.run(
        [sys.executable, "-m", "tests.run"],
        cwd=ROOT,
        env=environment(PRAKAT_TEST_DATABASES="postgres", PRAKAT_REQUIRE_SERVICES=required),
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"{word}: the pass on PostgreSQL and Redis" in result.stdout
    assert result.returncode == code


def test_an_unknown_database_name_is_refused():
    result = subprocess.run(
        [sys.executable, "-m", "tests.run"],
        cwd=ROOT,
        env=environment(PRAKAT_TEST_DATABASES="oracle"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "oracle" in result.stderr
