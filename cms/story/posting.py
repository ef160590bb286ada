"""Posting: the IT officer sets the time, the public sees nothing before it and everything after it."""

import time
from datetime import datetime, timedelta

from django.utils import timezone

from pr_workflow.publishing.models import Posting
from pr_workflow.thai_time import BANGKOK

from .browser import StoryBroken
from .cast import IT_OFFICER, PUBLIC, SYSTEM
from .onlooker import Onlooker
from .poison import approve_another, spoil
from .stage import Stage, await_

#: How far ahead the go-live time is set, in seconds.
AHEAD = 20
#: How long after its time the item may stay invisible before the story gives up, in seconds. The tick alone, without
#: the exact job, comes within 60.
PATIENCE = 75


def post_and_go_live(stage: Stage) -> None:
    """Set the time, look in vain until it comes, and measure how late the item is."""
    onlooker = Onlooker(stage.installation.site, stage.facts.path, stage.facts.title, stage.facts.uuid)
    _look_early(stage, onlooker, "after the last approval")
    _receive(stage)
    go_live_at = _post(stage)
    spoil(stage, approve_another(stage), go_live_at)
    _look_early(stage, onlooker, "while it is scheduled")
    stage.cast.log_in_those_who_wait()
    _wait_for(stage, onlooker, go_live_at)
    with stage.chronicle.act("sees the item everywhere", PUBLIC) as act:
        stage.facts.places = list(onlooker.places())
        for name, is_there in onlooker.places().items():
            await_(f"the item at “{name}”", is_there, seconds=10)
        stage.facts.seen_after = onlooker.seen_at()
        stage.facts.api_answer = onlooker.open(f"/api/pr/v1/news/{stage.facts.uuid}").json()
        act.record = ", ".join(stage.facts.seen_after)


def _receive(stage: Stage) -> None:
    officer = stage.cast[IT_OFFICER]
    with stage.chronicle.act("confirms the receipt", IT_OFFICER) as act:
        queue = officer.open("/admin/pr/posting/")
        officer.send(queue.form("form[action$='/receive/']", holding=stage.facts.title))
        posting = Posting.objects.get(page_id=stage.facts.page, closed_at=None)
        if posting.received_by is None or posting.received_by.username != IT_OFFICER:
            raise StoryBroken("the receipt was not written down")
        act.record = f"posting {posting.pk} received"


def _post(stage: Stage) -> datetime:
    officer = stage.cast[IT_OFFICER]
    with stage.chronicle.act("sets the go-live time", IT_OFFICER) as act:
        queue = officer.open("/admin/pr/posting/")
        form = queue.form("form[action*='/pr/posting/'][action$='/post/']", holding=stage.facts.title)
        moment = (timezone.now() + timedelta(seconds=AHEAD)).replace(microsecond=0)
        form.fill(when="at", go_live_at=moment.astimezone(BANGKOK).strftime("%Y-%m-%dT%H:%M:%S"))
        officer.send(form)
        posting = Posting.objects.get(page_id=stage.facts.page, closed_at=None)
        if posting.go_live_at != moment:
            raise StoryBroken("the queue took another time than the one that was typed")
        stage.facts.go_live_at = moment
        act.record = f"posting {posting.pk} for {moment.astimezone(BANGKOK):%H:%M:%S}"
    return moment


def _look_early(stage: Stage, onlooker: Onlooker, when: str) -> None:
    with stage.chronicle.act(f"looks for it {when}", PUBLIC) as act:
        seen = stage.facts.seen_early[when] = onlooker.seen_at()
        act.record = f"SEEN TOO EARLY: {', '.join(seen)}" if seen else f"at none of {len(onlooker.places())} places"


def _wait_for(stage: Stage, onlooker: Onlooker, go_live_at: datetime) -> None:
    """Keep looking at the page until it is there; what is seen before its time is noted."""
    with stage.chronicle.act("goes live", SYSTEM) as act:
        early = stage.facts.seen_early["until its time"] = []
        # Two seconds before its time all places are looked at once more, then only the page, ten times a second.
        time.sleep(max(0.0, (go_live_at - timezone.now()).total_seconds() - 2))
        early += onlooker.seen_at()
        while timezone.now() < go_live_at:
            asked = timezone.now()
            if onlooker.page_is_up() and timezone.now() < go_live_at:
                early.append(f"page at {asked:%H:%M:%S.%f}")
            time.sleep(0.1)
        await_("going live", onlooker.page_is_up, seconds=PATIENCE)
        stage.facts.lateness = (timezone.now() - go_live_at).total_seconds()
        posting = Posting.objects.get(page_id=stage.facts.page, closed_at=None)
        written = ((posting.went_live_at or timezone.now()) - go_live_at).total_seconds()
        act.record = f"{stage.facts.lateness:.2f} s after its time (claimed after {written:.2f} s)"
