"""Ways around the hold on pictures and files under news, and chains switched off under their items (I1, I3, I4)."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import (
    APIToken,
    Collection,
    CollectionViewRestriction,
    GroupApprovalTask,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from home.models import AgencyImage
from pr_workflow.approval.services import ApprovalRefused
from pr_workflow.approval.workflow_steps import LevelApprovalTask
from pr_workflow.audit.models import AuditEntry
from pr_workflow.health import health_report
from pr_workflow.people.models import AgencyGroup
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.publishing.sealed_files import FileChangeRefused
from tests.factories.office import (
    MORNING,
    PASSWORD,
    approved,
    live,
    make_administrator,
    make_document,
    make_draft,
    make_image,
    make_office,
    submit,
)
from tests.gate.spellings import in_forms
from tests.pr_workflow.approval.test_chain_watch import workflow_form

pytestmark = pytest.mark.django_db
NOON = MORNING + timedelta(hours=6)


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def image(office):
    return make_image(office)


@pytest.fixture(params=["considered", "approved", "live"])
def page(request, office, image):
    if request.param == "live":
        return live(office, image=image)
    if request.param == "approved":
        approved(office, image=image)
    else:
        submit(office, make_draft(office, image=image))
    return request.param


def login(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def closed(office) -> Collection:
    collection = office.agency.collection.add_child(instance=Collection(name="ภายใน"))
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    return collection


def refusals() -> list[str]:
    return [row.data["reason"] for row in AuditEntry.objects.filter(verb="refused")]


def into(client, collection, *rows, every=False):
    """Post Wagtail's bulk action; `collection` is one, or a number however it is written."""
    label = rows[0]._meta
    address = reverse("wagtail_bulk_action", args=[label.app_label, label.model_name, "add_to_collection"])
    named = "id=all" if every else "&".join(f"id={row.pk}" for row in rows)
    return client.post(f"{address}?{named}", {"collection": getattr(collection, "pk", collection)})


@pytest.mark.parametrize("every", [False, True])
def test_W12_nobody_moves_a_picture_of_approved_news_into_a_closed_collection(office, image, page, every):
    answer = into(login(make_administrator()), closed(office), image, every=every)
    assert answer.status_code == 403
    image.refresh_from_db()
    assert image.collection == office.agency.collection
    assert every or image.title in refusals()[0]


@in_forms
def test_W12_a_held_picture_stays_however_the_number_is_written(office, spelled):
    image = make_image(office)
    approved(office, image=image)
    answer = into(login(make_administrator()), spelled(closed(office).pk), image)
    assert answer.status_code == 403
    image.refresh_from_db()
    assert image.collection == office.agency.collection


@in_forms
@pytest.mark.parametrize("where", ["closed", "another agency"])
def test_W12_the_collection_of_held_pictures_stays_however_the_number_is_written(office, spelled, where):
    collection = office.agency.collection.add_child(instance=Collection(name="ภาพข่าว"))
    image = make_image(office)
    type(image).objects.filter(pk=image.pk).update(collection=collection)
    live(office, image=type(image).objects.get(pk=image.pk))
    parent = closed(office) if where == "closed" else make_office("other").agency.collection
    collection.refresh_from_db()
    form = {"name": collection.name, "parent": spelled(parent.pk)}
    answer = login(make_administrator()).post(reverse("wagtailadmin_collections:edit", args=[collection.pk]), form)
    assert answer.status_code == 403
    assert Collection.objects.get(pk=collection.pk).path == collection.path
    assert AuditEntry.objects.filter(verb="refused").count() == 1


def test_W12_a_document_neither(office):
    document = make_document(office)
    approved(office, attachments=[("file", {"document": document, "title": "แผ่นพับ"})])
    assert into(login(make_administrator()), closed(office), document).status_code == 403
    document.collection = Collection.objects.get(name="ภายใน")
    with pytest.raises(FileChangeRefused):
        document.save()


def test_an_open_collection_and_a_free_picture_are_nobody_s_harm(office, image, page):
    free, shelf = make_image(office, colour="navy"), office.agency.collection.add_child(instance=Collection(name="ชั้น"))
    root = login(make_administrator())
    assert into(root, shelf, image).status_code == 302
    assert into(root, closed(office), free).status_code == 302
    assert AgencyImage.objects.get(pk=image.pk).collection == shelf
    assert refusals() == []


