"""Each adapter over real HTTP: what is posted, how a failure is read, and how a post is found again."""

import smtplib
import socket
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from unittest import mock

import pytest
import requests
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from pr_workflow.distribution.adapters import ChannelRefused, ChannelUnclear, Message, adapter_for
from pr_workflow.distribution.adapters.facebook import MARKER, FacebookAdapter
from pr_workflow.distribution.adapters.webhook import WebhookAdapter
from pr_workflow.distribution.fake_channels import graph

from .conftest import PAGE_TOKEN, WEBHOOK_SECRET

NOW = datetime.now(UTC)
MESSAGE = Message(
    title="วันเด็กแห่งชาติ ๒๕๗๐",
    lead="ชวนครอบครัวร่วมกิจกรรม",
    url="http://health.localhost:8000/news/วันเด็ก/?lang=th",
    agency_name="กพร.",
    published_at=NOW,
    content_hash="a" * 64,
    detail={"title": "วันเด็กแห่งชาติ ๒๕๗๐"},
)


@dataclass
class Facts:
    """What an adapter may know of a ledger row."""

    idempotency_key: uuid.UUID = field(default_factory=uuid.uuid4)
    went_live_at: datetime = NOW
    page_id: int = 1
    revision_id: int = 7
    page: object = None


@pytest.fixture
def facebook(fake):
    return FacebookAdapter(base_url=f"{fake.base_url}/graph/v26.0", page_id="health-page", token=PAGE_TOKEN)


@pytest.fixture
def webhook(fake):
    hook = f"{fake.base_url}/hooks/partner"
    return WebhookAdapter(url=hook, secret=WEBHOOK_SECRET, lookup_url=hook)


@pytest.fixture(params=["facebook", "webhook"])
def channel(request):
    return request.getfixturevalue(request.param)


def closed_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def test_a_post_arrives_once_and_is_found_again(channel, fake):
    facts = Facts()
    assert channel.find(facts) is None
    receipt = channel.send(facts, MESSAGE)
    assert receipt.external_id
    assert channel.find(facts).external_id == receipt.external_id
    assert len(fake.ledger.entries()) == 1


def test_another_rows_post_is_not_taken_for_this_one(channel):
    channel.send(Facts(), MESSAGE)
    assert channel.find(Facts()) is None


def test_facebook_posts_headline_lead_agency_and_a_link_that_keeps_its_own_query(facebook, fake):
    facts = Facts()
    facebook.send(facts, MESSAGE)
    (post,) = fake.ledger.entries(kind="facebook", page="health-page")
    assert post["message"] == "วันเด็กแห่งชาติ ๒๕๗๐\n\nชวนครอบครัวร่วมกิจกรรม\n\nกพร."
    assert post["link"] == f"{MESSAGE.url}&{MARKER}={facts.idempotency_key.hex}"


def test_webhook_is_signed_and_names_its_idempotency_key(webhook, fake):
    facts = Facts()
    webhook.send(facts, MESSAGE)
    (arrival,) = fake.ledger.entries(kind="webhook", name="partner")
    assert arrival["event_id"] == str(facts.idempotency_key)
    assert arrival["event"]["type"] == "news.published"
    assert arrival["event"]["data"]["detail"] == MESSAGE.detail


def test_webhook_with_a_wrong_secret_is_refused_for_good_and_not_taken(fake):
    adapter = WebhookAdapter(url=f"{fake.base_url}/hooks/partner", secret="whsec_d3Jvbmc=")
    with pytest.raises(ChannelRefused) as refusal:
        adapter.send(Facts(), MESSAGE)
    assert refusal.value.permanent
    assert fake.ledger.entries() == []


def test_a_signing_secret_that_is_none_is_refused_before_anything_leaves(fake):
    for secret in ("", "whsec_", "whsec_ไทย"):
        with pytest.raises(ChannelRefused):
            WebhookAdapter(url=f"{fake.base_url}/hooks/partner", secret=secret).send(Facts(), MESSAGE)
    assert fake.ledger.entries() == []


