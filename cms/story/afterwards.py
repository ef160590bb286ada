"""After going live: channels, the check, the archive, the week; and the ticks once more."""

import json
from io import StringIO

from django.core.management import call_command
from django.urls import reverse

from evaluation.models import WeeklyReport
from pr_workflow.archive.models import ArchiveRecord
from pr_workflow.distribution.models import Delivery
from pr_workflow.publishing.models import Posting, PublicationCheck
from pr_workflow.publishing.verification import CHECK_LINES
from pr_workflow.tasks import (
    archive_tick,
    delivery_reconcile,
    delivery_send,
    distribution_tick,
    publish_posting,
    publish_tick,
)

from .browser import StoryBroken
from .cast import EVALUATOR, IT_OFFICER, OFFICER, SYSTEM
from .installation import AGENCY
from .stage import Stage, await_

#: All four channels have to be out by then, in seconds. The manual allows ten minutes (S2 step 5).
DELIVERY_LIMIT = 30
#: How the system answers where Pango is not installed; everything else works without it.
NO_PAPER = 503


def after_go_live(stage: Stage) -> None:
    """Everything that follows, in the order of the manual."""
    _deliver(stage)
    _look_at_failure(stage)
    _check(stage)
    _print(stage)
    _archive(stage)
    _report(stage)
    _run_again(stage)


def arrivals(stage: Stage) -> dict[str, int]:
    """How often the item really arrived at each outside channel: the fake server's own ledger, and the mail folder."""
    found = {"facebook": 0, "webhook": 0}
    for entry in stage.installation.ledger():
        told = entry.get("link", "") if entry["kind"] == "facebook" else json.dumps(entry.get("event"))
        if stage.facts.path in told:
            found[entry["kind"]] += 1
    mail = Delivery.objects.get(page_id=stage.facts.page, channel__kind="email")
    return {**found, "email": stage.installation.mails().count(f"<{mail.idempotency_key}@")}


def _deliver(stage: Stage) -> None:
    with stage.chronicle.act("delivers to the channels", SYSTEM) as act:
        rows = Delivery.objects.filter(page_id=stage.facts.page)
        await_("all deliveries", lambda: rows.sent().count() == 4, seconds=DELIVERY_LIMIT)
        clocks = {row.channel.kind: row.clock_seconds or 0.0 for row in rows.select_related("channel")}
        stage.facts.first_delivery = min(clocks.values())
        stage.facts.arrivals = arrivals(stage)
        act.record = ", ".join(f"{kind} {seconds:.1f} s" for kind, seconds in sorted(clocks.items()))


def _look_at_failure(stage: Stage) -> None:
    """The spoiled item must not be silent: its officer finds it with its reason."""
    with stage.chronicle.act("finds the other item failed", IT_OFFICER) as act:
        failed = Posting.objects.filter(page_id=stage.facts.poisoned_page).exclude(failure="")
        posting = await_("the failure", failed.first, seconds=90)
        queue = stage.cast[IT_OFFICER].open("/admin/pr/posting/")
        text = queue.soup.get_text(" ", strip=True)
        stage.facts.queue_shows_failure = posting.failure in text and stage.facts.poisoned_title in text
        act.record = posting.failure[:80]


def _check(stage: Stage) -> None:
    officer = stage.cast[OFFICER]
    with stage.chronicle.act("checks the posted page", OFFICER) as act:
        screen = officer.open(officer.open("/admin/pr/checks/").link("/admin/pr/checks/", holding=stage.facts.title))
        form = screen.form("form:has([name=result])")
        for line in CHECK_LINES:
            form.put(line, "yes")
        officer.send(form.fill(result="correct"))
        check = PublicationCheck.objects.get(page_id=stage.facts.page)
        if check.result != PublicationCheck.Result.CORRECT:
            raise StoryBroken("the check was not taken")
        act.record = f"round {check.round}: {check.result}, {len(check.answers)} lines"


def _print(stage: Stage) -> None:
    """The request form on paper; a machine without the drawing library says so instead of failing."""
    with stage.chronicle.act("prints the request form", OFFICER) as act:
        answer = stage.cast[OFFICER].fetch(reverse("pr_admin:request_form", args=[stage.facts.page]))
        if answer.status_code == NO_PAPER:
            act.record = f"{answer.status_code}: this machine has no library to draw PDF files"
        elif answer.status_code != 200 or not answer.content.startswith(b"%PDF-"):
            raise StoryBroken(f"the request form was not served: {answer.status_code}")
        else:
            act.record = f"PDF of {len(answer.content)} bytes"


def _archive(stage: Stage) -> None:
    with stage.chronicle.act("archives", SYSTEM) as act:
        record = await_("the archive", ArchiveRecord.objects.filter(page_number=stage.facts.page).first, seconds=60)
        address = reverse("pr_workflow_archiverecord_modeladmin_inspect", args=[record.pk])
        dossier = stage.cast[OFFICER].open(address)
        if stage.facts.title not in dossier.text:
            raise StoryBroken("the dossier does not show the item")
        act.record = f"record {record.record_hash[:12]}…, {len(record.files)} file(s), dossier {address}"


def _report(stage: Stage) -> None:
    with stage.chronicle.act("builds the weekly report", SYSTEM) as act:
        out = StringIO()
        call_command("weekly_report", agency=AGENCY, json=True, stdout=out)
        (stage.facts.report,) = json.loads(out.getvalue())
        act.record = f"week of {stage.facts.report['week_start']}"
    with stage.chronicle.act("reads the weekly report", EVALUATOR) as act:
        report = WeeklyReport.objects.get(agency__code=AGENCY, week_start=stage.facts.report["week_start"])
        address = reverse("pr_evaluation_weeklyreport_modeladmin_inspect", args=[report.pk])
        stage.cast[EVALUATOR].open(address)
        act.record = address


def _run_again(stage: Stage) -> None:
    """Everything that ever runs by itself runs again, here and in the worker: nothing may go out a second time."""
    with stage.chronicle.act("all ticks and jobs run again", SYSTEM) as act:
        deliveries = list(Delivery.objects.filter(page_id=stage.facts.page).values_list("pk", flat=True))
        posting = Posting.objects.get(page_id=stage.facts.page, closed_at=None)
        publish_posting.apply_async((posting.pk,))
        for tick in (publish_tick, distribution_tick):
            tick.apply_async()
        for key in deliveries:
            delivery_send.apply_async((key,))
        for key in deliveries:
            delivery_send(key)
            delivery_reconcile(key)
        publish_posting(posting.pk)
        for tick in (publish_tick, distribution_tick, archive_tick):
            tick()
        await_("an empty queue", stage.installation.queue_is_empty, seconds=30)
        stage.facts.arrivals_again = arrivals(stage)
        stage.facts.ledger = stage.installation.ledger()
        act.record = f"arrivals {stage.facts.arrivals_again}"
