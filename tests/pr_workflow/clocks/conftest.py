"""An agency with an item at its first step, received on Monday at nine."""

import pytest

from pr_workflow.approval.models import StepDeadline
from tests.factories.office import current_step, make_draft, submit


@pytest.fixture
def page(office):
    page = make_draft(office)
    submit(office, page)
    return page


@pytest.fixture
def clock(page) -> StepDeadline:
    """The clock of the head of work; due on Tuesday, 16:30."""
    return StepDeadline.objects.get(task_state=current_step(page))
