"""A stage put back is the stage the services made, to the last row and file; or it is made anew."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client

from home.models import NewsPage
from pr_workflow.audit.models import AuditEntry
from pr_workflow.audit.services import audit_verify
from pr_workflow.people.models import Agency
from pr_workflow.signals import news_submitted
from tests.factories.office import MORNING, Office, live, make_draft, submit
from tests.stage_rows import TableRows, key_columns
from tests.stages import kept

pytestmark = pytest.mark.django_db
#: One entry for each time the factory below really ran.
runs: list[str] = []


class Undone(Exception):
    """Ends a try-out; its savepoint is rolled back."""


@kept
def public_item(office: Office, title: str = "ข่าวของชุดทดสอบนี้", *, now=MORNING + timedelta(hours=5)) -> NewsPage:
    """An item that went the whole way, and a note that it really did."""
    runs.append(title)
    return live(office, title=title, now=now)


@pytest.fixture
def item(office) -> NewsPage:
    """The item, made or put back. From here on its factory has no reason to run again."""
    page = undone(lambda: public_item(office))[0]
    runs.clear()
    return page


def undone(act):
    """What an act returned, all rows after it, and how many acts then wait for the commit."""
    tables = sorted(set(key_columns()) & set(connection.introspection.table_names()))
    waiting = len(connection.run_on_commit)
    try:
        with transaction.atomic():
            result = act()
            rows = {table: TableRows.of(table).rows for table in tables}
            seen = result, rows, len(connection.run_on_commit) - waiting
            raise Undone
    except Undone:
        return seen


def test_the_same_rows_stand_there_again(office, item):
    first, rows, waiting = undone(lambda: public_item(office))
    again, rows_again, waiting_again = undone(lambda: public_item(office))
    assert runs == []
    assert rows == rows_again
    assert waiting == waiting_again
    assert first.pk == again.pk == item.pk
    assert first is not again


def test_they_are_the_rows_the_services_write(office, item):
    """Apart from their numbers on PostgreSQL, random names and the clock of the machine."""

    def log():
        return list(AuditEntry.objects.order_by("pk").values_list("verb", "actor_name", "target_label", "at"))

    (put_back, log_put_back), rows_put_back, _waiting = undone(lambda: (public_item(office), log()))
    assert runs == []
    (real, log_real), rows_real, _waiting = undone(lambda: (public_item.__wrapped__(office), log()))
    assert runs == [real.title]
    assert log_put_back == log_real
    assert len(log_real) > 5
    assert {table: len(rows) for table, rows in rows_put_back.items()} == {
        table: len(rows) for table, rows in rows_real.items()
    }
    assert put_back.photos[0].value["caption"] == real.photos[0].value["caption"]


def test_what_is_put_back_goes_on(office, item):
    """The chain of the log still fits, and the flow goes on from there."""
    page = public_item(office)
    assert runs == []
    assert page.live
    assert audit_verify(chain=office.agency.code) is None
    draft = page.get_latest_revision_as_object()
    draft.lead = "แก้แล้ว"
    draft.save_revision(user=office.writer)
    assert submit(office, NewsPage.objects.get(pk=page.pk)).status == "in_progress"
    assert audit_verify(chain=office.agency.code) is None


def test_a_change_to_the_object_stays_in_its_test(office, item):
    page = public_item(office)
    page.title = "เปลี่ยนในหน่วยความจำ"
    assert undone(lambda: NewsPage.objects.get(pk=page.pk))[0].title == item.title


def test_a_removed_file_is_there_again(office, item):
    def file_of(page) -> Path:
        return Path(page.photos[0].value["image"].file.path)

    path, content = undone(lambda: (file_of(page := public_item(office)), file_of(page).read_bytes()))[0]
    path.unlink()
    assert file_of(public_item(office)) == path
    assert path.read_bytes() == content


def test_a_login_before_it_changes_nothing(office, item):
    Client().force_login(office.writer)
    public_item(office)
    assert runs == []


@pytest.mark.parametrize("fields", [{"title": "อีกข่าว"}, {"now": MORNING + timedelta(hours=6)}])
def test_other_arguments_make_another_item(office, item, fields):
    page = undone(lambda: public_item(office, **fields))[0]
    assert runs
    assert page.title == fields.get("title", item.title)


def test_after_another_write_it_is_made_from_there(office, item):
    Agency.objects.filter(pk=office.agency.pk).update(name="ชื่อใหม่ของหน่วยงาน")
    make_draft(office, title="ข่าวก่อนหน้า")
    page = public_item(office)
    assert runs == [item.title]
    assert page.pk > item.pk


def test_a_write_that_is_rolled_back_does_not_count(office, item):
    undone(lambda: make_draft(office, title="ข่าวที่ไม่มีแล้ว"))
    assert public_item(office).pk == item.pk
    assert runs == []


def test_while_something_is_patched_it_is_made_anew(office, item, monkeypatch):
    monkeypatch.setattr("tests.factories.office.PASSWORD", "another one")
    public_item(office)
    assert runs == [item.title]


def test_while_somebody_listens_it_is_made_anew(office, item):
    heard = []

    def hear(sender, page, **kwargs):
        heard.append(page.pk)

    news_submitted.connect(hear)
    page = public_item(office)
    assert runs == [item.title]
    assert heard == [page.pk]


def test_at_another_hour_or_under_other_settings_it_is_made_anew(office, item, settings):
    with time_machine.travel(MORNING + timedelta(days=400), tick=False):
        undone(lambda: public_item(office))
    settings.WAGTAIL_SITE_NAME = "ชื่อของการทดสอบนี้"
    public_item(office)
    assert runs == [item.title] * 2
