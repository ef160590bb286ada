"""Wagtail offers nothing for news that the flow would refuse, and lists ask no more questions for it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from home.models import NewsPage
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.publishing.emergency import emergency_publish
from tests.factories.office import MORNING, live, make_administrator, make_draft, make_office, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make_office(default_site=True)


def address(name, page) -> str:
    return reverse(f"wagtailadmin_pages:{name}", args=[page.pk])


def explorer(page) -> str:
    return reverse("wagtailadmin_explore", args=[page.get_parent().pk])


def test_delete_is_offered_for_what_can_be_deleted_and_for_nothing_else(office, client):
    """On every screen that offers it, with what its address answers."""
    draft, sent = make_draft(office, title="ร่าง"), make_draft(office, title="ส่งแล้ว")
    submit(office, sent)
    urgent = make_draft(office, title="ด่วน")
    root = make_administrator()
    emergency_publish(actor=root, page=urgent, reason="น้ำท่วมฉับพลัน ต้องเตือนประชาชน", now=MORNING)
    shown = live(office, title="บนเว็บ")
    deletable = {office.writer: {draft}, root: {draft, urgent}}
    for user, expected in deletable.items():
        client.force_login(user)
        listed = client.get(explorer(draft)).content.decode()
        for page in (draft, sent, urgent, shown):
            wanted = page in expected
            edit = client.get(address("edit", page)).content.decode()
            assert (address("delete", page) in listed) is wanted, (user, page)
            assert (address("delete", page) in edit) is wanted, (user, page)
            assert (client.get(address("delete", page)).status_code == 200) is wanted, (user, page)
    assert NewsPage.objects.count() == 4


def test_a_section_with_kept_news_is_not_offered_for_deletion(office, client):
    """The site of an agency never is; its section is while nothing in it was submitted."""
    page, root = make_draft(office), make_administrator()
    section = office.index
    assert section.permissions_for_user(root).can_delete()
    assert not office.home.permissions_for_user(root).can_delete()
    submit(office, page)
    client.force_login(root)
    for kept in (section, office.home):
        assert address("delete", kept) not in client.get(address("edit", kept)).content.decode()
        assert client.post(address("delete", kept)).status_code == 403
    assert NewsPage.objects.filter(pk=page.pk).exists()


def test_nobody_is_offered_to_unpublish_news(office, client):
    page = live(office)
    for user in (make_administrator(), office.writer, office.it_officer):
        client.force_login(user)
        assert not NewsPage.objects.get(pk=page.pk).permissions_for_user(user).can_unpublish()
        for screen in (explorer(page), address("edit", page)):
            assert address("unpublish", page) not in client.get(screen).content.decode()
        assert client.post(address("unpublish", page)).status_code in (302, 403)
    assert NewsPage.objects.get(pk=page.pk).live


def test_moving_inside_the_agency_stays_possible(office):
    page = make_draft(office)
    submit(office, page)
    for user in (make_administrator(), office.writer):
        can = NewsPage.objects.get(pk=page.pk).permissions_for_user(user)
        assert can.can_move()
        assert not can.can_delete()


def test_a_long_list_asks_no_more_for_the_administrator(office, client):
    """Of each further item nothing is asked; what is kept is one part of the list's own query."""
    page = make_draft(office)
    submit(office, page)
    client.force_login(make_administrator())

    def queries() -> int:
        client.get(explorer(page))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(explorer(page)).status_code == 200
        return len(asked)

    few = queries()
    for number in range(19):
        further = make_draft(office, title=f"ข่าวที่ {number}")
        if number % 2:
            submit(office, further)
    assert queries() == few


READ_BESIDE_THE_EDITOR = ("history", "usage", "preview_on_edit")


@pytest.mark.parametrize("name", READ_BESIDE_THE_EDITOR)
def test_who_signs_the_step_reads_all_the_editor_links_to(office, client, name):
    page, other = make_draft(office), make_draft(office, title="ยังไม่ส่ง")
    submit(office, page)
    head = office.person(CHAIN[0])
    client.force_login(head)
    assert client.get(address("edit", page)).status_code == 200
    assert client.get(address(name, page)).status_code == 200
    # A draft that nobody submitted is not with the head, and neither is the step with anybody else.
    assert client.get(address(name, other)).status_code in (302, 403)
    for role in (Role.DIRECTOR, Role.EVALUATOR, Role.NETWORK_MEMBER):
        client.force_login(office.person(role))
        assert client.get(address(name, page)).status_code in (302, 403), role
    client.force_login(make_office("spp").person(CHAIN[0]))
    assert client.get(address(name, page)).status_code in (302, 403, 404)


def test_reading_is_not_writing(office, client):
    page = make_draft(office)
    submit(office, page)
    before = (page.latest_revision_id, AuditEntry.objects.exclude(verb="refused").count())
    client.force_login(office.person(CHAIN[0]))
    form = {
        "title": "เปลี่ยนโดยผู้พิจารณา",
        "slug": page.slug,
        "news_type": "news",
        "lead": page.lead,
        "tags": "",
        **{f"{name}-count": "0" for name in ("body", "photos", "attachments")},
        **{f"comments-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL", "MIN_NUM")},
        "comments-MAX_NUM_FORMS": "",
    }
    assert client.post(address("preview_on_edit", page), form).status_code == 200
    client.post(address("edit", page), form)
    page = NewsPage.objects.get(pk=page.pk)
    assert (page.latest_revision_id, AuditEntry.objects.exclude(verb="refused").count()) == before
    assert page.title != "เปลี่ยนโดยผู้พิจารณา"
