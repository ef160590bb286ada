"""Ways around the hold on pictures and files under news, and chains switched off under their items (I1, I3, I4)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection, CollectionViewRestriction

from home.models import AgencyImage
from pr_workflow.audit.models import AuditEntry
from pr_workflow.health import health_report
from pr_workflow.people.roles import CHAIN
from pr_workflow.publishing.sealed_files import FileChangeRefused
from tests.factories.office import (
    MORNING,
    approved,
    live,
    make_administrator,
    make_document,
    make_draft,
    make_image,
    submit,
)

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
    label = rows[0]._meta
    address = reverse("wagtail_bulk_action", args=[label.app_label, label.model_name, "add_to_collection"])
    named = "id=all" if every else "&".join(f"id={row.pk}" for row in rows)
    return client.post(f"{address}?{named}", {"collection": collection.pk})


@pytest.mark.parametrize("every", [False, True])
def test_W12_nobody_moves_a_picture_of_approved_news_into_a_closed_collection(office, image, page, every):
    answer = into(login(make_administrator()), closed(office), image, every=every)
    assert answer.status_code == 403
    image.refresh_from_db()
    assert image.collection == office.agency.collection
    assert every or image.title in refusals()[0]


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
