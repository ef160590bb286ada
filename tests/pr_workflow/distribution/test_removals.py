"""Posts that have to go because their news was wrong (R50)."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from pr_workflow.audit.models import AuditEntry
from pr_workflow.distribution.models import Channel, Delivery
from pr_workflow.distribution.removals import RemovalRefused, delivery_removal_confirm, removals_ask
from pr_workflow.people.roles import Role
from pr_workflow.publishing.take_down import news_take_down
from pr_workflow.signals import delivery_sent
from tests.factories.office import MORNING, live, make_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(office):
    return live(office, title="ข่าวที่ส่งไปแล้ว")


def sent(office, page, kind="facebook", state="sent") -> Delivery:
    channel = Channel.objects.create(agency=office.agency, kind=kind, name=kind)
    return Delivery.objects.create(
        agency=office.agency,
        page_id=page.pk,
        revision_id=page.live_revision_id,
        channel=channel,
        title=page.title,
        state=state,
        went_live_at=MORNING,
        planned_at=MORNING,
        due_at=MORNING,
        sent_at=MORNING if state == "sent" else None,
        last_state_change=MORNING,
        external_url="https://facebook.example/1",
    )


def take_down(office, page, kind, capture, **fields):
    with capture(execute=True):
        news_take_down(actor=office.it_officer, page=page, kind=kind, reason="ข้อมูลผิดพลาด", now=MORNING, **fields)


@pytest.mark.parametrize(
    ("kind", "fields", "asked"),
    [
        ("in_error", {}, True),
        ("withdrawn", {"notice": "ยกเลิก"}, True),
        ("expired", {}, False),
        ("correction", {}, False),
    ],
)
def test_what_was_wrong_has_to_go_everywhere(office, page, kind, fields, asked, django_capture_on_commit_callbacks):
    post, site, failed = sent(office, page), sent(office, page, "website"), sent(office, page, "email", "failed")
    take_down(office, page, kind, django_capture_on_commit_callbacks, **fields)
    for row in (post, site, failed):
        row.refresh_from_db()
    assert (post.removal_asked_at == MORNING) == asked
    assert site.removal_asked_at is None
    assert failed.removal_asked_at is None
    assert AuditEntry.objects.filter(verb="delivery_removal_asked").count() == asked
    assert removals_ask(actor=None, page=page, now=MORNING) == []


def test_a_post_that_got_out_at_the_last_moment_has_to_go_too(office, page, django_capture_on_commit_callbacks):
    take_down(office, page, "in_error", django_capture_on_commit_callbacks)
    late = sent(office, page)
    delivery_sent.send(sender=Delivery, delivery=late, actor=None, now=MORNING)
    late.refresh_from_db()
    assert late.removal_asked_at == MORNING


def test_staff_see_the_list_and_confirm(client, office, page, django_capture_on_commit_callbacks):
    post = sent(office, page)
    take_down(office, page, "in_error", django_capture_on_commit_callbacks)
    address = reverse("pr_admin:removals")
    for role in (Role.IT_OFFICER, Role.WRITER):
        client.force_login(office.person(role))
        body = client.get(address).content.decode()
        assert "ข่าวที่ส่งไปแล้ว" in body
        assert post.external_url in body
        assert address in client.get(reverse("wagtailadmin_home")).content.decode()
    confirm = reverse("pr_admin:removal_confirm", args=[post.pk])
    assert client.post(confirm).status_code == 302
    post.refresh_from_db()
    assert post.removed_by == office.writer
    assert AuditEntry.objects.filter(verb="delivery_removed").count() == 1
    assert "ข่าวที่ส่งไปแล้ว" not in client.get(address).content.decode().split("pr-items")[-1]
    with pytest.raises(ValidationError):
        delivery_removal_confirm(actor=office.writer, delivery_id=post.pk, now=MORNING)


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.EVALUATOR, Role.NETWORK_MEMBER])
def test_nobody_else_confirms(client, office, page, role, django_capture_on_commit_callbacks):
    post = sent(office, page)
    take_down(office, page, "in_error", django_capture_on_commit_callbacks)
    with pytest.raises(RemovalRefused):
        delivery_removal_confirm(actor=office.person(role), delivery_id=post.pk, now=MORNING)
    client.force_login(office.person(role))
    assert client.get(reverse("pr_admin:removals")).status_code == 403
    client.force_login(make_office("spp").it_officer)
    assert client.post(reverse("pr_admin:removal_confirm", args=[post.pk])).status_code == 404
    post.refresh_from_db()
    assert post.removed_at is None
