"""What the tests of this step stand on: an agency with live news, its channels, and the fake channels that receive."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from wagtail.models import Locale, Page, Site

from pr_workflow.distribution.adapters import http
from pr_workflow.distribution.fake_channels import FakeChannels
from pr_workflow.distribution.models import Channel, Delivery
from pr_workflow.distribution.services import delivery_plan
from pr_workflow.people.models import Agency
from pr_workflow.publishing.models import Posting, PublishedItem

WEBHOOK_SECRET = "whsec_" + "c2lnbmVkIGluIHRlc3RzIG9ubHk="
PAGE_TOKEN = "EAAB-page-token-of-the-tests"


@pytest.fixture
def now():
    """The moment the news went live. Real time, because the fake channels stamp their posts with it."""
    return datetime.now(UTC)


@pytest.fixture
def fake(monkeypatch):
    """A running server that knows the page ``health-page`` and the receiver ``partner``."""
    monkeypatch.setattr(http, "READ_TIMEOUT", 0.4)
    with FakeChannels(secrets={"partner": WEBHOOK_SECRET}, tokens={"health-page": PAGE_TOKEN}) as server:
        yield server


@pytest.fixture
def make_agency(db):
    """An agency with a site of its own."""

    def make(code="health"):
        # A transactional test before this one may have emptied the database.
        Locale.objects.get_or_create(language_code="th")
        root = Page.get_first_root_node() or Page.add_root(instance=Page(title="Root", slug="root"))
        home = root.add_child(instance=Page(title=code, slug=f"{code}-home"))
        site = Site.objects.create(hostname=f"{code}.localhost", port=8000, root_page=home)
        return Agency.objects.create(code=code, name=f"หน่วยงาน {code}", site=site)

    return make


@pytest.fixture
def agency(make_agency):
    return make_agency()


@pytest.fixture
def publish(now):
    """Put a page of any type live and write what the publishing step writes; returns the PublishedItem."""

    def put_live(agency, title="วันเด็กแห่งชาติ", *, page=None, went_live_at=now):
        page = page or agency.site.root_page.specific.add_child(instance=Page(title=title, live=False))
        revision = page.save_revision()
        Page.objects.filter(pk=page.pk).update(live=True, live_revision=revision)
        Posting.objects.create(
            agency=agency,
            page_id=page.pk,
            revision=revision,
            opened_at=went_live_at,
            due_at=went_live_at + timedelta(days=1),
            went_live_at=went_live_at,
        )
        facts = {
            "agency": agency,
            "revision": revision,
            "title": title,
            "lead": "ชวนครอบครัวร่วมกิจกรรม",
            "url": page.specific.full_url,
            "news_type": "news",
            "fiscal_year_be": 2570,
            "published_at": went_live_at,
            "updated_at": went_live_at,
            "list_json": "{}",
            "detail_json": json.dumps({"title": title}),
            "content_hash": "c" * 64,
            "etag": "e" * 64,
        }
        return PublishedItem.objects.update_or_create(page_id=page.pk, defaults=facts)[0]

    return put_live


@pytest.fixture
def add_channel(fake):
    """A channel of an agency that leads to the fake channels."""
    hook = f"{fake.base_url}/hooks/partner"
    ways = {
        "facebook": ({"base_url": f"{fake.base_url}/graph", "page_id": "health-page"}, PAGE_TOKEN),
        "webhook": ({"url": hook, "lookup_url": hook}, WEBHOOK_SECRET),
        "email": ({"recipients": ["press@example.go.th"]}, ""),
        "website": ({"verify": "record"}, ""),
    }

    def add(agency, kind="facebook", name=None, **changes):
        config, secret = ways[kind]
        values = {"config": {**config, **changes.pop("config", {})}, "secret": secret, **changes}
        return Channel.objects.create(agency=agency, kind=kind, name=name or kind, **values)

    return add


@pytest.fixture
def due(agency, publish, add_channel, now):
    """A planned and due delivery of fresh news on the Facebook page."""
    add_channel(agency)
    (delivery,) = delivery_plan(actor=None, item=publish(agency), now=now)
    assert delivery.state == Delivery.State.DUE
    return delivery