def test_W12_a_collection_is_not_closed_around_approved_news(office, image, page):
    root = login(make_administrator())
    address = reverse("wagtailadmin_collections:set_privacy", args=[office.agency.collection.pk])
    answer = root.post(address, {"restriction_type": "login", "password": "", "groups": []})
    assert answer.status_code == 403
    assert not CollectionViewRestriction.objects.exists()
    assert image.title in refusals()[0]


def test_W11_the_focal_point_stays(office, image, page):
    address = reverse("wagtailimages:edit", args=[image.pk])
    form = {"title": image.title, "collection": image.collection_id, "credit": image.credit, "tags": ""}
    point = {f"focal_point_{name}": 10 for name in ("x", "y", "width", "height")}
    for user in (office.writer, make_administrator()):
        login(user).post(address, {**form, **point})
        image.refresh_from_db()
        assert image.focal_point_x is None
    login(office.writer).post(address, {**form, "title": "ชื่อในคลังภาพ"})
    image.refresh_from_db()
    assert image.title == "ชื่อในคลังภาพ"


def test_W13_who_deletes_a_picture_under_news_stands_in_the_log_and_health_says_it(office, image, page):
    root = make_administrator()
    assert login(root).post(reverse("wagtailimages:delete", args=[image.pk])).status_code == 302
    row = AuditEntry.objects.get(verb="file_delete")
    assert (row.actor_id_text, row.chain) == (str(root.pk), office.agency.code)
    assert row.data["title"] == image.title
    assert row.data["news"]
    if page not in ("considered", "approved"):
        assert "live_differs_from_approval" in health_report(NOON).problems


def test_a_picture_nobody_uses_goes_without_a_row(office, image):
    assert login(office.writer).post(reverse("wagtailimages:delete", args=[image.pk])).status_code == 302
    assert not AuditEntry.objects.filter(verb="file_delete").exists()


def disable(user, workflow):
    return login(user).post(reverse("wagtailadmin_workflows:disable", args=[workflow.pk]))


def test_W14_a_chain_with_items_under_way_is_not_switched_off(office):
    page = make_draft(office)
    state = submit(office, page)
    assert disable(make_administrator(), state.workflow).status_code == 403
    state.refresh_from_db()
    state.workflow.refresh_from_db()
    assert (state.status, state.workflow.active) == ("in_progress", True)
    assert state.current_task_state.task.name == str(CHAIN[0].label)
    assert state.workflow.name in refusals()[0]


def test_W14_a_chain_of_a_section_is_not_switched_off_and_an_unused_one_is(office):
    root, chain = make_administrator(), office.index.get_workflow()
    assert disable(root, chain).status_code == 403
    spare = type(chain).objects.create(name="สายสำรอง", active=True)
    assert disable(root, spare).status_code == 302
    spare.refresh_from_db()
    chain.refresh_from_db()
    assert (chain.active, spare.active) == (True, False)


def edit_collection(user, collection, parent):
    address = reverse("wagtailadmin_collections:edit", args=[collection.pk])
    return login(user).post(address, {"name": collection.name, "parent": parent.pk})


def test_W12_a_collection_does_not_move_under_a_closed_one_or_to_another_agency(office, image, page):
    root, ours = make_administrator(), office.agency.collection
    shelf = ours.add_child(instance=Collection(name="ชั้น"))
    image.collection = shelf
    image.save()
    for parent in (closed(office), make_office("spp").agency.collection):
        assert edit_collection(root, shelf, parent).status_code == 403
        shelf.refresh_from_db()
        assert shelf.get_parent() == ours
    assert len(refusals()) == 2
    assert edit_collection(root, shelf, ours.add_child(instance=Collection(name="อีกชั้น"))).status_code == 302


def test_W12_a_picture_in_a_closed_collection_is_not_submitted(office):
    hidden = make_image(office)
    AgencyImage.objects.filter(pk=hidden.pk).update(collection=closed(office))
    with pytest.raises(ApprovalRefused):
        submit(office, make_draft(office, image=AgencyImage.objects.get(pk=hidden.pk)))


