"""One agency with one archived item, as most tests of the archive need it."""

from datetime import timedelta

import pytest

from pr_workflow.archive.models import ArchiveRecord
from pr_workflow.archive.services import archive_due
from tests.factories.office import MORNING, live, make_document, verify

CHECKED = MORNING + timedelta(hours=6)
LATER = CHECKED + timedelta(minutes=5)
#: The retention of ten years has passed.
AFTER_TEN_YEARS = LATER.replace(year=LATER.year + 10) + timedelta(days=1)


@pytest.fixture
def record(office):
    page = live(office, attachments=[("file", {"document": make_document(office), "title": "แผ่นพับ"})])
    verify(office, page, now=CHECKED)
    archive_due(now=LATER)
    return ArchiveRecord.objects.get()
