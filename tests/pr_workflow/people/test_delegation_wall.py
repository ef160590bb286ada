"""A delegation never crosses agencies, whatever row stands in the table (R06, I5)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from pr_workflow.approval.models import ApprovalSeal
from pr_workflow.approval.seen_version import SeenVersion
from pr_workflow.approval.selectors import step_members
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.models import Delegation
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.people.selectors import role_members, roles_of, user_holds
from pr_workflow.publishing.models import Posting
from tests.factories.office import MORNING, approved, current_step, make_draft, submit

pytestmark = pytest.mark.django_db
TITLE = "ข่าวลับของหน่วยงานสุขภาพ"


@pytest.fixture(autouse=True)
def in_the_morning():
    with time_machine.travel(MORNING + timedelta(hours=4), tick=False):
        yield


def row(agency, giver, acting, role) -> Delegation:
    """A row nobody could have entered by the form: written past every guard."""
    return Delegation.objects.create(
        agency=agency,
        delegator=giver,
        delegate=acting,
        role=role,
        starts_on=MORNING.date(),
        ends_on=MORNING.date() + timedelta(days=5),
        order_number="1/2570",
        granted_at=MORNING,
    )


def foreign_person(health, education, role):
    """The health agency's role, handed to somebody of the other agency."""
    row(health.agency, health.profile(role), education.profile(Role.EVALUATOR), role)


def row_of_the_other_agency(health, education, role):
    """The same people, in the other agency's name."""
    row(education.agency, health.profile(role), education.profile(Role.EVALUATOR), role)


def own_order_of_the_other_agency(health, education, role):
    """A proper order: for the other agency's own seat."""
    row(education.agency, education.profile(role), education.profile(Role.EVALUATOR), role)


def moved_away(health, education, role):
    """Granted inside the agency; then the person went to the other one."""
    person = health.profile(Role.EVALUATOR)
    row(health.agency, health.profile(role), person, role)
    person.agency, person.unit = education.agency, None
    person.save()
    education.people[str(Role.EVALUATOR)] = person.user


ROWS = [foreign_person, row_of_the_other_agency, own_order_of_the_other_agency, moved_away]
by_row = pytest.mark.parametrize("write", ROWS, ids=lambda write: write.__name__)


@by_row
def test_no_step_of_the_other_agency_opens(client, health, education, write):
    page = make_draft(health, title=TITLE)
    submit(health, page)
    write(health, education, CHAIN[0])
    outsider, state = education.person(Role.EVALUATOR), current_step(page)
    assert outsider not in step_members(state.task)
    client.force_login(outsider)
    assert TITLE not in client.get(reverse("wagtailadmin_home")).content.decode()
    review = reverse("pr_admin:review", args=[state.pk])
    sent = {"decision": "approve", "comment": "", "seen": str(SeenVersion.of(state))}
    for answer in (client.get(review), client.post(review, sent), client.get(state_preview(state))):
        assert answer.status_code in (403, 404)
        assert TITLE not in answer.content.decode()
    client.post(reverse("pr_admin:review_several"), {"item": [state.pk]})
    assert current_step(page).pk == state.pk
    assert current_step(page).status == "in_progress"
    assert not ApprovalSeal.objects.exists()
    assert AuditEntry.objects.filter(verb="refused", actor_id_text=str(outsider.pk)).count() >= 2


def state_preview(state) -> str:
    return reverse("pr_admin:preview", args=[state.revision_id])


@by_row
def test_no_queue_of_the_other_agency_opens(client, health, education, write):
    posting = approved(health, title=TITLE)
    write(health, education, Role.IT_OFFICER)
    outsider = education.person(Role.EVALUATOR)
    assert not user_holds(outsider, Role.IT_OFFICER, health.agency)
    assert outsider not in role_members(health.agency, Role.IT_OFFICER)
    client.force_login(outsider)
    assert TITLE not in client.get(reverse("pr_admin:posting")).content.decode()
    answer = client.post(reverse("pr_admin:posting_post", args=[posting.pk]), {"when": "now"})
    assert answer.status_code in (403, 404)
    assert Posting.objects.get(pk=posting.pk).go_live_at is None


def test_a_proper_order_counts_at_home_only(health, education):
    """The other side: the row that was entered properly does work, where it belongs."""
    own_order_of_the_other_agency(health, education, Role.IT_OFFICER)
    acting = education.person(Role.EVALUATOR)
    assert str(Role.IT_OFFICER) in roles_of(acting, education.agency)
    assert roles_of(acting, health.agency) == set()
    assert acting in role_members(education.agency, Role.IT_OFFICER)
