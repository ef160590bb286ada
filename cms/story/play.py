"""The play from the first act to the verdict."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests
from django.core.exceptions import ObjectDoesNotExist

from pr_workflow.archive.models import ArchiveRecord

from .afterwards import after_go_live
from .browser import StoryBroken
from .cast import SYSTEM, Cast
from .chronicle import Chronicle, heading, promise_line, write_json
from .deciding import decide
from .installation import Installation, Ports
from .posting import post_and_go_live
from .promises import Promise, judge
from .stage import Stage
from .writing import write_and_submit

Say = Callable[[str], Any]


def play(folder: Path, ports: Ports, say: Say, json_file: Path | None = None) -> bool:
    """Play the story in an installation in `folder`, print it, and return whether every promise holds.

    Always stops the installation again. A story that breaks off prints why, with the last lines of the processes.
    """
    chronicle, installation = Chronicle(say), Installation(folder, ports)
    stage = Stage(installation, chronicle, Cast(installation.site))
    promises: list[Promise] = []
    broken = ""
    say(heading("timeline"))
    try:
        with chronicle.act("prepares an empty database", SYSTEM) as act:
            installation.prepare()
            act.record = "people, groups, chain and approved plan of the demo"
        installation.start()
        _perform(stage)
        promises = judge(stage.facts)
    except (StoryBroken, ObjectDoesNotExist, requests.RequestException) as error:
        broken = f"{type(error).__name__}: {error}"
        say(f"\nThe story broke off: {broken}\n\nThe last lines of the processes:\n{installation.last_words()}\n")
    finally:
        with chronicle.act("stops everything", SYSTEM) as act:
            act.record = installation.stop()
    if promises:
        _tell(stage, promises, say)
    if json_file:
        write_json(json_file, chronicle, promises, {"broken": broken, **_facts(stage)})
    holds = bool(promises) and all(promise.holds for promise in promises)
    say(f"\n{'Every promise holds' if holds else 'NOT every promise holds'}, {chronicle.seconds:.0f} s in all.")
    return holds


def _perform(stage: Stage) -> None:
    with stage.chronicle.act("starts web, worker, beat, channels", SYSTEM) as act:
        act.record = f"first answer after {stage.installation.wait_until_up():.1f} s"
    write_and_submit(stage)
    decide(stage)
    post_and_go_live(stage)
    after_go_live(stage)


def _facts(stage: Stage) -> dict[str, Any]:
    """What machines want to know besides the timeline and the promises."""
    facts, installation = stage.facts, stage.installation
    record = ArchiveRecord.objects.filter(page_number=facts.page).first() if facts.page else None
    return {
        "addresses": {
            "site": f"{installation.site}/",
            "admin": f"{installation.site}/admin/",
            "item": f"{installation.site}{facts.path}",
            "api": f"{installation.site}/api/pr/v1/news/{facts.uuid}",
        },
        "go_live_at": facts.go_live_at,
        "lateness_seconds": round(facts.lateness, 3),
        "first_delivery_seconds": facts.first_delivery,
        "refused": [vars(attempt) for attempt in facts.attempts],
        "api_answer": facts.api_answer,
        "arrivals": facts.arrivals_again,
        "fake_channels": facts.ledger,
        "dossier": dossier_lines(record) if record else [],
        "weekly_report": facts.report,
    }


def dossier_lines(record: ArchiveRecord) -> list[str]:
    """The archive record in a few lines."""
    return [
        f"{record.title}",
        f"fiscal year {record.fiscal_year_be}, keep until {record.retain_until:%Y-%m-%d}, by {record.archived_by_name}",
        *(f"file {file['name']}  {file['size']} bytes  SHA-256 {file['sha256'][:16]}…" for file in record.files),
        *(f"approved by {row['name']} ({row['position']})" for row in record.approvals),
        *(f"delivered to {row['channel']}: {row['state']}" for row in record.deliveries),
        f"content {record.content_hash[:16]}…  record {record.record_hash[:16]}…",
    ]


def ledger_line(entry: dict[str, Any]) -> str:
    """One arrival at a fake channel."""
    if entry["kind"] == "facebook":
        return f"#{entry['number']} {entry['at']} facebook page {entry['page']}: {entry['link']}"
    event = entry.get("event") or {}
    repeated = " (repeated)" if entry.get("repeated") else ""
    return (
        f"#{entry['number']} {entry['at']} webhook {entry['name']}: {event.get('type')} {entry['event_id']}{repeated}"
    )


def _tell(stage: Stage, promises: list[Promise], say: Say) -> None:
    """What the story left behind, and the verdict."""
    told = _facts(stage)
    answer = {key: stage.facts.api_answer.get(key) for key in ("uuid", "title", "published_at", "url")}
    say(heading("addresses"))
    for name, address in told["addresses"].items():
        say(f"  {name:<6} {address}")
    say(heading("API answer (short)"))
    for key, value in answer.items():
        say(f"  {key}: {value}")
    say(heading("ledger of the fake channels"))
    for entry in stage.facts.ledger:
        say(f"  {ledger_line(entry)}")
    say(heading("dossier"))
    for line in told["dossier"]:
        say(f"  {line}")
    say(heading("weekly report"))
    for key, row in stage.facts.report.get("measures", {}).items():
        share = "–" if row["percent"] is None else f"{row['percent']} %"
        say(f"  {key:<12} {share:>8}  ({row['good']}/{row['total']})")
    say(heading("promises"))
    for promise in promises:
        say(promise_line(promise))
