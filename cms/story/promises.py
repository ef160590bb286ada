"""The promises I1 to I4, each judged by what the play left behind."""

from dataclasses import dataclass

from home.models import NewsPage
from pr_workflow.approval.models import ApprovalSeal
from pr_workflow.approval.selectors import chain_verdict
from pr_workflow.audit.models import AuditEntry, AuditHead
from pr_workflow.audit.services import audit_verify
from pr_workflow.distribution.models import Delivery
from pr_workflow.publishing.models import Posting

from .facts import Facts

#: What the log of one item has to hold after the play: act → at least how often.
LOGGED = {
    "news_submit": 2,
    "news_return": 1,
    "news_approve": 3,
    "posting_open": 1,
    "posting_receive": 1,
    "news_post": 1,
    "news_go_live": 1,
    "check_open": 1,
    "publication_verify": 1,
    "news_archive": 1,
}


@dataclass(frozen=True)
class Promise:
    """A promise of the product, whether it held in this play, and what shows it."""

    name: str
    text: str
    holds: bool
    evidence: str


def judge(facts: Facts) -> list[Promise]:
    """All four, in order."""
    return [
        _nothing_is_lost_silently(facts),
        _nothing_goes_out_twice(facts),
        _nothing_passes_the_chain(facts),
        _everything_is_logged(facts),
    ]


def _nothing_is_lost_silently(facts: Facts) -> Promise:
    good = Posting.objects.get(page_id=facts.page, closed_at=None)
    spoiled = Posting.objects.get(page_id=facts.poisoned_page, closed_at=None)
    live, dark = NewsPage.objects.get(pk=facts.page).live, not NewsPage.objects.get(pk=facts.poisoned_page).live
    # Its picture is gone, so that it waits for a person; what could succeed would be tried again.
    kept = spoiled.go_live_at is not None and (spoiled.seal_broken_at is not None or spoiled.retry_at is not None)
    holds = bool(good.went_live_at and live and dark and spoiled.failure and kept and facts.queue_shows_failure)
    return Promise(
        "I1",
        "every due item is live or visibly failed; one bad item never stops another",
        holds and set(facts.seen_after) == set(facts.places),
        f"good item live {facts.lateness:.2f} s after its time; spoiled item, due a second earlier, is dark, keeps its "
        f"time, waits for a new approval, and shows in the queue: “{spoiled.failure[:60]}…”",
    )


def _nothing_goes_out_twice(facts: Facts) -> Promise:
    rows = Delivery.objects.filter(page_id=facts.page)
    once = {"facebook": 1, "webhook": 1, "email": 1}
    single = rows.count() == 4 and not rows.exclude(attempts=1).exists()
    return Promise(
        "I2",
        "at most one post per revision and channel",
        facts.arrivals == once and facts.arrivals_again == once and single,
        f"arrived {facts.arrivals}; after every tick and job ran twice more {facts.arrivals_again}; "
        f"{rows.count()} ledger rows, attempts {sorted(set(rows.values_list('attempts', flat=True)))}",
    )


def _nothing_passes_the_chain(facts: Facts) -> Promise:
    revision = NewsPage.objects.get(pk=facts.page).live_revision
    seals = list(ApprovalSeal.objects.filter(revision=revision))
    hashes, people = {seal.content_hash for seal in seals}, {seal.approver_id for seal in seals}
    verdict = chain_verdict(revision)
    early = {when: places for when, places in facts.seen_early.items() if places}
    unrefused = [attempt.what for attempt in facts.attempts if not attempt.refused]
    holds = (
        verdict.complete
        and len(seals) == len(people) == 3
        and len(hashes) == 1
        and len(facts.attempts) >= 4
        and not unrefused
        and not early
    )
    return Promise(
        "I3",
        "nothing is live without the full chain for exactly that content",
        holds,
        f"3 seals of {len(people)} people over one content {sorted(hashes)[0][:12] if hashes else '-'}…; "
        f"{len(facts.attempts) - len(unrefused)} of {len(facts.attempts)} forged attempts refused; "
        f"seen before its time: {early or 'nowhere'}",
    )


def _everything_is_logged(facts: Facts) -> Promise:
    broken = [row for head in AuditHead.objects.all() if (row := audit_verify(chain=head.chain))]
    of_item = AuditEntry.objects.filter(target_id=str(facts.page), target_type=NewsPage._meta.label)
    counts = {verb: of_item.filter(verb=verb).count() for verb in LOGGED}
    missing = [verb for verb, wanted in LOGGED.items() if counts[verb] < wanted]
    refused = AuditEntry.objects.filter(verb="refused").count()
    return Promise(
        "I4",
        "every transition is in the append-only, hash-chained log",
        not broken and not missing and refused >= len(facts.attempts),
        f"{AuditEntry.objects.count()} rows in {AuditHead.objects.count()} chains whole"
        + (f"; BROKEN {broken}" if broken else "")
        + (f"; MISSING {missing}" if missing else f"; all {len(LOGGED)} acts of the item are there")
        + f"; {refused} refusals logged",
    )
