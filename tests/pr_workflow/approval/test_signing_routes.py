"""Every route to a signature keeps to the same rules: read it first, this item's step, in time, no administrator."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.models import TaskState

from home.models import NewsPage
from pr_workflow.approval.inbox import steps_waiting_for
from pr_workflow.approval.models import ApprovalSeal
from pr_workflow.approval.reading_marks import UNREAD
from pr_workflow.approval.seen_version import SeenVersion
from pr_workflow.approval.selectors import refusal_to_decide, step_deciders, step_members
from pr_workflow.approval.services import ApprovalRefused, news_return, news_submit
from pr_workflow.approval.unmanned import unmanned_levels
from pr_workflow.audit.models import AuditEntry
from pr_workflow.notifications.models import Notice
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.people.services import delegation_grant
from pr_workflow.plan.models import AnnualPlan
from tests.factories.office import (
    MORNING,
    add_person,
    approved,
    current_step,
    make_draft,
    make_image,
    read_and_approve,
    submit,
)
from tests.factories.plans import plan_row
from tests.pr_workflow.news.test_news_views import editor_form

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def an_hour_later():
    with time_machine.travel(MORNING + HOUR, tick=False):
        yield


def login(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def waiting(office, **fields):
    page = make_draft(office, **fields)
    submit(office, page)
    return page


def look(client, page) -> None:
    assert client.get(reverse("pr_admin:review", args=[current_step(page).pk])).status_code == 200


def by_the_address(client, page, *, step=None, action="approve", name="workflow_action"):
    step = step or current_step(page)
    address = reverse(f"wagtailadmin_pages:{name}", args=[page.pk, action, step.pk])
    return client.post(address, {"comment": "เห็นชอบ"})


def in_the_editor(client, page):
    form = editor_form(page, **{"action-workflow-action": "1", "workflow-action-name": "approve"})
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)


def refusals(user) -> list[str]:
    rows = AuditEntry.objects.filter(verb="refused", actor_id_text=str(user.pk)).order_by("sequence")
    return [row.data["reason"] for row in rows]


def exchange_bytes(image) -> None:
    """What no form does any more: another picture in the place of the file, as somebody with the disk would."""
    buffer = BytesIO()
    Image.new("RGB", (300, 200), "black").save(buffer, "JPEG")
    name = image.file.storage.save("exchanged.jpg", ContentFile(buffer.getvalue()))
    type(image).objects.filter(pk=image.pk).update(file=name, file_hash="")


def test_who_has_not_read_the_item_does_not_sign_it(office):
    page, head = waiting(office), office.person(CHAIN[0])
    client = login(head)
    assert by_the_address(client, page).status_code == 403
    assert not ApprovalSeal.objects.exists()
    (reason,) = refusals(head)
    look(client, page)
    assert by_the_address(client, page).status_code == 302
    assert ApprovalSeal.objects.get().approver == head
    assert refusals(head) == [reason]


def test_what_changed_since_the_last_look_is_not_signed(office):
    image = make_image(office)
    page, head = waiting(office, image=image), office.person(CHAIN[0])
    client = login(head)
    look(client, page)
    exchange_bytes(image)
    assert by_the_address(client, page).status_code == 403
    assert not ApprovalSeal.objects.exists()
    assert len(refusals(head)) == 1
    look(client, page)
    assert by_the_address(client, page).status_code == 302
    assert ApprovalSeal.objects.count() == 1


def test_the_editor_signs_nothing_by_itself(office):
    """The item is locked while it waits, so the form with an approval in it is not taken."""
    page = waiting(office)
    client = login(office.person(CHAIN[0]))
    answers = [in_the_editor(client, page)]
    look(client, page)
    answers.append(in_the_editor(client, page))
    assert [answer.status_code for answer in answers] == [403, 403]
    said = refusals(office.person(CHAIN[0]))
    assert len(said) == 2
    assert said[0] in answers[0].content.decode()
    assert not ApprovalSeal.objects.exists()
    assert current_step(page).status == TaskState.STATUS_IN_PROGRESS


def test_the_look_of_somebody_else_does_not_count(office):
    page, head = waiting(office), office.person(CHAIN[0])
    second = add_person(office, CHAIN[0], name="kpr-second-head")
    look(login(second), page)
    assert by_the_address(login(head), page).status_code == 403
    assert not ApprovalSeal.objects.exists()


def test_a_plan_is_read_before_it_is_signed_too(office):
    plan = plan_row(office.agency, live=False)
    plan.save_revision(user=office.writer)
    state = news_submit(actor=office.writer, page=plan, now=MORNING).current_task_state
    client = login(office.person(Role.DIRECTOR))
    name = AnnualPlan.snippet_viewset.get_url_name("workflow_action")
    address = reverse(name, args=[plan.pk, "approve", state.pk])
    assert client.post(address, {"comment": ""}).status_code == 403
    assert not AnnualPlan.objects.get(pk=plan.pk).live
    assert client.get(reverse("pr_admin:review", args=[state.pk])).status_code == 200
    assert client.post(address, {"comment": ""}).status_code == 302
    assert AnnualPlan.objects.get(pk=plan.pk).live


# -- the step of another item


@pytest.mark.parametrize("action", ["approve", "reject"])
@pytest.mark.parametrize("name", ["workflow_action", "collect_workflow_action_data"])
def test_the_step_of_another_item_is_not_decided_here(office, name, action):
    one, other = waiting(office, title="เรื่องหนึ่ง"), waiting(office, title="อีกเรื่อง")
    head = office.person(CHAIN[0])
    client = login(head)
    look(client, one)
    look(client, other)
    for step, status in ((current_step(other).pk, 403), (10**9, 404)):
        answer = by_the_address(client, one, step=TaskState(pk=step), action=action, name=name)
        assert answer.status_code == status
    assert len(refusals(head)) == 2
    for page in (one, other):
        assert current_step(page).status == TaskState.STATUS_IN_PROGRESS
    assert not ApprovalSeal.objects.exists()
    assert by_the_address(client, other).status_code == 302


@pytest.mark.parametrize("action", ["approve", "reject"])
@pytest.mark.parametrize("name", ["workflow_action", "collect_workflow_action_data"])
def test_the_step_of_news_is_not_decided_at_a_plan(office, name, action):
    """Both may even have the same number."""
    page = waiting(office)
    plan = plan_row(office.agency, live=False)
    plan.save_revision(user=office.writer)
    news_submit(actor=office.writer, page=plan, now=MORNING)
    head = office.person(CHAIN[0])
    client = login(head)
    look(client, page)
    address = reverse(AnnualPlan.snippet_viewset.get_url_name(name), args=[plan.pk, action, current_step(page).pk])
    assert client.post(address, {"comment": "ก"}).status_code == 403
    assert current_step(page).status == TaskState.STATUS_IN_PROGRESS
    assert not ApprovalSeal.objects.exists()
    assert len(refusals(head)) == 1


# -- in time


def test_what_has_expired_is_returned_and_not_signed(office):
    page = waiting(office, expire_at=MORNING + 2 * HOUR)
    head = office.person(CHAIN[0])
    client = login(head)
    look(client, page)
    with time_machine.travel(MORNING + 3 * HOUR, tick=False):
        assert by_the_address(client, page).status_code == 403
        with pytest.raises(ApprovalRefused):
            read_and_approve(actor=head, task_state=current_step(page))
        assert not ApprovalSeal.objects.exists()
        news_return(actor=head, task_state=current_step(page), reason="เลยวันหมดอายุแล้ว")
    assert NewsPage.objects.get(pk=page.pk).current_workflow_state.status == "needs_changes"


def test_what_expires_later_is_signed(office):
    page = waiting(office, expire_at=MORNING + 2 * HOUR)
    read_and_approve(actor=office.person(CHAIN[0]), task_state=current_step(page), now=MORNING + HOUR)
    assert ApprovalSeal.objects.count() == 1


# -- administrators


def make_superuser(user) -> None:
    user.is_superuser = True
    user.save()


def test_an_administrator_in_the_group_of_a_level_signs_nothing(office):
    page = waiting(office)
    second = add_person(office, CHAIN[0], name="kpr-second-head")
    make_superuser(second)
    client, step = login(second), current_step(page)
    assert client.get(reverse("pr_admin:review", args=[step.pk])).status_code == 403
    assert by_the_address(client, page).status_code == 403
    assert in_the_editor(client, page).status_code == 403
    with pytest.raises(ApprovalRefused) as refused:
        read_and_approve(actor=second, task_state=step, now=MORNING)
    assert str(refused.value) == refusal_to_decide(step, second)
    with pytest.raises(ApprovalRefused):
        news_return(actor=second, task_state=step, reason="แก้", now=MORNING)
    assert not ApprovalSeal.objects.exists()
    assert current_step(page).status == TaskState.STATUS_IN_PROGRESS
    assert second not in step_deciders(step)
    assert not steps_waiting_for(second).exists()
    assert len(refusals(second)) == 3


def test_an_administrator_is_not_asked_to_sign(office):
    second = add_person(office, CHAIN[0], name="kpr-second-head")
    make_superuser(second)
    page = waiting(office)
    asked = Notice.objects.filter(path=reverse("pr_admin:review", args=[current_step(page).pk]))
    assert office.person(CHAIN[0]).pk in asked.values_list("recipient", flat=True)
    assert second.pk not in asked.values_list("recipient", flat=True)


def test_a_step_that_only_an_administrator_could_fill_is_unmanned(office):
    make_superuser(office.person(Role.HEAD_OF_SECTION))
    with pytest.raises(ApprovalRefused):
        waiting(office)
    task = office.index.get_workflow().workflow_tasks.order_by("sort_order")[1].task
    assert not step_members(task).exists()
    assert task.name in [stopped.step for stopped in unmanned_levels()]


@pytest.mark.parametrize("who", ["delegator", "delegate"])
def test_nobody_signs_through_an_administrator(office, who):
    """Neither one who became an administrator after the order, nor by a new order."""
    deputy = add_person(office, Role.EVALUATOR, name="kpr-deputy")
    head = office.person(CHAIN[0])
    add_person(office, CHAIN[0], name="kpr-second-head")
    order = {
        "actor": head,
        "delegator": head.staff_profile,
        "delegate": deputy.staff_profile,
        "role": CHAIN[0],
        "starts_on": MORNING.date(),
        "ends_on": MORNING.date(),
        "order_number": "12/2570",
        "now": MORNING,
    }
    page = waiting(office)
    make_superuser({"delegator": head, "delegate": deputy}[who])
    with pytest.raises(Exception, match=who):
        delegation_grant(**order)
    make_ordinary(head, deputy)
    delegation_grant(**order)
    assert deputy in step_deciders(current_step(page))
    make_superuser({"delegator": head, "delegate": deputy}[who])
    assert deputy not in step_deciders(current_step(page))
    deputy.refresh_from_db()
    with pytest.raises(ApprovalRefused):
        read_and_approve(actor=deputy, task_state=current_step(page), now=MORNING)
    assert not ApprovalSeal.objects.exists()


def make_ordinary(*users) -> None:
    for user in users:
        user.is_superuser = False
        user.save()


def test_signatures_given_before_stay(office):
    """Who becomes an administrator takes no signature back."""
    posting = approved(office)
    make_superuser(office.person(CHAIN[0]))
    assert ApprovalSeal.objects.filter(revision=posting.revision).count() == len(CHAIN)


@pytest.mark.parametrize("level", [0, 2])
def test_a_right_version_in_the_form_is_no_look_at_the_item(office, level):
    """The fingerprint can be read elsewhere, in the log for instance; only the screen itself counts as a look."""
    page = waiting(office)
    for role in CHAIN[:level]:
        read_and_approve(actor=office.person(role), task_state=current_step(page))
    client, step = login(office.person(CHAIN[level])), current_step(page)
    address, before = reverse("pr_admin:review", args=[step.pk]), ApprovalSeal.objects.count()
    form = {"decision": "approve", "comment": "", "seen": str(SeenVersion.of(step))}
    answer = client.post(address, form)
    assert answer.status_code == 403
    assert refusals(office.person(CHAIN[level])) == [str(UNREAD)]
    assert ApprovalSeal.objects.count() == before
    # The answer to a form is no first look either, and neither is that to nonsense.
    client.post(address, {**form, "decision": "whatever"})
    client.post(address, {**form, "seen": ""})
    assert client.post(address, form).status_code == 403
    look(client, page)
    assert client.post(address, form).status_code == 302
    assert ApprovalSeal.objects.count() == before + 1


def test_somebody_else_s_look_is_not_mine(office):
    page = waiting(office)
    other = add_person(office, CHAIN[0], name="second-head")
    look(login(other), page)
    step = current_step(page)
    form = {"decision": "approve", "comment": "", "seen": str(SeenVersion.of(step))}
    assert login(office.person(CHAIN[0])).post(reverse("pr_admin:review", args=[step.pk]), form).status_code == 403
    assert not ApprovalSeal.objects.exists()
