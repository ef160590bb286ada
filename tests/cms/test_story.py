"""The story's frame: an installation of its own, an honest chronicle, and promises that can be broken."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from cms.management.commands import story
from cms.settings.paths import BASE_DIR
from cms.story.browser import StoryBroken
from cms.story.cast import DIRECTOR, SEATS
from cms.story.chronicle import Chronicle, columns_of, line_of, write_json
from cms.story.facts import Attempt, Facts
from cms.story.installation import FOREIGN, Installation, Ports, free_ports, story_environment
from cms.story.promises import Promise, judge
from cms.story.stage import await_
from home.demo.content import ROLES, VACANT, rows
from pr_workflow.approval.services import news_return, news_submit
from pr_workflow.archive.services import news_archive
from pr_workflow.audit.models import AuditHead
from pr_workflow.audit.services import audit_record
from pr_workflow.distribution.models import Channel, Delivery
from pr_workflow.distribution.services import delivery_plan
from pr_workflow.people.roles import Role
from pr_workflow.publishing.models import Posting, PublicationCheck, PublishedItem
from pr_workflow.publishing.services import posting_publish, posting_receive
from tests.factories.office import (
    MORNING,
    approve_all,
    approved,
    current_step,
    make_draft,
    make_image,
    make_office,
    posted,
    submit,
    verify,
)

SLOT = MORNING + timedelta(hours=6)
ONCE = {"facebook": 1, "webhook": 1, "email": 1}
FORGERIES = (
    "approves the own item",
    "approves it on the review screen",
    "approves a second step",
    "publishes without approval",
)


@pytest.fixture
def played(db) -> Facts:
    """A database after a good play, made through the services, and the facts the play would have noted."""
    office = make_office()
    page = make_draft(office)
    submit(office, page)
    news_return(actor=office.person(Role.HEAD_OF_WORK), task_state=current_step(page), reason="แก้ปี", now=MORNING)
    draft = page.get_latest_revision_as_object()
    draft.lead = "แก้แล้ว"
    draft.save_revision(user=office.writer)
    news_submit(actor=office.writer, page=type(page).objects.get(pk=page.pk), now=MORNING)
    received = MORNING + timedelta(hours=4)
    approved_item = posting_receive(actor=office.it_officer, posting=approve_all(office, page), now=received)
    posting = posted(office, approved_item, go_live_at=SLOT, now=MORNING + timedelta(hours=5))
    other = _spoiled(office)
    for each in (other, posting):
        posting_publish(posting_id=each.pk, now=SLOT)
    _delivered(office, page.pk)
    verify(office, type(page).objects.get(pk=page.pk), now=SLOT + timedelta(hours=1))
    check = PublicationCheck.objects.get(page_id=page.pk)
    assert news_archive(actor=office.writer, check_id=check.pk, now=SLOT + timedelta(hours=2))
    for _forgery in FORGERIES:
        audit_record(actor=office.writer, verb="refused", target=page, now=SLOT, agency=office.agency)
    return Facts(
        page=page.pk,
        poisoned_page=other.page_id,
        seen_early={"before": []},
        seen_after=["page", "RSS"],
        places=["page", "RSS"],
        attempts=[Attempt(what, "somebody", 403, "") for what in FORGERIES],
        queue_shows_failure=True,
        arrivals=dict(ONCE),
        arrivals_again=dict(ONCE),
    )


def _spoiled(office) -> Posting:
    image = make_image(office, colour="red")
    other = approved(office, title="อีกข่าว", image=image)
    posted(office, other, go_live_at=SLOT, now=MORNING + timedelta(hours=5))
    image.delete()
    return other


def _delivered(office, page: int) -> None:
    kinds = ("website", "email", "webhook", "facebook")
    channels = [Channel.objects.create(agency=office.agency, kind=kind, name=kind) for kind in kinds]
    delivery_plan(actor=None, item=PublishedItem.objects.get(page_id=page), channels=channels, now=SLOT)
    Delivery.objects.update(state="sent", sent_at=SLOT, attempts=1, next_attempt_at=None)


def broken(facts: Facts) -> list[str]:
    return [promise.name for promise in judge(facts) if not promise.holds]


def test_a_good_play_keeps_every_promise(played):
    assert broken(played) == []
    assert [promise.name for promise in judge(played)] == ["I1", "I2", "I3", "I4"]
    assert all(promise.evidence for promise in judge(played))


#: What the play may observe, and the promise each of these breaks.
OBSERVATIONS = [
    ("I1", {"queue_shows_failure": False}),
    ("I1", {"seen_after": ["page"]}),
    ("I2", {"arrivals": {**ONCE, "facebook": 2}}),
    ("I2", {"arrivals": {**ONCE, "email": 0}}),
    ("I2", {"arrivals_again": {**ONCE, "webhook": 2}}),
    ("I3", {"seen_early": {"before": [], "until its time": ["sitemap"]}}),
    ("I3", {"attempts": [Attempt(what, "somebody", 403, "") for what in FORGERIES[:3]]}),
    ("I3", {"attempts": [Attempt(what, "somebody", 200, "") for what in FORGERIES]}),
    ("I3", {"attempts": [Attempt(what, "somebody", 302, "") for what in FORGERIES]}),
    ("I3", {"attempts": [Attempt(what, "somebody", 403, "live became True") for what in FORGERIES]}),
    ("I4", {"attempts": [Attempt(what, "somebody", 403, "") for what in (*FORGERIES, "one more")]}),
]


def test_each_observation_can_break_its_promise(played):
    found = [broken(replace(played, **change)) for _promise, change in OBSERVATIONS]
    assert found == [[promise] for promise, _change in OBSERVATIONS]


def test_each_record_can_break_its_promise(played):
    """A failure without reason or anything to follow, a second attempt to send, a changed picture, a cut log."""
    spoiled = Posting.objects.filter(page_id=played.poisoned_page)
    page = Posting.objects.get(page_id=played.page).page.specific
    sabotage = [
        ("I1", lambda: spoiled.update(failure="")),
        ("I1", lambda: spoiled.update(seal_broken_at=None)),
        ("I1", lambda: spoiled.update(go_live_at=None)),
        ("I2", lambda: Delivery.objects.filter(channel__kind="facebook").update(attempts=2)),
        ("I2", lambda: Delivery.objects.filter(channel__kind="facebook").delete()),
        ("I3", lambda: page.photos[0].value["image"].delete()),
        ("I4", lambda: AuditHead.objects.filter(chain="kpr").update(last_hash="0" * 64)),
    ]
    found = []
    for _promise, act in sabotage:
        with transaction.atomic():
            act()
            found.append(broken(played))
            transaction.set_rollback(True)
    assert found == [[promise] for promise, _act in sabotage]


def test_the_cast_is_the_demo_s_cast():
    staff = {person["key"]: person for person in rows("staff", "kpr")}
    for username in SEATS:
        if username != "admin":
            assert staff[username]["display_name"] != VACANT
    assert ROLES[staff[DIRECTOR]["workflow_role"]] == Role.DIRECTOR


def test_the_installation_shares_nothing_with_the_surroundings(tmp_path):
    surroundings = dict.fromkeys(FOREIGN, "somebody's own") | {"PATH": "/bin", "PRAKAT_DEBUG": "1"}
    environment = story_environment(tmp_path, Ports(1234, 5678), surroundings)
    assert not set(FOREIGN) & set(environment)
    assert environment["PRAKAT_DATA_DIR"] == str(tmp_path)
    assert environment["PRAKAT_DEBUG"] == "0"
    assert environment["PATH"] == "/bin"
    assert environment["PRAKAT_BASE_URL"] == "http://health.localhost:1234"


def test_ports_are_two_and_free():
    ports = free_ports()
    assert ports.site != ports.fake_channels
    assert min(ports.site, ports.fake_channels) > 1023


def test_an_installation_that_dies_says_its_last_words(tmp_path):
    installation = Installation(tmp_path, Ports(1, 2))
    with installation.log.open("w") as log:
        installation.process = subprocess.Popen(
            [sys.executable, "-c", "print('no such table: agency'); raise SystemExit(3)"], stdout=log
        )
        installation.process.wait()
    with pytest.raises(StoryBroken, match="no such table: agency"):
        installation.wait_until_up()
    assert installation.stop() == "ended with code 3"


def test_stopping_what_never_started_is_fine(tmp_path):
    assert Installation(tmp_path, Ports(1, 2)).stop() == "nothing was running"


def test_the_queue_is_empty_only_when_it_stays_empty(tmp_path):
    installation, queue = Installation(tmp_path, Ports(1, 2)), tmp_path / "broker" / "queue"
    queue.mkdir(parents=True)
    job = queue / "1_a.celery.msg"
    job.touch()
    assert not installation.queue_is_empty()
    job.unlink()
    assert installation.queue_is_empty()


def test_waiting_ends_with_what_is_missing():
    looks = iter([None, None, "found"])
    assert await_("it", lambda: next(looks), seconds=5) == "found"
    with pytest.raises(StoryBroken, match="the moon: not within 0 s"):
        await_("the moon", lambda: None, seconds=0)


def test_the_chronicle_measures_and_keeps_what_broke():
    lines: list[str] = []
    chronicle = Chronicle(lines.append)
    with chronicle.act("writes", "k-author1") as act:
        time.sleep(0.02)
        act.record = "page 7"
    with pytest.raises(StoryBroken), chronicle.act("publishes", DIRECTOR):
        raise StoryBroken("the door is shut")
    assert [act.record for act in chronicle.acts] == ["page 7", "BROKEN: the door is shut"]
    assert chronicle.acts[0].took >= 0.02
    assert "k-author1 PR officer" in lines[0]
    assert lines == [line_of(act) for act in chronicle.acts]


def test_thai_marks_take_no_column():
    assert columns_of("ที่นี่", 6) == "ที่นี่" + " " * 4
    assert columns_of("longer than that", 3) == "longer than that"


@pytest.mark.parametrize(("holds", "ok"), [([True, True], True), ([True, False], False), ([], False)])
def test_the_story_for_machines_says_whether_all_held(tmp_path, holds, ok):
    chronicle = Chronicle(lambda line: None)
    with chronicle.act("writes", "k-author1") as act:
        act.record = "หน้า 7"
    promises = [Promise(f"I{number}", "text", each, "why") for number, each in enumerate(holds, start=1)]
    write_json(tmp_path / "story.json", chronicle, promises, {"addresses": {"site": "http://x/"}})
    told = json.loads((tmp_path / "story.json").read_text(encoding="utf-8"))
    assert told["ok"] is ok
    assert told["acts"][0]["record"] == "หน้า 7"
    assert [row["holds"] for row in told["promises"]] == holds
    assert told["addresses"] == {"site": "http://x/"}


@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("code", [0, 1])
def test_the_command_passes_the_verdict_on_and_cleans_up(monkeypatch, tmp_path, keep, code):
    folder = tmp_path / "story"
    folder.mkdir()
    monkeypatch.setattr(story.tempfile, "mkdtemp", lambda prefix: str(folder))
    monkeypatch.setattr(story.Command, "play_in", lambda self, folder, options: code)
    with pytest.raises(SystemExit) as ended:
        story.Command().handle(json=None, keep=keep, inside=None, ports=None)
    assert ended.value.code == code
    assert folder.exists() is keep


def processes_of(folder: Path) -> list[str]:
    """Processes that were given this folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder).encode() in (entry / "environ").read_bytes():
                found.append((entry / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes in /proc")
def test_a_story_that_is_stopped_leaves_nothing_behind(tmp_path):
    """The real command, ended in the middle of its preparations."""
    environment = {**os.environ, "TMPDIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "cms.settings.dev"}
    environment["PRAKAT_DATA_DIR"] = str(tmp_path / "outer")
    play = subprocess.Popen(
        [sys.executable, str(BASE_DIR / "manage.py"), "story"], env=environment, stdout=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob("prakat-story-*/db.sqlite3")) and time.monotonic() < deadline:
        time.sleep(0.1)
    (folder,) = tmp_path.glob("prakat-story-*")
    assert processes_of(folder)
    play.send_signal(signal.SIGTERM)
    play.communicate(timeout=60)
    assert play.returncode != 0
    assert not folder.exists()
    assert processes_of(folder) == []
