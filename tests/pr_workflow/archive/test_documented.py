"""What docs/reference/archive.md tells people to run is run."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from pr_workflow.archive.export import document_text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_the_documented_check_accepts_an_export_and_refuses_a_changed_one(record, tmp_path, monkeypatch):
    page = Path(settings.BASE_DIR, "docs", "reference", "archive.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    Path("record.json").write_text(document_text(record), encoding="utf-8")
    exec(program, {})  # noqa: S102  our own documentation
    Path("record.json").write_text(document_text(record).replace(record.title, "อื่น"), encoding="utf-8")
    with pytest.raises(AssertionError):
        exec(program, {})  # noqa: S102
