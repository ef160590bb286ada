"""The screens of this step: what they show, to whom, and what they must never show."""

import csv
import io
from datetime import datetime

import openpyxl
import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils.html import escape

from pr_workflow.audit.models import AuditEntry
from pr_workflow.distribution import services
from pr_workflow.distribution.models import Channel, Delivery
from pr_workflow.people.models import StaffProfile
from pr_workflow.thai_time import BANGKOK

from .conftest import PAGE_TOKEN, WEBHOOK_SECRET

State = Delivery.State
LIST = "pr_workflow_delivery_modeladmin_index"
INSPECT = "pr_workflow_delivery_modeladmin_inspect"
ACT = "pr_workflow_delivery_modeladmin_act"


@pytest.fixture
def login(client):
    """Log in as a new person of an agency (or of none) who holds the permissions."""

    def as_person(agency, *codenames, superuser=False):
        name = f"person-{get_user_model().objects.count()}"
        user = get_user_model().objects.create_user(name, password="x", is_superuser=superuser)
        if agency:
            StaffProfile.objects.create(agency=agency, user=user, display_name=name)
        user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
        client.force_login(user)
        return user

    return as_person


@pytest.fixture
def officer(login, agency):
    """An IT officer: may look at deliveries, act on them, and keep channels."""
    return login(agency, "view_delivery", "change_delivery", "add_channel", "change_channel", "view_channel")


@pytest.fixture
def foreign(make_agency, publish, add_channel, now):
    """A delivery of another agency."""
    education = make_agency("education")
    add_channel(education, "webhook", name="ช่องทางของเขต")
    return services.delivery_plan(actor=None, item=publish(education, "ข่าวของเขต"), now=now)[0]


def act(client, delivery, **post):
    return client.post(reverse(ACT, args=[delivery.pk]), post, follow=True)


def refused(response):
    """Wagtail answers a refusal inside the admin with 403 or by leading back to the start."""
    return response.status_code in (403, 404) or (response.status_code == 302 and response.url == "/admin/")


def test_the_list_shows_ones_own_rows_with_buddhist_dates(client, officer, due, foreign, now):
    services.delivery_send(actor=None, delivery_id=due.pk, now=now)
    page = client.get(reverse(LIST)).content.decode()
    assert due.title in page
    assert "2569" in page
    assert foreign.title not in page
    assert "ช่องทางของเขต" not in page


def test_searching_and_filtering(client, officer, due, foreign):
    def found(**query):
        return due.title in client.get(reverse(LIST), query).content.decode()

    assert found(q="วันเด็ก")
    assert not found(q="สงกรานต์")
    assert found(state__exact="due", channel__kind__exact="facebook")
    assert not found(state__exact="sent")


@pytest.mark.parametrize(
    "lookup",
    ["channel__secret__startswith", "agency__staff__user__password__startswith", "channel__config__icontains"],
)
def test_the_address_cannot_be_used_to_guess_a_secret(client, officer, due, lookup):
    response = client.get(reverse(LIST), {lookup: PAGE_TOKEN[:4]})
    assert response.status_code == 400
    assert client.get(reverse(LIST), {lookup: PAGE_TOKEN[:4], "export": "csv"}).status_code == 400


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_exports_hold_ones_own_rows_and_no_secret(client, officer, due, foreign, form):
    response = client.get(reverse(LIST), {"export": form})
    content = b"".join(response.streaming_content)
    if form == "csv":
        rows = list(csv.reader(io.StringIO(content.decode())))
    else:
        rows = [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]
    assert len(rows) == 2
    assert due.title in rows[1]
    assert PAGE_TOKEN not in str(rows)


def test_one_row_in_full_without_its_secret(client, officer, due):
    page = client.get(reverse(INSPECT, args=[due.pk])).content.decode()
    assert str(due.idempotency_key) in page
    assert "2569" in page
    assert PAGE_TOKEN not in page


def test_another_agencys_row_does_not_exist(client, officer, foreign):
    assert refused(client.get(reverse(INSPECT, args=[foreign.pk])))
    assert refused(client.post(reverse(ACT, args=[foreign.pk]), {"act": "cancel", "reason": "x"}))
    assert Delivery.objects.get(pk=foreign.pk).state == State.DUE


def test_nobody_adds_changes_or_deletes_rows(client, login, due):
    login(None, superuser=True)
    for name, args in (("create", []), ("edit", [due.pk]), ("delete", [due.pk])):
        address = reverse(f"pr_workflow_delivery_modeladmin_{name}", args=args)
        assert refused(client.get(address))
        assert refused(client.post(address, {"title": "x"}))
    assert Delivery.objects.get(pk=due.pk).title == due.title


def test_without_the_permission_there_is_no_register(client, login, agency, due):
    login(agency)
    assert refused(client.get(reverse(LIST)))
    assert refused(client.get(reverse(INSPECT, args=[due.pk])))