def test_W14_a_step_with_items_under_way_is_not_switched_off(office):
    state = submit(office, make_draft(office))
    for row in state.workflow.workflow_tasks.all():
        answer = login(make_administrator(f"root{row.pk}")).post(
            reverse("wagtailadmin_workflows:disable_task", args=[row.task_id])
        )
        assert answer.status_code == 403
        row.task.refresh_from_db()
        assert row.task.active
    assert len(refusals()) == 3


def test_W14_no_step_without_a_signature_comes_into_a_chain_in_use(office):
    state = submit(office, make_draft(office))
    foreign = GroupApprovalTask.objects.create(name="ขั้นแปลกปลอม")
    with pytest.raises(ApprovalRefused):
        WorkflowTask.objects.create(workflow=state.workflow, task=foreign, sort_order=9)
    spare = Workflow.objects.create(name="สายสำรอง", active=True)
    WorkflowTask.objects.create(workflow=spare, task=foreign)


def test_W14_a_chain_in_use_is_not_emptied(office):
    chain = office.index.get_workflow()
    *others, last = chain.workflow_tasks.all()
    for row in others:
        row.delete()
    with pytest.raises(ApprovalRefused), transaction.atomic():
        last.delete()
    assert chain.workflow_tasks.count() == 1


@pytest.mark.parametrize("number", [0, 1, 2])
def test_W14_no_step_leaves_a_chain_under_its_items(office, number):
    """Their last signature would be refused, because the chain they were told of is not complete."""
    chain = submit(office, make_draft(office)).workflow
    with pytest.raises(ApprovalRefused), transaction.atomic():
        chain.workflow_tasks.order_by("sort_order")[number].delete()
    assert edit_chain(chain, leave_out=(number,)).status_code == 403
    step = chain.workflow_tasks.order_by("sort_order")[number].task
    assert step.name in refusals()[0]
    spare = LevelApprovalTask.objects.create(name="ระดับใหม่")
    spare.groups.set(step.specific.groups.all())
    get_user_model().objects.filter(is_superuser=True).delete()
    assert edit_chain(chain, tasks={number: spare}).status_code == 403
    assert len(refusals()) == 2


def edit_chain(workflow, *, tasks=None, rows=None, **more):
    """A superuser sends Wagtail's form of a chain, with other steps or other row numbers in its rows."""
    present = list(workflow.workflow_tasks.order_by("sort_order"))
    form = workflow_form(workflow, **more)
    for number, task in (tasks or {}).items():
        form[f"workflow_tasks-{number}-task"] = task.pk
    for number, row in (rows or {}).items():
        form[f"workflow_tasks-{number}-id"] = row
    answer = login(make_administrator()).post(reverse("wagtailadmin_workflows:edit", args=[workflow.pk]), form)
    assert [row.task_id for row in present] == list(
        workflow.workflow_tasks.order_by("sort_order").values_list("task", flat=True)
    )
    return answer


def test_W14_a_step_is_not_exchanged_for_one_that_signs_nothing(office):
    state = submit(office, make_draft(office))
    foreign = GroupApprovalTask.objects.create(name="ขั้นแปลกปลอม")
    foreign.groups.set([Group.objects.get(agency_role__agency=office.agency, agency_role__role=CHAIN[2])])
    assert edit_chain(state.workflow, tasks={0: foreign}).status_code == 403
    assert "ขั้นแปลกปลอม" in refusals()[0]
    assert not AuditEntry.objects.filter(verb="chain_change").exists()


def level_of(office, role) -> LevelApprovalTask:
    seat = AgencyGroup.objects.get(agency=office.agency, role=role)
    return LevelApprovalTask.objects.get(groups=seat.group)


@pytest.mark.parametrize("under_way", [True, False])
def test_W16_no_step_of_another_agency_comes_into_a_chain(office, under_way):
    theirs, chain = level_of(make_office("spp"), CHAIN[2]), office.index.get_workflow()
    if under_way:
        submit(office, make_draft(office))
    assert edit_chain(chain, tasks={2: theirs}).status_code == 403
    get_user_model().objects.filter(is_superuser=True).delete()
    assert edit_chain(chain, add=theirs).status_code == 403
    assert len(refusals()) == 2
    assert not AuditEntry.objects.filter(verb="chain_change").exists()


