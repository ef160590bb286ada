"""A second person is somebody else, also behind a delegation, and a chain counts only where it applies (I3, R37)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from wagtail.models import Workflow, WorkflowTask

from home.models import NewsIndexPage, NewsPage
from pr_workflow.approval.models import ApprovalSeal, ChainRule
from pr_workflow.approval.selectors import chain_tasks, step_deciders
from pr_workflow.approval.services import ApprovalRefused, news_submit
from pr_workflow.people.roles import Role
from pr_workflow.people.services import delegation_grant, roles_ensure
from pr_workflow.publishing.emergency import emergency_confirm, emergency_publish
from tests.factories.office import MORNING, add_person, approve_all, current_step, make_draft, read_and_approve, submit

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def helper(office):
    """Somebody without a seat in the chain."""
    return add_person(office, Role.EVALUATOR, name="kpr-helper")


def lend(giver, to, role):
    return delegation_grant(
        actor=giver,
        delegator=giver.staff_profile,
        delegate=to.staff_profile,
        role=role,
        starts_on=MORNING.date(),
        ends_on=MORNING.date() + timedelta(days=5),
        order_number="๑/๒๕๗๐",
        now=MORNING,
    )


def approve(office, page, *people):
    for person in people:
        read_and_approve(actor=person, task_state=current_step(page), now=MORNING + HOUR)


def test_nobody_signs_in_the_place_of_the_author(office, helper):
    director = office.person(Role.DIRECTOR)
    second = add_person(office, Role.DIRECTOR, name="kpr-second-director")
    page = make_draft(office, author=director)
    lend(director, helper, Role.DIRECTOR)
    news_submit(actor=director, page=page.get_latest_revision_as_object(), now=MORNING)
    approve(office, page, office.person(Role.HEAD_OF_WORK), office.person(Role.HEAD_OF_SECTION))
    assert list(step_deciders(current_step(page))) == [second]
    with pytest.raises(ApprovalRefused):
        approve(office, page, helper)
    assert ApprovalSeal.objects.count() == 2
    lend(second, helper, Role.DIRECTOR)
    approve(office, page, helper)
    assert ApprovalSeal.objects.latest("pk").delegation.delegator.user == second


def test_an_item_that_only_a_delegate_of_its_author_could_sign_is_not_taken(office, helper):
    director = office.person(Role.DIRECTOR)
    page = make_draft(office, author=director)
    lend(director, helper, Role.DIRECTOR)
    with pytest.raises(ApprovalRefused):
        news_submit(actor=director, page=page.get_latest_revision_as_object(), now=MORNING)


def test_who_was_signed_for_signs_no_other_step(office, helper):
    section, director = office.person(Role.HEAD_OF_SECTION), office.person(Role.DIRECTOR)
    page = make_draft(office)
    lend(director, section, Role.DIRECTOR)
    lend(section, helper, Role.HEAD_OF_SECTION)
    submit(office, page)
    approve(office, page, office.person(Role.HEAD_OF_WORK), helper)
    with pytest.raises(ApprovalRefused):
        approve(office, page, section)
    approve(office, page, director)
    assert ApprovalSeal.objects.count() == 3


def test_nobody_confirms_an_emergency_in_the_place_of_its_publisher(office, helper):
    director = office.person(Role.DIRECTOR)
    page = make_draft(office)
    lend(director, helper, Role.DIRECTOR)
    director.is_superuser = True
    director.save()
    reason = "น้ำประปาปนเปื้อน ต้องเตือนประชาชนทันที"
    emergency = emergency_publish(actor=director, page=page, reason=reason, now=MORNING)
    with pytest.raises(PermissionDenied):
        emergency_confirm(actor=helper, emergency=emergency, now=MORNING + HOUR)
    assert emergency_confirm(actor=office.person(Role.HEAD_OF_WORK), emergency=emergency, now=MORNING + HOUR)


@pytest.fixture
def short_section(office):
    """A section whose chain has one step only."""
    section = office.home.add_child(instance=NewsIndexPage(title="ข่าวภายใน", slug="inside", locale=office.home.locale))
    roles_ensure(actor=None, agency=office.agency, now=MORNING)
    workflow = Workflow.objects.create(name="หนึ่งขั้น")
    WorkflowTask.objects.create(workflow=workflow, task=chain_tasks(office.index.get_workflow())[0], sort_order=0)
    ChainRule.objects.create(agency=office.agency, name="ข่าวภายใน", section=section, workflow=workflow)
    return section


def moved(office, page, target) -> int:
    client = Client()
    client.force_login(office.writer)
    return client.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, target.pk])).status_code


def test_an_approved_item_does_not_move_to_where_another_chain_applies(office, short_section):
    page = make_draft(office)
    assert moved(office, page, short_section) == 302
    page = NewsPage.objects.get(pk=page.pk)
    assert page.get_parent().pk == short_section.pk
    submit(office, page)
    assert moved(office, page, office.index) == 403
    approve(office, page, office.person(Role.HEAD_OF_WORK))
    assert moved(office, page, office.index) == 403
    with pytest.raises(PermissionDenied):
        NewsPage.objects.get(pk=page.pk).move(office.index, pos="last-child", user=office.writer)
    assert NewsPage.objects.get(pk=page.pk).get_parent().pk == short_section.pk


def test_an_approved_item_moves_where_the_same_chain_applies(office):
    page = make_draft(office)
    submit(office, page)
    approve_all(office, page)
    other = office.home.add_child(instance=NewsIndexPage(title="อีกหมวด", slug="other", locale=office.home.locale))
    roles_ensure(actor=None, agency=office.agency, now=MORNING)
    NewsPage.objects.get(pk=page.pk).move(other, pos="last-child", user=office.writer)
    assert NewsPage.objects.get(pk=page.pk).get_parent().pk == other.pk


def test_a_contributor_stays_one_when_old_versions_are_cleared_away(office):
    page = make_draft(office)
    head = office.person(Role.HEAD_OF_WORK)
    add_person(office, Role.HEAD_OF_WORK, name="kpr-second-head")
    page.get_latest_revision_as_object().save_revision(user=head, log_action=True)
    page = NewsPage.objects.get(pk=page.pk)
    page.get_latest_revision_as_object().save_revision(user=office.writer)
    page.revisions.filter(user=head).delete()
    submit(office, NewsPage.objects.get(pk=page.pk))
    with pytest.raises(ApprovalRefused):
        approve(office, page, head)
