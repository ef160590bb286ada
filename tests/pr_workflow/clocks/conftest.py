"""An agency with an item at its first step, received on Monday at nine."""

import pytest

from pr_workflow.approval.models import StepDeadline
from tests.factories.office import Office, current_step, make_draft, make_office, submit


@pytest.fixture
def office(db) -> Office:
    return make_office()


@pytest.fixture
def page(office):
    page = make_draft(office)
    submit(office, page)
    return page


@pytest.fixture
def clock(page) -> StepDeadline:
    """The clock of the head of work; due on Tuesday, 16:30."""
    return StepDeadline.objects.get(task_state=current_step(page))