@pytest.mark.parametrize("other", ["agency", "no level"])
def test_W16_no_other_people_fill_a_step_of_a_chain(office, other):
    task = level_of(office, CHAIN[2])
    house, role = (make_office("spp"), CHAIN[2]) if other == "agency" else (office, Role.WRITER)
    theirs = AgencyGroup.objects.get(agency=house.agency, role=role).group
    (own,) = task.groups.all()
    address = reverse("wagtailadmin_workflows:edit_task", args=[task.pk])
    for number, groups in enumerate(([theirs.pk], [own.pk, theirs.pk])):
        answer = login(make_administrator(f"root{number}")).post(address, {"name": task.name, "groups": groups})
        assert answer.status_code == 403
        assert list(task.groups.all()) == [own]
    assert len(refusals()) == 2
    assert not AuditEntry.objects.filter(verb="step_groups_change", data__act="pre_remove").exists()


def test_W16_a_chain_of_another_agency_is_not_given_to_a_section(office):
    theirs = make_office("spp").index.get_workflow()
    more = {"pages-TOTAL_FORMS": 1, "pages-0-page": office.index.pk, "pages-0-DELETE": ""}
    form = {**workflow_form(theirs), **more}
    answer = login(make_administrator()).post(reverse("wagtailadmin_workflows:edit", args=[theirs.pk]), form)
    assert answer.status_code == 403
    assert office.index.get_workflow() != theirs


def test_W16_a_chain_serves_one_agency_only(office):
    """Also by way of a chain that was given to both while it had no steps."""
    other = make_office("spp")
    empty = Workflow.objects.create(name="สายว่าง", active=True)
    WorkflowPage.objects.create(workflow=empty, page=add_section(office))
    with pytest.raises(ApprovalRefused), transaction.atomic():
        WorkflowPage.objects.create(workflow=empty, page=add_section(other))
    root = Page.get_first_root_node()
    WorkflowPage.objects.filter(page=root).delete()
    above = Workflow.objects.create(name="สายของทุกหน่วยงาน", active=True)
    WorkflowPage.objects.create(workflow=above, page=root)
    with pytest.raises(ApprovalRefused), transaction.atomic():
        WorkflowTask.objects.create(workflow=above, task=level_of(office, CHAIN[2]))
    assert not above.workflow_tasks.exists()


def stock_chain(name: str, *groups: Group) -> Workflow:
    """A chain of Wagtail's own kind of step, which signs nothing."""
    task = GroupApprovalTask.objects.create(name=f"ขั้นของ{name}")
    task.groups.set(groups)
    chain = Workflow.objects.create(name=name, active=True)
    WorkflowTask.objects.create(workflow=chain, task=task)
    return chain


def seat_of(office, role) -> Group:
    return AgencyGroup.objects.get(agency=office.agency, role=role).group


def place(user, chain, page):
    more = {"pages-TOTAL_FORMS": 1, "pages-0-page": page.pk, "pages-0-DELETE": ""}
    address = reverse("wagtailadmin_workflows:edit", args=[chain.pk])
    return login(user).post(address, {**workflow_form(chain), **more})


@pytest.mark.parametrize("whose", ["theirs", "own", "nobody"])
def test_W16_a_chain_without_signatures_is_not_given_to_a_section_of_news(office, whose):
    """Of another agency's people or not: every submission there would stop."""
    owner = {"theirs": make_office("spp"), "own": office, "nobody": None}[whose]
    chain = stock_chain("สายทดลอง", *([seat_of(owner, CHAIN[2])] if owner else []))
    root, own = make_administrator(), office.index.get_workflow()
    WorkflowPage.objects.filter(workflow=own).delete()
    assert place(root, chain, office.index).status_code == 403
    assert place(root, chain, office.home).status_code == 403
    assert len(refusals()) == 2
    assert not WorkflowPage.objects.filter(workflow=chain).exists()
    WorkflowPage.objects.create(page=office.index, workflow=own)
    if whose != "theirs":
        assert place(root, chain, office.home).status_code == 302, "other pages may have it: news has a chain nearer"
        assert office.index.get_workflow() == own