def test_facebook_with_a_wrong_token_is_refused_for_good_and_does_not_name_it(fake):
    adapter = FacebookAdapter(base_url=f"{fake.base_url}/graph", page_id="health-page", token="stolen-token")
    with pytest.raises(ChannelRefused) as refusal:
        adapter.send(Facts(), MESSAGE)
    assert refusal.value.permanent
    assert "stolen-token" not in f"{refusal.value}{refusal.value.__cause__!r}"


@pytest.mark.parametrize(
    ("fault", "error", "arrives"),
    [
        ("timeout_after_accept", ChannelUnclear, True),
        ("timeout_before_accept", ChannelUnclear, False),
        ("error_after_accept", ChannelUnclear, True),
        ("error_before_accept", ChannelUnclear, False),
        ("reset_after_accept", ChannelUnclear, True),
        ("reset_before_accept", ChannelUnclear, False),
        ("too_many_requests", ChannelRefused, False),
        ("refused", ChannelRefused, False),
    ],
)
def test_every_fault_is_read_as_what_it_proves(channel, fake, fault, error, arrives):
    """Only an answer that proves "not taken" is a refusal; whatever leaves a doubt is unclear."""
    fake.misbehave("/", fault, seconds=3)
    with pytest.raises(error):
        channel.send(Facts(), MESSAGE)
    assert len(fake.ledger.entries()) == arrives


def test_an_answer_without_the_number_of_the_post_is_unclear(facebook, fake):
    fake.misbehave("/graph", "garbage_after_accept")
    with pytest.raises(ChannelUnclear):
        facebook.send(Facts(), MESSAGE)


def test_a_channel_that_asks_to_wait_says_how_long(channel, fake):
    fake.misbehave("/", "too_many_requests", seconds=90)
    with pytest.raises(ChannelRefused) as refusal:
        channel.send(Facts(), MESSAGE)
    assert refusal.value.retry_after == timedelta(seconds=90)
    assert not refusal.value.permanent


def test_a_closed_port_is_surely_not_posted():
    adapter = FacebookAdapter(base_url=f"http://127.0.0.1:{closed_port()}", page_id="p", token="t")
    with pytest.raises(ChannelRefused) as refusal:
        adapter.send(Facts(), MESSAGE)
    assert not refusal.value.permanent


@pytest.mark.parametrize("base_url", ["http://", "ftp://127.0.0.1", "nonsense"])
def test_an_address_that_is_none_is_refused_for_good(base_url):
    with pytest.raises(ChannelRefused) as refusal:
        FacebookAdapter(base_url=base_url, page_id="p", token="t").send(Facts(), MESSAGE)
    assert refusal.value.permanent


@pytest.mark.parametrize(("code", "error"), [(1, ChannelUnclear), (506, ChannelUnclear), (32, ChannelRefused)])
def test_facebook_codes_count_more_than_the_status(facebook, monkeypatch, code, error):
    reply = (400, {"error": {"code": code, "message": "x"}})
    monkeypatch.setattr(graph, "post_to_feed", lambda *post: reply)
    with pytest.raises(error) as failure:
        facebook.send(Facts(), MESSAGE)
    assert not getattr(failure.value, "permanent", False)


def test_a_redirect_is_not_followed(facebook, monkeypatch):
    monkeypatch.setattr(graph, "post_to_feed", lambda *post: (307, {}))
    with pytest.raises(ChannelRefused):
        facebook.send(Facts(), MESSAGE)


def test_the_feed_is_read_page_by_page(facebook, fake):
    facts = Facts()
    facebook.send(facts, MESSAGE)
    for _number in range(120):
        fake.ledger.add(kind="facebook", page="health-page", message="x", link="http://example.go.th/")
    assert facebook.find(facts).external_id == "health-page_1"


def test_a_feed_that_never_reaches_the_go_live_decides_nothing(facebook, fake):
    for _number in range(600):
        fake.ledger.add(kind="facebook", page="health-page", message="x", link="http://example.go.th/")
    with pytest.raises(ChannelUnclear):
        facebook.find(Facts())


