"""What factories remember is what they do: the same rows, files and promises; and nothing where it could differ."""

from pathlib import Path

import pytest
from django.db import connection, transaction

from home.models import NewsPage
from pr_workflow.people.roles import CHAIN
from pr_workflow.signals import news_approved
from tests.factories.office import (
    approve_all,
    live,
    make_administrator,
    make_draft,
    make_office,
    read_and_approve,
    submit,
)
from tests.remembered import the_memories

pytestmark = pytest.mark.django_db


def rows() -> dict[str, list[tuple]]:
    """Every row of the database."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            found[table] = sorted(map(repr, cursor.fetchall()))
    return found


def story(office) -> dict[str, list[tuple]]:
    make_office("spp")
    make_administrator()
    page = make_draft(office, title="ข่าวของเรื่อง")
    submit(office, page)
    approve_all(office, page)
    live(office, title="อีกข่าว")
    assert the_memories.knows
    return rows()


def rolled_back(tell, office):
    """What a story leaves, seen before it is taken back."""
    with transaction.atomic():
        seen = tell(office)
        transaction.set_rollback(True)
    the_memories.begin()
    return seen


def real_runs(monkeypatch, call) -> int:
    """How often a factory ran for real in a call."""
    kept = []
    record = the_memories._record
    monkeypatch.setattr(the_memories, "_record", lambda *args: kept.append(args) or record(*args))
    call()
    monkeypatch.undo()
    return len(kept)


def test_the_same_rows_stand_there_the_second_time(office):
    first = rolled_back(story, office)
    again = rolled_back(story, office)
    assert again == first
    assert len(first["pr_workflow_approvalseal"]) == 2 * len(CHAIN)


def test_the_second_time_nothing_runs_but_the_statements(office, monkeypatch):
    the_memories.begin()
    rolled_back(story, office)
    assert real_runs(monkeypatch, lambda: rolled_back(story, office)) == 0


def test_it_returns_what_can_be_worked_with(office):
    rolled_back(lambda office: live(office), office)
    page = live(office)
    assert page.pk == NewsPage.objects.get().pk
    image = page.photos[0].value["image"]
    assert Path(image.file.path).exists()
    page.title = "เปลี่ยนในความจำ"
    assert rolled_back(lambda office: live(office).title, office) != page.title


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"other")], ids=["lost", "damaged"])
def test_a_file_is_written_again(office, damage):
    path = rolled_back(lambda office: Path(live(office).photos[0].value["image"].file.path), office)
    content = path.read_bytes()
    damage(path)
    live(office)
    assert path.read_bytes() == content


def test_the_promises_after_the_commit_are_made_again(office, django_capture_on_commit_callbacks):
    def promises(office) -> list:
        with django_capture_on_commit_callbacks() as made:
            live(office)
        return list(made)

    first, again = rolled_back(promises, office), rolled_back(promises, office)
    assert again == first != []


@pytest.mark.parametrize("what", ["write", "rollback", "settings"])
def test_what_a_test_does_by_itself_ends_it(office, settings, what):
    the_memories.begin()
    live(office)
    if what == "write":
        office.agency.save()
    elif what == "rollback":
        with transaction.atomic():
            transaction.set_rollback(True)
    else:
        settings.PRAKAT_SOMETHING = "else"
        before = the_memories.statements_run_again
        live(office, title="อีกข่าว")
        assert the_memories.statements_run_again == before
        return
    assert not the_memories.knows


def test_somebody_new_who_listens_hears_it(office):
    heard = []
    rolled_back(lambda office: live(office), office)

    def listen(sender, **kwargs):
        heard.append(kwargs)

    news_approved.connect(listen)
    try:
        live(office)
    finally:
        news_approved.disconnect(listen)
    assert heard


def test_a_step_signed_by_hand_is_no_memory(office):
    page = make_draft(office)
    state = submit(office, page)
    read_and_approve(actor=office.person(CHAIN[0]), task_state=state.current_task_state, now=state.created_at)
    assert not the_memories.knows