def test_W16_no_people_of_an_agency_fill_a_step_of_wagtails_own_above_all(office):
    chain = stock_chain("สายกลาง")
    WorkflowPage.objects.filter(page__depth=1).delete()
    WorkflowPage.objects.create(page=Page.objects.get(depth=1), workflow=chain)
    task, root = chain.workflow_tasks.get().task, make_administrator()
    address = reverse("wagtailadmin_workflows:edit_task", args=[task.pk])
    form = {"name": task.name, "groups": [seat_of(office, Role.WRITER).pk]}
    assert login(root).post(address, form).status_code == 403
    assert not task.specific.groups.exists()
    assert len(refusals()) == 1
    free = Group.objects.create(name="บรรณาธิการเว็บ")
    assert login(root).post(address, {**form, "groups": [free.pk]}).status_code == 302
    row = AuditEntry.objects.get(verb="step_groups_change")
    assert (row.actor_name, row.data["to"]) == ("administrator", ["บรรณาธิการเว็บ"])


def test_W15_a_token_in_the_name_of_another_account_stands_in_the_log(office):
    root, head = make_administrator(), office.person(CHAIN[0])
    client = login(root)
    form = {"user": head.pk, "name": "ทดสอบ"}
    assert client.post(reverse("wagtailusers_api_tokens:add"), form).status_code in (200, 302)
    token = APIToken.objects.get(user=head)
    row = AuditEntry.objects.get(verb="account_token_make")
    assert (row.actor_id_text, row.target_id, row.chain) == (str(root.pk), str(head.pk), office.agency.code)
    token.last_used_at = timezone.now()
    token.save()
    assert not AuditEntry.objects.filter(verb="account_token_revoke").exists()
    token.revoked_at = timezone.now()
    token.save()
    token.save()
    assert AuditEntry.objects.get(verb="account_token_revoke").target_id == str(head.pk)


def add_section(office):
    return office.home.add_child(instance=type(office.index)(title="อีกหมวด", slug="another"))


def test_another_level_of_the_house_takes_the_place_and_the_log_tells_them_apart(office):
    chain = office.index.get_workflow()
    old = level_of(office, CHAIN[1])
    new = LevelApprovalTask.objects.create(name=old.name)
    new.groups.set(old.groups.all())
    form = workflow_form(chain) | {"workflow_tasks-1-task": new.pk}
    answer = login(make_administrator()).post(reverse("wagtailadmin_workflows:edit", args=[chain.pk]), form)
    assert answer.status_code == 302
    data = AuditEntry.objects.get(verb="chain_change").data
    assert data["from"]["steps"] == data["to"]["steps"]
    assert (data["from"]["tasks"][1], data["to"]["tasks"][1]) == (old.pk, new.pk)


def test_the_form_of_a_chain_with_a_row_of_another_chain_is_broken(office):
    chain = office.index.get_workflow()
    stranger = WorkflowTask.objects.exclude(workflow=chain).first()
    answer = edit_chain(chain, rows={0: stranger.pk})
    assert answer.status_code == 400
    assert refusals() == [answer.refusal_reason]
    get_user_model().objects.filter(is_superuser=True).delete()
    assert edit_chain(chain, rows={0: "x"}).status_code == 400


def test_two_steps_that_change_places_are_an_answer_and_no_error(office):
    chain = office.index.get_workflow()
    first, second = (row.task for row in chain.workflow_tasks.order_by("sort_order")[:2])
    assert edit_chain(chain, tasks={0: second, 1: first}).status_code == 403
    assert len(refusals()) == 1


def account_form(account, **changes) -> dict:
    return {
        "username": account.username,
        "email": account.email,
        "first_name": "หัวหน้า",
        "last_name": "ตัวอย่าง",
        "is_active": "on",
        "groups": [group.pk for group in account.groups.all()],
        **changes,
    }


def edit_account(user, account, **changes) -> None:
    address = reverse("wagtailusers_users:edit", args=[account.pk])
    assert login(user).post(address, account_form(account, **changes)).status_code == 302
    account.refresh_from_db()


def test_W15_who_sets_the_password_of_another_account_stands_in_the_log(office):
    root, head = make_administrator(), office.person(CHAIN[0])
    new = {"password1": "a-new-pass-2570", "password2": "a-new-pass-2570"}
    edit_account(root, head, email="head@example.go.th", **new)
    assert head.check_password("a-new-pass-2570")
    row = AuditEntry.objects.get(verb="account_password_set")
    assert (row.actor_id_text, row.target_id, row.chain) == (str(root.pk), str(head.pk), office.agency.code)
    assert "a-new-pass" not in str(row.data)