def test_a_feed_read_back_to_before_the_go_live_proves_absence(facebook, fake):
    for _number in range(600):
        fake.ledger.add(kind="facebook", page="health-page", message="x", link="http://example.go.th/")
    assert facebook.find(Facts(went_live_at=NOW + timedelta(days=1))) is None


@pytest.mark.parametrize("fault", ["error_before_accept", "reset_before_accept", "refused", "garbage_after_accept"])
def test_a_failing_look_never_proves_absence(channel, fake, fault):
    fake.misbehave("/", fault, method="GET")
    with pytest.raises((ChannelUnclear, ChannelRefused)):
        channel.find(Facts())


def test_a_receiver_without_lookup_is_left_to_a_person(fake):
    adapter = WebhookAdapter(url=f"{fake.base_url}/hooks/partner", secret=WEBHOOK_SECRET)
    with pytest.raises(ChannelUnclear) as doubt:
        adapter.find(Facts())
    assert doubt.value.for_person


def test_the_token_travels_in_a_header_and_never_in_an_address(facebook, monkeypatch):
    seen = []
    real = requests.request
    monkeypatch.setattr(requests, "request", lambda *args, **options: seen.append(args) or real(*args, **options))
    facebook.send(Facts(), MESSAGE)
    facebook.find(Facts())
    assert len(seen) == 2
    assert PAGE_TOKEN not in repr(seen)


def email_adapter(**config):
    settings = {"recipients": ["a@example.go.th", "b@example.go.th"], "from_email": "pr@example.go.th", **config}
    return adapter_for(SimpleNamespace(kind="email", config=settings, secret=""))


def test_email_hides_recipients_from_each_other_and_carries_the_key():
    facts = Facts()
    receipt = email_adapter().send(facts, MESSAGE)
    (sent,) = mail.outbox
    assert sent.bcc == ["a@example.go.th", "b@example.go.th"]
    assert not {*sent.bcc} & {*sent.to, *sent.cc}
    assert sent.message()["Message-ID"] == f"<{facts.idempotency_key}@example.go.th>" == receipt.external_id
    assert MESSAGE.url in sent.body


@pytest.mark.parametrize(
    ("failure", "error", "permanent"),
    [
        (smtplib.SMTPRecipientsRefused({"a@example.go.th": (550, b"no")}), ChannelRefused, True),
        (smtplib.SMTPRecipientsRefused({"a@example.go.th": (450, b"busy")}), ChannelRefused, False),
        (smtplib.SMTPDataError(554, b"spam"), ChannelRefused, True),
        (smtplib.SMTPDataError(451, b"later"), ChannelRefused, False),
        (smtplib.SMTPServerDisconnected(), ChannelUnclear, None),
        (TimeoutError(), ChannelUnclear, None),
        (ConnectionResetError(), ChannelUnclear, None),
    ],
)
def test_email_failures_are_read_as_what_they_prove(monkeypatch, failure, error, permanent):
    monkeypatch.setattr(EmailBackend, "send_messages", mock.Mock(side_effect=failure))
    with pytest.raises(error) as raised:
        email_adapter().send(Facts(), MESSAGE)
    assert getattr(raised.value, "permanent", None) is permanent


def test_a_mail_server_that_is_away_is_surely_not_posted(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", closed_port()
    with pytest.raises(ChannelRefused) as refusal:
        email_adapter().send(Facts(), MESSAGE)
    assert not refusal.value.permanent


def test_email_without_recipient_is_refused_and_mail_is_never_read_back():
    with pytest.raises(ChannelRefused):
        email_adapter(recipients=[]).send(Facts(), MESSAGE)
    with pytest.raises(ChannelUnclear) as doubt:
        email_adapter().find(Facts())
    assert doubt.value.for_person
    assert mail.outbox == []


def test_incomplete_settings_are_refused_for_good():
    for kind in ("email", "webhook", "facebook"):
        with pytest.raises(ChannelRefused) as refusal:
            adapter_for(SimpleNamespace(kind=kind, config={}, secret="x"))
        assert refusal.value.permanent
