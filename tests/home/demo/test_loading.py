"""load_demo: interrupted, early, in parts, twice; what was there already stays (R70)."""

import json
from datetime import datetime
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from wagtail.models import Page, Site

from home.demo import content, loading, news
from home.models import NewsPage
from pr_workflow.approval.models import ApprovalSeal
from pr_workflow.approval.services import news_submit
from pr_workflow.audit.models import AuditEntry
from pr_workflow.distribution.models import Channel, Delivery
from pr_workflow.people.grants import publishing_groups
from pr_workflow.plan.models import AnnualPlan
from pr_workflow.thai_time import BANGKOK
from tests.factories.demo import (
    committing,
    load,
    news_with,
    page_of,
)


@pytest.fixture
def short_file(tmp_path, monkeypatch):
    """A content file with only the first agency and the news of these keys."""

    def cut(*keys: str) -> None:
        whole = content.content()
        file = tmp_path / "content.json"
        short = {
            **whole,
            "agencies": whole["agencies"][:1],
            "plans": whole["plans"][:1],
            "news": [item for item in whole["news"] if item["key"] in keys],
        }
        file.write_text(json.dumps(short), encoding="utf-8")
        monkeypatch.setattr(content, "CONTENT_FILE", file)
        content.content.cache_clear()

    yield cut
    content.content.cache_clear()


def test_an_interrupted_load_is_finished_by_the_next(db, short_file, monkeypatch):
    short_file("h-plan-2570", "h-handwash-2569")
    attempts = []

    def power_cut(**kwargs):
        attempts.append(kwargs["page"].slug)
        if len(attempts) == 2:
            raise RuntimeError("power cut")
        return news_submit(**kwargs)

    with monkeypatch.context() as broken:
        broken.setattr(news, "news_submit", power_cut)
        with pytest.raises(RuntimeError, match="power cut"):
            load()
    assert not loading.demo_is_loaded()
    assert load() is True
    assert loading.demo_is_loaded()
    for item in content.content()["news"]:
        assert page_of(item).live
        assert ApprovalSeal.objects.filter(revision=page_of(item).live_revision).count() == 3
        assert AuditEntry.objects.filter(verb="news_submit", target_id=str(page_of(item).pk)).count() == 1
    assert NewsPage.objects.count() == 2
    assert get_user_model().objects.filter(username="k-hw").count() == 1
    assert load() is False


def test_the_demo_of_an_early_day_dates_nothing_in_the_future(db, short_file):
    """Somebody's clock may stand before the events of the file: everything is then pushed together before it."""
    short_file("h-diabetes-2569", "h-toilet-2569")
    early = datetime(2026, 10, 20, 10, 0, tzinfo=BANGKOK)
    load(early)
    assert AuditEntry.objects.filter(at__gt=early).count() == 0
    times = list(AuditEntry.objects.filter(chain="kpr").order_by("sequence").values_list("at", flat=True))
    assert times == sorted(times)
    (item,) = news_with("published")
    assert page_of(item).live
    assert page_of(item).first_published_at <= early


def test_news_that_cannot_go_live_stops_the_load(db, short_file, monkeypatch):
    short_file("h-plan-2570")

    def broken(**kwargs):
        raise RuntimeError("no room on the disk")

    monkeypatch.setattr("pr_workflow.publishing.going_live.published_items_write", broken)
    with pytest.raises(RuntimeError, match="h-plan-2570 did not go live"):
        load()
    assert not loading.demo_is_loaded()


def test_people_and_plans_alone(db, short_file):
    short_file("h-plan-2570")
    assert load(with_news=False) is True
    assert AnnualPlan.objects.get().live
    assert NewsPage.objects.count() == 0
    assert not loading.demo_is_loaded()


def test_news_loaded_later_is_sent_nowhere_either(db, short_file):
    """The channels are there already, open to the world; the past must not go out through them."""
    short_file("h-plan-2570")
    load(with_news=False)
    assert Channel.objects.filter(active=True).count() == 4
    assert load() is True
    assert [(row.channel.kind, row.state) for row in Delivery.objects.all()] == [("website", "sent")]
    assert Channel.objects.filter(active=True).count() == 4
    assert Channel.objects.get(kind="website").config == {}


def test_somebody_s_own_welcome_page_is_kept(db, short_file):
    short_file()
    site = Site.objects.get(hostname="localhost")
    site.root_page.add_child(instance=Page(title="ของเราเอง", slug="own"))
    load(with_news=False)
    assert Site.objects.filter(hostname="localhost").exists()
    assert Page.objects.filter(slug="own").exists()
    assert Site.objects.filter(is_default_site=True).count() == 1


def test_stock_groups_with_members_are_kept_and_named(db, short_file):
    short_file()
    moderators = Group.objects.get(name="Moderators")
    get_user_model().objects.create_user("someone").groups.add(moderators)
    load(with_news=False)
    assert list(publishing_groups()) == [moderators]


def test_the_command_says_what_it_did(db, short_file):
    short_file()
    first, second, with_banner = StringIO(), StringIO(), StringIO()
    with committing():
        call_command("load_demo", stdout=first)
        call_command("load_demo", stdout=second)
        call_command("load_demo", "--port", "8123", "--banner", stdout=with_banner)
    assert "was loaded" in first.getvalue()
    assert "there already" in second.getvalue()
    assert "http://health.localhost:8123/admin/" in with_banner.getvalue()
    assert content.PASSWORD in with_banner.getvalue()
