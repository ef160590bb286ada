"""Emergency publication: who may, what it covers, where it stands in red, how a second person decides (I3, R37)."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import WorkflowState

from home.models import NewsPage
from pr_workflow.approval.models import ApprovalSeal
from pr_workflow.audit.models import AuditEntry
from pr_workflow.health import health_report
from pr_workflow.news.models import Disclosure
from pr_workflow.people.roles import Role
from pr_workflow.publishing.coverage import coverage
from pr_workflow.publishing.emergency import (
    EmergencyRefused,
    emergency_confirm,
    emergency_publish,
    emergency_refuse,
)
from pr_workflow.publishing.emergency_forms import typed_word
from pr_workflow.publishing.models import EmergencyPublication, Posting, PublicationCheck, PublishedItem, TakeDown
from pr_workflow.publishing.sealed_files import file_deletion_refusal
from pr_workflow.publishing.services import news_post, posting_publish
from pr_workflow.publishing.tick import publish_due
from pr_workflow.signals import emergency_decided, emergency_published, news_went_live
from tests.factories.office import (
    MORNING,
    approved,
    current_step,
    live,
    make_administrator,
    make_draft,
    make_image,
    make_office,
    posted,
    submit,
)
from tests.factories.published import revise

pytestmark = pytest.mark.django_db
NOON = MORNING + timedelta(hours=3)
REASON = "น้ำประปาปนเปื้อน ต้องเตือนประชาชนทันที"


@pytest.fixture
def administrator():
    return make_administrator()


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield NOON


def publish(administrator, page, **changes) -> EmergencyPublication:
    return emergency_publish(**{"actor": administrator, "page": page, "reason": REASON, "now": NOON, **changes})


def fresh(page) -> NewsPage:
    return NewsPage.objects.get(pk=page.pk)


def test_it_goes_live_with_everything_a_go_live_has(office, administrator, django_capture_on_commit_callbacks):
    page, told = make_draft(office), []

    def hear(sender, **kwargs):
        told.append(kwargs)

    emergency_published.connect(hear)
    news_went_live.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            emergency = publish(administrator, page)
    finally:
        emergency_published.disconnect(hear)
        news_went_live.disconnect(hear)
    assert fresh(page).live_revision_id == page.latest_revision_id == emergency.revision_id
    item = PublishedItem.objects.get(page_id=page.pk)
    assert item.content_hash == emergency.content_hash
    assert PublicationCheck.objects.get(page_id=page.pk).revision_id == emergency.revision_id
    assert Posting.objects.get(page_id=page.pk).went_live_at == NOON
    rows = AuditEntry.objects.filter(target_type=type(page)._meta.label, target_id=str(page.pk))
    verbs = list(rows.order_by("sequence").values_list("verb", flat=True))
    assert verbs == ["emergency_publish", "news_go_live", "check_open"]
    assert AuditEntry.objects.get(verb="emergency_publish").data["reason"] == REASON
    assert timedelta(hours=20) < emergency.due_at - NOON < timedelta(days=2)
    assert told[0]["emergency"] == emergency
    assert told[1]["revision"].pk == emergency.revision_id
    assert not ApprovalSeal.objects.exists()


@pytest.mark.parametrize("role", list(Role))
def test_nobody_but_a_superuser_publishes_in_an_emergency(client, office, role):
    page = make_draft(office)
    with pytest.raises(EmergencyRefused):
        publish(office.person(role), page)
    client.force_login(office.person(role))
    address = reverse("pr_admin:news_emergency", args=[page.pk])
    assert client.get(address).status_code == 403
    assert client.post(address, {"reason": REASON, "typed": typed_word()}).status_code == 403
    assert not fresh(page).live
    assert AuditEntry.objects.filter(verb="refused").count() == 2


@pytest.mark.parametrize("reason", ["", "   ", "ด่วนมาก", " " * 30 + "ด่วน"])
def test_a_short_reason_is_refused_at_its_field(office, administrator, reason):
    page = make_draft(office)
    with pytest.raises(ValidationError) as refused:
        publish(administrator, page, reason=reason)
    assert set(refused.value.message_dict) == {"reason"}
    assert not fresh(page).live
    assert not EmergencyPublication.objects.exists()


@pytest.mark.parametrize("fields", [{"lead": ""}, {"disclosure": Disclosure.WITHHELD}, {"responsible_officer": None}])
def test_incomplete_or_withheld_stays_off_the_site(office, administrator, fields):
    page = make_draft(office, **fields)
    with pytest.raises(ValidationError):
        publish(administrator, page)
    assert not fresh(page).live
    assert not Posting.objects.exists()


def test_an_administrator_of_another_agency_is_refused(office, administrator):
    other = make_office("spp")
    other.it_officer.is_superuser = True
    other.it_officer.save()
    with pytest.raises(EmergencyRefused):
        publish(other.it_officer, make_draft(office))


def test_what_is_live_or_approved_needs_no_emergency(office, administrator):
    with pytest.raises(EmergencyRefused):
        publish(administrator, live(office))
    waiting = approved(office, title="รอขึ้นเว็บ")
    with pytest.raises(EmergencyRefused):
        publish(administrator, fresh(waiting.page))
    waiting.refresh_from_db()
    assert waiting.closed_at is None


def send_emergency(client, page):
    form = {"reason": REASON, "typed": typed_word(), "version": page.latest_revision_id}
    return client.post(reverse("pr_admin:news_emergency", args=[page.pk]), form)


def test_what_waits_for_its_time_is_refused_as_it_is_approved(client, office, administrator, at_noon):
    waiting = posted(office, go_live_at=NOON + timedelta(hours=2), now=NOON)
    client.force_login(administrator)
    assert send_emergency(client, fresh(waiting.page)).status_code == 403
    waiting.refresh_from_db()
    assert (waiting.closed_at, waiting.go_live_at) == (None, NOON + timedelta(hours=2))
    assert AuditEntry.objects.filter(verb="refused").count() == 1


def test_an_emergency_ends_the_posting_of_the_version_before(client, office, administrator, at_noon):
    """The approved version would otherwise take the place of the warning at its time."""
    slot = NOON + timedelta(hours=2)
    waiting = posted(office, go_live_at=slot, now=NOON)
    newer = revise(fresh(waiting.page), title="คำเตือนด่วน")
    client.force_login(administrator)
    assert send_emergency(client, newer).status_code == 302
    waiting.refresh_from_db()
    assert (waiting.closed_reason, waiting.closed_at) == ("emergency", NOON)
    assert AuditEntry.objects.filter(verb="posting_close").count() == 1
    with time_machine.travel(slot + timedelta(minutes=1), tick=False):
        assert not publish_due(now=slot + timedelta(minutes=1))
        call_command("publish_scheduled")
    assert fresh(newer).title == "คำเตือนด่วน"
    assert AuditEntry.objects.filter(verb="news_go_live").count() == 1
    assert PublishedItem.objects.filter(page_id=newer.pk).count() == 1


def test_a_running_chain_is_withdrawn_with_a_row_in_the_log(office, administrator):
    page = make_draft(office)
    state = submit(office, page)
    publish(administrator, page)
    state.refresh_from_db()
    assert state.status == WorkflowState.STATUS_CANCELLED
    assert current_step(page) is None
    withdrawn = AuditEntry.objects.get(verb="news_withdraw")
    assert withdrawn.actor_name == administrator.username
    assert withdrawn.at == NOON


def test_what_fails_to_go_live_leaves_nothing_behind(office, administrator, monkeypatch):
    page = make_draft(office)
    submit(office, page)

    def fails(**kwargs):
        raise RuntimeError("ดิสก์เต็ม")

    monkeypatch.setattr("pr_workflow.publishing.going_live.checks_open", fails)
    with pytest.raises(EmergencyRefused, match="ดิสก์เต็ม"):
        publish(administrator, page)
    assert not fresh(page).live
    assert current_step(page) is not None
    assert not EmergencyPublication.objects.exists()


def test_every_other_way_of_a_superuser_stays_refused(client, office, administrator):
    page = make_draft(office)
    publish(administrator, page)
    newer = revise(fresh(page), title="แก้หลังขึ้นแล้ว")
    client.force_login(administrator)
    form = {"title": "x", "slug": newer.slug, "action-publish": "1"}
    assert client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form).status_code == 403
    with pytest.raises(PermissionDenied):
        newer.latest_revision.publish(user=administrator)
    assert fresh(page).title != "แก้หลังขึ้นแล้ว"


def test_the_next_version_needs_the_chain(office, administrator):
    page = make_draft(office)
    publish(administrator, page)
    newer = revise(fresh(page), title="ข้อมูลเพิ่มเติม")
    assert not coverage(newer.latest_revision).complete
    posting = Posting.objects.create(
        agency=office.agency, page_id=page.pk, revision=newer.latest_revision, opened_at=NOON, due_at=NOON
    )
    with pytest.raises(PermissionDenied):
        news_post(actor=office.it_officer, posting=posting, go_live_at=NOON, now=NOON)
    Posting.objects.filter(pk=posting.pk).update(go_live_at=NOON)
    outcome = posting_publish(posting_id=posting.pk, now=NOON)
    assert outcome is not None
    assert not outcome.went_live


def test_coverage_ends_with_the_content(office, administrator):
    page = make_draft(office)
    emergency = publish(administrator, page)
    assert coverage(emergency.revision).complete
    EmergencyPublication.objects.filter(pk=emergency.pk).update(content_hash="0" * 64)
    assert not coverage(emergency.revision).complete


def test_the_pictures_of_an_emergency_are_held(office, administrator):
    image = make_image(office)
    publish(administrator, make_draft(office, image=image))
    assert file_deletion_refusal(image)


def test_a_head_confirms_and_the_red_sign_goes(office, administrator):
    emergency, decided = publish(administrator, make_draft(office)), []

    def hear(sender, emergency, **kwargs):
        decided.append(emergency.outcome)

    emergency_decided.connect(hear)
    try:
        head = office.person(Role.HEAD_OF_SECTION)
        emergency_confirm(actor=head, emergency=emergency, now=NOON + timedelta(hours=1))
    finally:
        emergency_decided.disconnect(hear)
    emergency.refresh_from_db()
    assert (emergency.outcome, emergency.decided_by) == ("confirmed", head)
    assert coverage(emergency.revision).complete
    assert decided == ["confirmed"]
    assert AuditEntry.objects.filter(verb="emergency_confirm").count() == 1
    with pytest.raises(EmergencyRefused):
        emergency_refuse(actor=office.person(Role.DIRECTOR), emergency=emergency, comment="ไม่เห็นด้วย", now=NOON)


@pytest.mark.parametrize("role", [Role.WRITER, Role.IT_OFFICER, Role.EVALUATOR, Role.NETWORK_MEMBER])
def test_only_a_member_of_the_chain_decides(client, office, administrator, role):
    emergency = publish(administrator, make_draft(office))
    with pytest.raises(EmergencyRefused):
        emergency_confirm(actor=office.person(role), emergency=emergency, now=NOON)
    client.force_login(office.person(role))
    answer = client.post(reverse("pr_admin:emergency", args=[emergency.pk]), {"decision": "confirm"})
    assert answer.status_code == 403
    emergency.refresh_from_db()
    assert emergency.decided_at is None


def test_neither_the_publisher_nor_a_contributor_nor_another_agency_decides(office, administrator):
    director = office.person(Role.DIRECTOR)
    director.is_superuser = True
    director.save()
    own = publish(director, make_draft(office, title="เผยแพร่เอง"))
    with pytest.raises(EmergencyRefused):
        emergency_confirm(actor=director, emergency=own, now=NOON)
    with pytest.raises(EmergencyRefused):
        emergency_confirm(actor=administrator, emergency=own, now=NOON)
    head = office.person(Role.HEAD_OF_WORK)
    written = publish(administrator, make_draft(office, title="หัวหน้าเขียน", author=head))
    with pytest.raises(EmergencyRefused):
        emergency_confirm(actor=head, emergency=written, now=NOON)
    with pytest.raises(EmergencyRefused):
        emergency_confirm(actor=make_office("spp").person(Role.DIRECTOR), emergency=own, now=NOON)


def test_another_administrator_confirms_nothing_in_the_group_of_a_level_either(office, administrator):
    emergency = publish(administrator, make_draft(office))
    head = office.person(Role.HEAD_OF_WORK)
    head.is_superuser = True
    head.save()
    with pytest.raises(EmergencyRefused):
        emergency_confirm(actor=head, emergency=emergency, now=NOON)
    emergency.refresh_from_db()
    assert emergency.decided_at is None


def test_a_refusal_takes_it_down_with_the_reason(office, administrator):
    page = make_draft(office)
    emergency = publish(administrator, page)
    with pytest.raises(ValidationError):
        emergency_refuse(actor=office.person(Role.DIRECTOR), emergency=emergency, comment=" ", now=NOON)
    emergency_refuse(actor=office.person(Role.DIRECTOR), emergency=emergency, comment="ข้อมูลไม่เป็นความจริง", now=NOON)
    assert not fresh(page).live
    down = TakeDown.objects.get()
    assert (down.kind, down.reason, down.taken_down_by) == (
        "in_error",
        "ข้อมูลไม่เป็นความจริง",
        office.person(Role.DIRECTOR),
    )
    assert not PublishedItem.objects.exists()
    assert not coverage(emergency.revision).complete


def test_a_refusal_leaves_a_later_approved_version_on_the_site(office, administrator):
    page = make_draft(office)
    emergency = publish(administrator, page)
    newer = revise(fresh(page), title="ฉบับที่อนุมัติแล้ว")
    posting = approved(office, newer, now=NOON)
    news_post(actor=office.it_officer, posting=posting, go_live_at=NOON + timedelta(hours=4), now=NOON)
    posting_publish(posting_id=posting.pk, now=NOON + timedelta(hours=4))
    director = office.person(Role.DIRECTOR)
    emergency_refuse(actor=director, emergency=emergency, comment="ควรรอการพิจารณา", now=NOON + timedelta(hours=5))
    assert fresh(page).live


def test_after_a_refusal_another_text_can_be_published(office, administrator):
    page = make_draft(office)
    first = publish(administrator, page)
    emergency_refuse(actor=office.person(Role.DIRECTOR), emergency=first, comment="ข้อมูลไม่เป็นความจริง", now=NOON)
    draft = fresh(page).get_latest_revision_as_object()
    draft.lead = "ข้อมูลที่ตรวจแล้ว"
    draft.save_revision(user=office.writer)
    second = publish(administrator, page, now=NOON + timedelta(hours=1))
    assert second.revision_id != first.revision_id
    assert fresh(page).live_revision_id == second.revision_id
    assert not TakeDown.objects.filter(ended_at=None).exists()


def test_health_counts_it_and_calls_it_a_problem_when_late(office, administrator):
    emergency = publish(administrator, make_draft(office))
    report = health_report(NOON)
    assert (report.live_without_seal, report.emergency_unconfirmed) == (0, 1)
    assert "emergency_not_confirmed_in_time" not in report.problems
    assert "emergency_not_confirmed_in_time" in health_report(emergency.due_at + timedelta(minutes=1)).problems
    EmergencyPublication.objects.update(outcome="refused")
    assert health_report(NOON).live_without_seal == 1


# -- screens


def test_the_button_the_form_and_the_red_signs(client, office, administrator, at_noon):
    page = make_draft(office, title="เตือนภัยน้ำประปา")
    client.force_login(administrator)
    course = reverse("pr_admin:news_timeline", args=[page.pk])
    address = reverse("pr_admin:news_emergency", args=[page.pk])
    assert address in client.get(course).content.decode()
    for form, field in (
        ({"reason": "สั้น", "typed": typed_word()}, "reason"),
        ({"reason": REASON, "typed": "ใช่"}, "typed"),
    ):
        answer = client.post(address, {**form, "version": page.latest_revision_id})
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
        assert form["reason"] in answer.content.decode()
    seen = page.latest_revision_id
    page.get_latest_revision_as_object().save_revision(user=office.writer)
    sent = {"reason": REASON, "typed": typed_word(), "version": seen}
    assert client.post(address, sent).status_code == 422
    assert not EmergencyPublication.objects.exists()
    page.refresh_from_db()
    assert client.post(address, {**sent, "version": page.latest_revision_id}).status_code == 302
    emergency = EmergencyPublication.objects.get()
    decision = reverse("pr_admin:emergency", args=[emergency.pk])
    body = client.get(course).content.decode()
    assert decision in body
    assert address not in body
    for role, screens in {
        Role.WRITER: ["pr_admin:news_list", "pr_admin:checks", "wagtailadmin_home"],
        Role.IT_OFFICER: ["pr_admin:news_list", "pr_admin:posting", "wagtailadmin_home"],
        Role.DIRECTOR: ["pr_admin:news_list", "wagtailadmin_home"],
    }.items():
        client.force_login(office.person(role))
        for screen in screens:
            body = client.get(reverse(screen)).content.decode()
            assert "pr-critical" in body or "pr-items--critical" in body, (role, screen)
    client.force_login(office.writer)
    assert decision in client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()


def test_the_director_decides_on_the_screen(client, office, administrator, at_noon):
    page = make_draft(office)
    address = reverse("pr_admin:emergency", args=[publish(administrator, page).pk])
    client.force_login(office.person(Role.DIRECTOR))
    assert REASON in client.get(address).content.decode()
    assert client.post(address, {}).status_code == 422
    missing = client.post(address, {"decision": "refuse", "comment": ""})
    assert list(missing.context["form"].errors) == ["comment"]
    assert client.post(address, {"decision": "refuse", "comment": "ข้อมูลผิดพลาด"}).status_code == 302
    assert not fresh(page).live
    assert client.post(address, {"decision": "confirm"}).status_code == 403


def test_another_agency_finds_nothing(client, office, administrator):
    emergency = publish(administrator, make_draft(office))
    client.force_login(make_office("spp").person(Role.DIRECTOR))
    assert client.get(reverse("pr_admin:emergency", args=[emergency.pk])).status_code == 404


def test_the_button_is_for_superusers_only(client, office):
    page = make_draft(office)
    for role in (Role.WRITER, Role.IT_OFFICER, Role.DIRECTOR):
        client.force_login(office.person(role))
        body = client.get(reverse("pr_admin:news_timeline", args=[page.pk])).content.decode()
        assert reverse("pr_admin:news_emergency", args=[page.pk]) not in body


def test_what_was_refused_is_not_published_again(office, administrator):
    page = make_draft(office)
    emergency = emergency_publish(actor=administrator, page=page, reason=REASON, now=MORNING)
    director = office.person(Role.DIRECTOR)
    emergency_refuse(actor=director, emergency=emergency, comment="ไม่ใช่เหตุด่วน", now=MORNING + timedelta(hours=1))
    page = NewsPage.objects.get(pk=page.pk)
    page.get_latest_revision_as_object().save_revision(user=office.writer)
    with pytest.raises(EmergencyRefused):
        emergency_publish(actor=administrator, page=page, reason=REASON, now=MORNING + timedelta(hours=2))
    assert not NewsPage.objects.get(pk=page.pk).live
    assert EmergencyPublication.objects.count() == 1