def test_a_superuser_who_takes_an_account_over_by_mail_stands_in_the_log(office, mailoutbox):
    root, head = make_administrator(), office.person(CHAIN[0])
    head.email, head.first_name, head.last_name = "head@example.go.th", "หัวหน้า", "ตัวอย่าง"
    head.save()
    before = AuditEntry.objects.filter(verb="account_change").count()
    edit_account(root, head, email="me@elsewhere.example", username="kpr-renamed")
    change = AuditEntry.objects.filter(verb="account_change").latest("pk")
    assert AuditEntry.objects.filter(verb="account_change").count() == before + 1
    assert (change.actor_id_text, change.target_id, change.chain) == (str(root.pk), str(head.pk), office.agency.code)
    assert change.data == {
        "changed": ["email", "username"],
        "from": {"email": "@example.go.th", "username": f"kpr-{CHAIN[0]}"},
        "to": {"email": "@elsewhere.example", "username": "kpr-renamed"},
    }
    visitor = Client()
    visitor.post(reverse("wagtailadmin_password_reset"), {"email": "me@elsewhere.example"})
    (mail,) = mailoutbox
    link = next(word for word in mail.body.split() if "/password_reset/confirm/" in word)
    opened = visitor.get(link, follow=True)
    new = {"new_password1": "by-link-pass-2570", "new_password2": "by-link-pass-2570"}
    assert visitor.post(opened.redirect_chain[-1][0], new).status_code == 302
    head.refresh_from_db()
    assert head.check_password("by-link-pass-2570")
    row = AuditEntry.objects.get(verb="account_password_reset")
    assert (row.actor_id_text, row.target_id, row.chain) == ("", str(head.pk), office.agency.code)
    assert row.ip == "127.0.0.1"


def test_accounts_closed_or_deleted_several_at_once_stand_in_the_log(office):
    root, head = make_administrator(), office.person(CHAIN[0])
    free = get_user_model().objects.create_user("nobody-yet")
    address = reverse("wagtail_bulk_action", args=["home", "user", "set_active_state"])
    query = f"?id={head.pk}&id={free.pk}"
    for _twice in range(2):
        assert login(root).post(address + query, {"mark_as_active": "False"}).status_code == 302
    head.refresh_from_db()
    assert not head.is_active
    rows = AuditEntry.objects.filter(verb="account_power_change", actor_id_text=str(root.pk))
    assert {(row.target_id, row.chain) for row in rows} == {(str(head.pk), "kpr"), (str(free.pk), "system")}
    assert [row.data["to"]["is_active"] for row in rows] == [False, False]
    address = reverse("wagtail_bulk_action", args=["home", "user", "delete"])
    assert login(root).post(f"{address}?id={free.pk}", {}).status_code == 302
    gone = AuditEntry.objects.get(verb="account_delete")
    assert (gone.actor_id_text, gone.data) == (str(root.pk), {"name": "nobody-yet"})


def test_who_changes_the_own_address_stands_in_the_log(office):
    head = office.person(CHAIN[0])
    client = login(head)
    shown = client.get(reverse("wagtailadmin_account")).context["panels_by_tab"]
    forms = [panel.get_form() for panels in shown.values() for panel in panels]
    form = {field.html_name: field.value() or "" for each in forms for field in each}
    names = {"first_name": "หัวหน้า own@example.go.th", "last_name": "ตัวอย่าง", "email": "own@example.go.th"}
    form |= {f"name_email-{name}": value for name, value in names.items()}
    answer = client.post(reverse("wagtailadmin_account"), form)
    head.refresh_from_db()
    assert (answer.status_code, head.email) == (302, "own@example.go.th")
    row = AuditEntry.objects.get(verb="account_change")
    assert row.actor_id_text == row.target_id == str(head.pk)
    assert "own@" not in str(row.data)


def test_logging_in_with_an_older_hash_sets_no_password(office, settings):
    head = office.person(CHAIN[0])
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        *[name for name in settings.PASSWORD_HASHERS if "PBKDF2PasswordHasher" not in name],
    ]
    before = head.password
    assert Client().login(username=head.username, password=PASSWORD)
    head.refresh_from_db()
    assert head.password != before
    assert not AuditEntry.objects.filter(verb__startswith="account_").exists()
