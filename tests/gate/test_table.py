"""The table of paths and the tests name the same paths."""

import re
from pathlib import Path

from tests.gate.paths import PATHS

ROOT = Path(__file__).resolve().parents[2]


def test_every_row_of_the_table_has_its_test_and_the_other_way_round():
    table = (ROOT / "docs/reference/gate.md").read_text()
    rows = re.findall(r"^\| ([A-Z]\d+) \|", table, re.MULTILINE)
    texts = "\n".join(file.read_text() for file in sorted((ROOT / "tests/gate").glob("test_*.py")))
    tests = re.findall(r"^def test_([A-Z]\d+)_", texts, re.MULTILINE)
    named = [path.number for path in PATHS] + sorted(set(tests))
    assert len(rows) == len(set(rows))
    assert len(named) == len(set(named))
    assert set(rows) == set(named)