def test_an_account_of_no_agency_sees_nothing(client, login, due):
    login(None, "view_delivery", "change_delivery")
    assert due.title not in client.get(reverse(LIST)).content.decode()
    assert refused(client.get(reverse(INSPECT, args=[due.pk])))


@pytest.mark.parametrize("verb", ["retry", "absent", "confirm", "cancel", "look"])
def test_looking_is_not_acting(client, login, agency, due, verb):
    login(agency, "view_delivery")
    Delivery.objects.filter(pk=due.pk).update(state=State.FAILED, next_attempt_at=None)
    assert refused(client.post(reverse(ACT, args=[due.pk]), {"act": verb, "reason": "x"}))
    assert Delivery.objects.get(pk=due.pk).state == State.FAILED
    page = client.get(reverse(INSPECT, args=[due.pk])).content.decode()
    assert 'name="act"' not in page


def test_acting_needs_a_post_and_a_known_verb(client, officer, due):
    assert client.get(reverse(ACT, args=[due.pk])).status_code == 405
    assert client.post(reverse(ACT, args=[due.pk]), {"act": "delete"}).status_code == 404
    assert client.post(reverse(ACT, args=[due.pk])).status_code == 404


def test_a_failed_row_is_tried_again(client, officer, due, fake, now):
    fake.misbehave("/", "refused")
    services.delivery_send(actor=None, delivery_id=due.pk, now=now)
    assert 'value="retry"' in client.get(reverse(INSPECT, args=[due.pk])).content.decode()
    act(client, due, act="retry")
    assert Delivery.objects.get(pk=due.pk).state == State.SENT
    assert AuditEntry.objects.get(verb="delivery_retried").actor_name == officer.username


def test_an_unclear_row_cannot_be_tried_again_blindly(client, officer, due, fake, now):
    fake.misbehave("/", "reset_after_accept")
    services.delivery_send(actor=None, delivery_id=due.pk, now=now)
    page = client.get(reverse(INSPECT, args=[due.pk])).content.decode()
    assert 'value="retry"' not in page
    assert 'value="confirm"' in page
    act(client, due, act="retry")
    assert Delivery.objects.get(pk=due.pk).state == State.UNKNOWN
    assert len(fake.ledger.entries()) == 1


def test_a_person_who_found_the_post_records_it(client, officer, due, fake, now):
    fake.misbehave("/", "reset_after_accept")
    services.delivery_send(actor=None, delivery_id=due.pk, now=now)
    act(client, due, act="confirm", external_url="javascript:alert(1)")
    assert Delivery.objects.get(pk=due.pk).state == State.UNKNOWN
    act(client, due, act="confirm", external_url="https://www.facebook.com/1")
    row = Delivery.objects.get(pk=due.pk)
    assert (row.state, row.external_url) == (State.SENT, "https://www.facebook.com/1")


def test_a_person_who_looked_in_vain_has_it_sent(client, officer, due, fake, now):
    fake.misbehave("/", "reset_before_accept")
    services.delivery_send(actor=None, delivery_id=due.pk, now=now)
    act(client, due, act="absent")
    assert Delivery.objects.get(pk=due.pk).state == State.SENT
    assert len(fake.ledger.entries()) == 1


def test_cancelling_needs_a_reason(client, officer, due):
    for reason in ("  ", "เลิก <b", "กกกกกกกกกกกกกก"):
        answer = client.post(reverse(ACT, args=[due.pk]), {"act": "cancel", "reason": reason})
        assert answer.status_code == 422
        body = answer.content.decode()
        assert "เหตุผลที่ยกเลิก" in body or "Reason for cancelling" in body
        assert f'value="{escape(reason)}"' in body
        assert 'id="reason-problem"' in body
        assert Delivery.objects.get(pk=due.pk).state == State.DUE
    act(client, due, act="cancel", reason="ยกเลิกกิจกรรม")
    row = Delivery.objects.get(pk=due.pk)
    assert (row.state, row.error) == (State.CANCELLED, "ยกเลิกกิจกรรม")


def test_a_sent_row_cannot_be_cancelled(client, officer, due, now):
    services.delivery_send(actor=None, delivery_id=due.pk, now=now)
    act(client, due, act="cancel", reason="x")
    assert Delivery.objects.get(pk=due.pk).state == State.SENT


# Channels


def channel_form(**changes):
    values = {
        "kind": "facebook",
        "name": "เพจหน่วยงาน",
        "active": "on",
        "config": '{"base_url": "http://127.0.0.1:8901/graph", "page_id": "7"}',
        "secret": PAGE_TOKEN,
    }
    return {**values, **changes}


