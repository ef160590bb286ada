"""Several people act at random on two items; nothing unsigned is ever public, and every act has its row (I3, I4).

What may be public is decided here by the machine's own book of who wrote, signed and confirmed what, not by the
selectors under test.
"""

from collections import Counter, defaultdict
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from wagtail.models import Revision

from home.models import NewsPage
from pr_workflow.approval.content_hash import content_hash
from pr_workflow.approval.services import news_approve, news_return, news_submit
from pr_workflow.audit.models import AuditEntry
from pr_workflow.audit.services import audit_verify
from pr_workflow.clock import step_clock
from pr_workflow.people.models import Delegation
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.people.services import delegation_grant, delegation_revoke
from pr_workflow.publishing.emergency import emergency_confirm, emergency_publish, emergency_refuse
from pr_workflow.publishing.giving_up import approval_withdraw
from pr_workflow.publishing.models import EmergencyPublication, Posting, PublishedItem
from pr_workflow.publishing.services import news_post, posting_recall
from pr_workflow.publishing.take_down import news_take_down
from pr_workflow.publishing.tick import expire_due, publish_due
from pr_workflow.thai_time import bangkok_date
from tests.factories.office import MORNING, add_person, current_step, look_at, make_draft, make_image, make_office

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("gate")]

REFUSALS = (PermissionDenied, ValidationError)
PEOPLE = ["writer", "second_writer", "head_of_work", "head_of_section", "director", "it_officer", "evaluator", "root"]
ITEMS = st.integers(0, 1)
#: Whom the draws prefer, so that chains get to their end often enough.
ANYBODY = st.sampled_from(PEOPLE)


