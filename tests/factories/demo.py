"""The demo as tests load it: at a fixed moment, inside the transaction of the test."""

from contextlib import contextmanager
from datetime import datetime
from unittest import mock

from django.test import Client, TestCase

from home.demo import clock, content, loading
from home.demo.clock import time_at
from home.demo.loading import Ports, demo_load
from home.models import NewsPage
from pr_workflow.people.models import Agency
from pr_workflow.thai_time import BANGKOK

#: Friday evening, after office hours.
NOW = datetime(2026, 11, 20, 18, 30, tzinfo=BANGKOK)
PORTS = Ports(site=8000, fake_channels=8901)
AGENCIES = ("kpr", "spp")
#: What stands on the site beside the items that simply went the whole way.
PUBLIC = ("published", "fast_lane", "failed_once", "small_correction", "material_correction", "emergency")


def news_with(status: str) -> list[dict]:
    """The items of the content file with this status."""
    return [item for item in content.content()["news"] if item["suggested_status"] == status]


def the_page(status: str) -> NewsPage:
    """The page of the only item with this status."""
    (item,) = news_with(status)
    return page_of(item)


def page_of(item: dict) -> NewsPage:
    """The page of an item of the content file."""
    return NewsPage.objects.get(uuid=content.lasting_uuid(item["key"]))


@contextmanager
def commits_at(moment):
    """In a test every act is inside one transaction; what waits for the commit runs at the end of its act."""
    with time_at(moment), TestCase.captureOnCommitCallbacks(execute=True):
        yield


@contextmanager
def committing():
    """Let the load, inside the transaction of a test, run what waits for the commit at the end of each act."""
    with mock.patch.object(clock, "time_at", commits_at), mock.patch.object(loading, "time_at", commits_at):
        yield


def load(now: datetime = NOW, **options) -> bool:
    """Load the demo as the command does; False when it is there already."""
    with committing():
        return demo_load(ports=PORTS, now=now, **options)


def log_in(agency: Agency, username: str) -> Client:
    """A browser in which somebody of the demo has logged in."""
    client = Client(headers={"host": f"{agency.site.hostname}:8000"})
    answer = client.post("/admin/login/", {"username": username, "password": content.PASSWORD})
    assert answer.status_code == 302, username
    return client