def test_a_channel_is_added_to_ones_own_agency_only(client, officer, agency, make_agency):
    other = make_agency("education")
    response = client.post(reverse("pr_channels:add"), channel_form(agency=other.pk))
    assert response.status_code == 302
    channel = Channel.objects.get()
    assert channel.agency == agency
    assert channel.secret == PAGE_TOKEN
    entry = AuditEntry.objects.get(verb="channel_create")
    assert "secret" in entry.data["changed"]
    assert PAGE_TOKEN not in str(entry.data)


def test_the_end_of_a_token_is_read_and_shown_in_the_buddhist_era(client, officer):
    client.post(reverse("pr_channels:add"), channel_form(token_expires_at="31/1/2570 12:00"))
    channel = Channel.objects.get()
    assert channel.token_expires_at == datetime(2027, 1, 31, 12, tzinfo=BANGKOK)
    shown = client.get(reverse("pr_channels:edit", args=[channel.pk])).content.decode()
    assert 'value="31/1/2570 12:00"' in shown or 'value="31/01/2570 12:00"' in shown
    refused = client.post(reverse("pr_channels:edit", args=[channel.pk]), channel_form(token_expires_at="31/13/2570"))
    assert list(refused.context["form"].errors) == ["token_expires_at"]


def test_a_secret_is_never_rendered(client, login, officer, agency, add_channel):
    channels = [add_channel(agency, "facebook"), add_channel(agency, "webhook")]
    login(None, superuser=True)
    addresses = [reverse("pr_channels:index")]
    addresses += [reverse(f"pr_channels:{view}", args=[row.pk]) for row in channels for view in ("edit", "history")]
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        assert PAGE_TOKEN not in response.content.decode()
        assert WEBHOOK_SECRET not in response.content.decode()


def test_a_refused_form_does_not_give_the_secret_back(client, officer):
    response = client.post(reverse("pr_channels:add"), channel_form(config="{}", secret="typed-just-now"))
    assert response.status_code == 200
    assert "page_id" in response.content.decode() or "base_url" in response.content.decode()
    assert "typed-just-now" not in response.content.decode()


def test_an_empty_secret_keeps_the_stored_one_and_a_new_one_replaces_it(client, officer, agency, add_channel):
    channel = add_channel(agency)
    address = reverse("pr_channels:edit", args=[channel.pk])
    assert client.post(address, channel_form(secret="", name="ใหม่")).status_code == 302
    channel.refresh_from_db()
    assert (channel.name, channel.secret) == ("ใหม่", PAGE_TOKEN)
    assert "secret" not in AuditEntry.objects.filter(verb="channel_change").latest("id").data["changed"]
    client.post(address, channel_form(secret="new-token"))
    channel.refresh_from_db()
    assert channel.secret == "new-token"


def test_the_kind_of_a_channel_stays(client, officer, agency, add_channel):
    channel = add_channel(agency)
    client.post(reverse("pr_channels:edit", args=[channel.pk]), channel_form(kind="webhook"))
    channel.refresh_from_db()
    assert channel.kind == "facebook"


@pytest.mark.parametrize("view", ["edit", "history"])
def test_another_agencys_channel_does_not_exist(client, officer, foreign, view):
    assert refused(client.get(reverse(f"pr_channels:{view}", args=[foreign.channel_id])))
    assert "ช่องทางของเขต" not in client.get(reverse("pr_channels:index")).content.decode()
    assert refused(client.post(reverse("pr_channels:edit", args=[foreign.channel_id]), channel_form()))
    assert Channel.objects.get(pk=foreign.channel_id).name == "ช่องทางของเขต"


def test_a_second_channel_with_the_same_name_is_refused_in_words(client, officer, agency, add_channel):
    add_channel(agency, name="เพจหน่วยงาน")
    assert client.post(reverse("pr_channels:add"), channel_form()).status_code == 200
    assert Channel.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"config": '{"page_id": "7"}'}, "config"),
        ({"config": '{"base_url": "ftp://x", "page_id": "7"}'}, "config"),
        ({"config": '{"base_url": "http://user:pw@x", "page_id": "7"}'}, "config"),
        ({"config": '{"base_url": "http://x", "page_id": "7", "access_token": "t"}'}, "config"),
        ({"config": "[]"}, "config"),
        ({"config": "no json"}, "config"),
        ({"secret": ""}, "secret"),
        ({"secret": "has spaces"}, "secret"),
        ({"secret": "ไทย"}, "secret"),
        ({"kind": "email", "config": '{"recipients": ["nobody"]}'}, "config"),
        ({"kind": "email", "config": '{"recipients": "a@example.go.th"}'}, "config"),
        ({"kind": "fax"}, "kind"),
        ({"name": ""}, "name"),
    ],
)
def test_bad_channels_are_refused_at_their_field(client, officer, changes, field):
    response = client.post(reverse("pr_channels:add"), channel_form(**changes))
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {field}
    assert not Channel.objects.exists()