class OfficeMachine(RuleBasedStateMachine):
    """Two items, eight people, and the clock."""

    def __init__(self):
        super().__init__()
        self.played = transaction.atomic()
        self.played.__enter__()
        self.counts = Counter()

    def teardown(self):
        if hasattr(self, "office"):
            assert audit_verify(chain=self.office.agency.code) is None
        transaction.set_rollback(True)
        self.played.__exit__(None, None, None)
        type(self).reached.update(self.counts)

    steps = 0
    reached: Counter = Counter()

    @initialize()
    def open_the_office(self):
        self.now = MORNING
        self.office = make_office()
        people = self.office.people
        people["second_writer"] = add_person(self.office, Role.WRITER, name="kpr-second")
        people["root"] = get_user_model().objects.create_superuser("root", password="only-in-tests")
        image = make_image(self.office)
        self.items = [make_draft(self.office, f"ข่าวที่ {number}", image=image).pk for number in range(2)]
        #: Who wrote anything of an item, ever.
        self.authors = defaultdict(set, {pk: {people["writer"].pk} for pk in self.items})
        #: What was signed: version -> level -> (person, fingerprint).
        self.signed = defaultdict(dict)
        #: What of an item somebody had on the screen last: version and fingerprint.
        self.looks = {}
        #: Who had a part in the item when its version was signed.
        self.authors_then = {}
        #: Versions a superuser put online in an emergency, with the fingerprint; refused ones leave.
        self.emergencies = {}
        #: Versions whose approval somebody gave up before they were public.
        self.given_up = set()
        #: Who has submitted anything of an item.
        self.senders = defaultdict(set)
        self.it_takes_the_usual_course(0)
        assert self.page(0).live
        self.somebody_submits(1, "writer")
        self.the_levels_approve(1, 3)
        self.somebody_withdraws_an_approval(1, "writer", False)
        assert self.given_up

    # -- the ground under the rules

    def person(self, name):
        return self.office.people[name]

    def page(self, item) -> NewsPage:
        return NewsPage.objects.get(pk=self.items[item])

    def attempt(self, act, who, verbs, **arguments):
        """Call a verb. A refusal leaves no trace; a success leaves rows of its verbs in its actor's name."""
        before = AuditEntry.objects.count()
        self.counts[act.__name__] += 1
        self.now += timedelta(minutes=7)
        try:
            with transaction.atomic():
                result = act(actor=who, now=self.now, **arguments)
        except REFUSALS:
            assert AuditEntry.objects.count() == before
            self.counts[f"{act.__name__}: refused"] += 1
            return None
        added = list(AuditEntry.objects.order_by("pk").values_list("verb", "actor_id_text"))[before:]
        assert any(verb in verbs and actor == str(who.pk) for verb, actor in added), (act.__name__, added)
        return result

    # -- writing

    @rule(item=ITEMS, who=st.sampled_from(["writer", "second_writer", "head_of_work"]), picture=st.booleans())
    def somebody_writes(self, item, who, picture):
        """A new version, in any state of the item; the editor's lock is passed over on purpose."""
        self.counts["write"] += 1
        draft = self.page(item).get_latest_revision_as_object()
        draft.title = f"ข่าวที่ {item} แก้ครั้งที่ {self.counts['write']}"
        if picture and draft.photos:
            value = draft.photos[0].value
            value["caption"] = f"คำบรรยาย {self.counts['write']}"
        draft.save_revision(user=self.person(who))
        self.authors[self.items[item]].add(self.person(who).pk)

    @rule(item=ITEMS, who=st.sampled_from(["writer", "second_writer"]))
    def an_editor_saves_over_its_version(self, item, who):
        """What an open editor does by itself; a submitted version must survive it."""
        page = self.page(item)
        latest = page.get_latest_revision()
        if latest.user_id != self.person(who).pk:
            return
        draft = page.get_latest_revision_as_object()
        draft.lead = f"โปรยใหม่ {self.counts['write']}"
        self.counts["write"] += 1
        draft.save_revision(user=self.person(who), overwrite_revision=latest)

    @rule(item=ITEMS, who=st.sampled_from(["writer", "second_writer"]))
    def somebody_submits(self, item, who):
        page = self.page(item)
        if self.attempt(news_submit, self.person(who), {"news_submit"}, page=page.get_latest_revision_as_object()):
            self.senders[page.pk].add(self.person(who).pk)

    # -- deciding

    @rule(item=ITEMS, who=ANYBODY)
    def somebody_approves(self, item, who):
        self._approve(item, self.person(who))

    @rule(item=ITEMS, levels=st.integers(1, 3))
    def the_levels_approve(self, item, levels):
        """The usual case, so that items reach the end of their chain."""
        for _level in range(levels):
            step = current_step(self.page(item))
            if step is None:
                return
            role = next(role for role in CHAIN if str(role.label) == step.task.name)
            self.somebody_looks(item, str(role))
            self._approve(item, self.person(str(role)))

    @rule(item=ITEMS, who=ANYBODY)
    def somebody_looks(self, item, who):
        """The version that waits is on somebody's review screen; whoever approves without that look signs nothing."""
        if step := current_step(self.page(item)):
            look_at(self.person(who), step, now=self.now)
            revision = Revision.objects.get(pk=step.revision_id)
            self.looks[self.person(who).pk, self.items[item]] = (revision.pk, content_hash(revision))

    def _approve(self, item, who):
        step = current_step(self.page(item))
        if step is None:
            return
        if self.attempt(news_approve, who, {"news_approve"}, task_state=step) is None:
            return
        revision = Revision.objects.get(pk=step.revision_id)
        assert step.task_id not in self.signed[revision.pk]
        assert self.looks[who.pk, self.items[item]] == (revision.pk, content_hash(revision))
        self.signed[revision.pk][step.task_id] = (who.pk, content_hash(revision))
        self.authors_then[revision.pk] = set(self.authors[self.items[item]])

    @rule(item=ITEMS, who_helped=st.sampled_from(["writer", "head_of_work", "director"]))
    def it_takes_the_usual_course(self, item, who_helped="writer"):
        """Submitted, signed by the three levels, posted and gone live: without it chance seldom comes that far.

        Not when one of the levels has helped to write it.
        """
        if self.page(item).current_workflow_state is None:
            self.somebody_writes(item, who_helped, False)
        page = self.page(item)
        if page.current_workflow_state is None:
            draft = page.get_latest_revision_as_object()
            self.attempt(news_submit, self.person("writer"), {"news_submit"}, page=draft)
            self.senders[page.pk].add(self.person("writer").pk)
        self.the_levels_approve(item, 3)
        posting = Posting.objects.awaiting().filter(page_id=self.items[item]).first()
        if posting:
            slot = self.now + timedelta(minutes=10)
            self.attempt(news_post, self.person("it_officer"), {"news_post"}, posting=posting, go_live_at=slot)
            self.time_passes(15)

    @rule(item=ITEMS, who=ANYBODY)
    def somebody_returns(self, item, who):
        if step := current_step(self.page(item)):
            self.attempt(news_return, self.person(who), {"news_return"}, task_state=step, reason="แก้โปรย")

    @rule(item=ITEMS, who=ANYBODY)
    def somebody_withdraws(self, item, who):
        if state := self.page(item).current_workflow_state:
            self.attempt(withdraw, self.person(who), {"news_withdraw"}, state=state)

    @rule(item=ITEMS, who=ANYBODY)
    def somebody_decides_with_a_forged_form(self, item, who):
        """Through Wagtail's own address, with an action that publishes."""
        step = current_step(self.page(item))
        if step is None:
            return
        client = Client()
        client.force_login(self.person(who))
        address = reverse("wagtailadmin_pages:workflow_action", args=[self.items[item], "publish", step.pk])
        before = AuditEntry.objects.filter(verb="refused").count()
        assert client.post(address, {"comment": ""}).status_code == 403
        assert AuditEntry.objects.filter(verb="refused").count() == before + 1
        self.counts["forged"] += 1

    # -- acting for one another

    @rule(who=st.sampled_from(["head_of_work", "director"]), whom=st.sampled_from(["evaluator", "second_writer"]))
    def somebody_delegates(self, who, whom):
        day = bangkok_date(self.now)
        if Delegation.objects.in_force(day).count() > 1:
            return
        self.attempt(
            delegation_grant,
            self.person(who),
            {"delegation_grant"},
            delegator=self.person(who).staff_profile,
            delegate=self.person(whom).staff_profile,
            role=who,
            starts_on=day,
            ends_on=day + timedelta(days=3),
            order_number="๑/๒๕๗๐",
        )

    @rule()
    def a_delegation_is_revoked(self):
        running = Delegation.objects.filter(revoked_at=None).order_by("pk").first()
        if running and running.ends_on >= bangkok_date(self.now):
            self.attempt(delegation_revoke, running.delegator.user, {"delegation_revoke"}, delegation=running)

    # -- posting

    @rule(item=ITEMS, who=st.sampled_from(["it_officer", "it_officer", "writer", "root"]), minutes=st.integers(0, 90))
    def somebody_posts(self, item, who, minutes):
        posting = Posting.objects.open().filter(page_id=self.items[item]).first()
        if posting:
            slot = self.now + timedelta(minutes=minutes + 8)
            self.attempt(news_post, self.person(who), {"news_post"}, posting=posting, go_live_at=slot)

    @rule(item=ITEMS, who=st.sampled_from(["it_officer", "director"]))
    def somebody_recalls(self, item, who):
        posting = Posting.objects.scheduled().filter(page_id=self.items[item]).first()
        if posting:
            self.attempt(posting_recall, self.person(who), {"posting_recall"}, posting=posting, reason="รอภาพถ่ายใหม่")

    @rule(item=ITEMS, who=ANYBODY, late=st.booleans())
    def somebody_withdraws_an_approval(self, item, who, late):
        """The posting that waits, or from an old tab the newest there is."""
        rows = Posting.objects.filter(page_id=self.items[item])
        posting = (rows if late else rows.open()).order_by("-pk").first()
        if posting is None:
            return
        reason = "ข้อมูลเปลี่ยน ต้องแก้ก่อนเผยแพร่ต่อสาธารณะ"
        person = self.person(who)
        verbs = {"approval_withdraw"}
        if self.attempt(approval_withdraw, person, verbs, posting=posting, reason=reason) is None:
            return
        posting.refresh_from_db()
        assert posting.went_live_at is None
        assert posting.revision_id not in self.given_up
        self.given_up.add(posting.revision_id)
        acting = Delegation.objects.filter(role=Role.DIRECTOR, delegate__user=person).exists()
        part = self.authors[self.items[item]] | self.senders[self.items[item]]
        assert acting or who in ("director", "it_officer") or person.pk in part
        assert who != "root"

    @rule(minutes=st.integers(1, 240))
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)
        before = AuditEntry.objects.filter(verb="news_go_live").count()
        outcomes = publish_due(now=self.now)
        expire_due(now=self.now)
        went = sum(outcome.went_live for outcome in outcomes)
        assert AuditEntry.objects.filter(verb="news_go_live").count() == before + went
        self.counts["went live"] += went

    @rule(item=ITEMS, who=st.sampled_from(["it_officer", "writer", "director"]))
    def somebody_takes_it_down(self, item, who):
        page = self.page(item)
        if page.live:
            self.attempt(news_take_down, self.person(who), {"news_take_down"}, page=page, reason="ลงผิดหน้าเว็บไซต์")

    # -- going around

    @rule(item=ITEMS, who=ANYBODY)
    def somebody_publishes_a_version_in_code(self, item, who):
        """Going live without a permit is refused whatever stands in the database."""
        page = self.page(item)
        with pytest.raises(PermissionDenied), transaction.atomic():
            page.get_latest_revision().publish(user=self.person(who), skip_permission_checks=True)
        self.counts["around"] += 1

    @rule(item=ITEMS)
    def a_signed_version_is_changed_in_the_table(self, item):
        posting = Posting.objects.open().filter(page_id=self.items[item]).first()
        if posting:
            revision = posting.revision
            content = {**revision.content, "lead": "แก้หลังลงนาม"}
            Revision.objects.filter(pk=revision.pk).update(content=content)
            self.counts["tampered"] += 1

    @rule(item=ITEMS, who=st.sampled_from(["root", "director", "writer"]))
    def somebody_publishes_in_an_emergency(self, item, who):
        reason = "น้ำท่วมฉับพลัน ต้องเตือนประชาชนทันที"
        page = self.page(item)
        emergency = self.attempt(emergency_publish, self.person(who), {"emergency_publish"}, page=page, reason=reason)
        if emergency:
            assert who == "root"
            self.emergencies[emergency.revision_id] = content_hash(emergency.revision)

    @rule(who=ANYBODY, verdict=st.booleans())
    def somebody_decides_the_emergency(self, who, verdict):
        emergency = EmergencyPublication.objects.filter(decided_at=None).order_by("pk").first()
        if emergency is None:
            return
        act, verb = (emergency_confirm, "emergency_confirm") if verdict else (emergency_refuse, "emergency_refuse")
        decided = self.attempt(act, self.person(who), {verb}, emergency=emergency, comment="ตรวจสอบข้อมูลแล้ว")
        if decided:
            assert self.person(who).pk not in {*self.authors[emergency.page_id], emergency.published_by_id}
            if not verdict:
                self.emergencies.pop(emergency.revision_id)

    # -- what must hold after every step

    @invariant()
    def nothing_is_live_that_nobody_answers_for(self):
        if not hasattr(self, "items"):
            return
        for page in NewsPage.objects.live():
            revision = page.live_revision
            digest = content_hash(revision)
            if self.emergencies.get(revision.pk) == digest:
                continue
            assert revision.pk not in self.given_up, "an approval that was given up went live"
            signatures = self.signed[revision.pk]
            assert len(signatures) == len(CHAIN), f"{page} lacks signatures"
            people = {person for person, _digest in signatures.values()}
            assert len(people) == len(CHAIN), "one person signed two steps"
            assert not people & self.authors_then[revision.pk], "an author signed"
            assert {signed for _person, signed in signatures.values()} == {digest}, "another content was signed"
            assert page.title == revision.content["title"]

    @invariant()
    def readers_see_exactly_what_is_live(self):
        live = set(NewsPage.objects.live().values_list("pk", "live_revision"))
        assert set(PublishedItem.objects.values_list("page", "revision")) == live

    @invariant()
    def the_log_goes_on(self):
        if hasattr(self, "office"):
            numbers = AuditEntry.objects.filter(chain=self.office.agency.code).values_list("sequence", flat=True)
            assert len(numbers) == max(numbers)
            type(self).steps += 1


def withdraw(*, actor, state, now):
    """Wagtail's own way out of a chain, at a time."""
    with step_clock(now):
        state.cancel(user=actor)
    return state


def test_people_acting_at_random_never_get_around_the_chain():
    OfficeMachine.steps, OfficeMachine.reached = 0, Counter()
    run_state_machine_as_test(
        OfficeMachine,
        settings=settings(
            max_examples=4,
            stateful_step_count=70,
            deadline=None,
            # Making a failing story shorter costs minutes with a database; the printed steps are short enough.
            phases=[Phase.reuse, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert OfficeMachine.steps >= 200
    assert OfficeMachine.reached["went live"] > 0
