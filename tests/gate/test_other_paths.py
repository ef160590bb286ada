"""The rows of docs/reference/gate.md that are no button: forged decisions, saving, code, snippets, reading."""

import json
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import APIToken, Page, PageViewRestriction, Revision

from home.models import NewsPage
from pr_workflow import side_doors
from pr_workflow.approval.models import ApprovalSeal
from pr_workflow.approval.selectors import chain_verdict
from pr_workflow.audit.models import AuditEntry
from pr_workflow.gate import PublicationRefused
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.plan.models import AnnualPlan
from pr_workflow.publishing.coverage import coverage
from pr_workflow.publishing.emergency import emergency_publish
from pr_workflow.publishing.giving_up import approval_withdraw
from pr_workflow.publishing.models import Posting
from pr_workflow.publishing.services import posting_publish
from pr_workflow.publishing.take_down import news_take_down
from pr_workflow.publishing.tick import tick_run
from tests.factories.office import (
    MORNING,
    approved,
    current_step,
    live,
    make_draft,
    make_image,
    make_office,
    posted,
    read_and_approve,
    submit,
)
from tests.factories.plans import plan_row
from tests.pr_workflow.news.test_news_views import editor_form

pytestmark = pytest.mark.django_db
REASON = "วิทยากรยกเลิกกำหนดการ ต้องแก้ชื่อผู้บรรยายก่อน"


@pytest.fixture
def root(django_user_model):
    return django_user_model.objects.create_superuser("root", password="only-in-tests")


def login(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def refusals() -> int:
    return AuditEntry.objects.filter(verb="refused").count()


def decide(client, page, action, **form):
    """Wagtail's own address for deciding a step."""
    step = current_step(page)
    return client.post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, step.pk]), form)


def token_of(user) -> dict[str, str]:
    token = APIToken.generate_token()
    APIToken.objects.create(user=user, name="test", key_hash=APIToken.hash_token(token), prefix=token[:12])
    return {"authorization": f"Bearer {token}"}


# -- forged decisions


@pytest.mark.parametrize("who", [Role.WRITER, Role.HEAD_OF_SECTION, Role.DIRECTOR, Role.IT_OFFICER])
def test_W1_a_step_is_not_decided_by_somebody_else(office, who):
    page = make_draft(office)
    submit(office, page)
    assert decide(login(office.person(who)), page, "approve").status_code == 403
    assert not ApprovalSeal.objects.exists()
    assert refusals() == 1


@pytest.mark.parametrize("is_member", [False, True])
def test_W2_a_superuser_decides_no_step(office, root, is_member):
    if is_member:
        root.groups.add(*office.person(Role.HEAD_OF_WORK).groups.all())
    page = make_draft(office)
    submit(office, page)
    assert decide(login(root), page, "approve").status_code == 403
    assert not ApprovalSeal.objects.exists()
    assert refusals() == 1


def test_W3_somebody_of_another_agency_finds_no_step(office):
    stranger = make_office("other").person(Role.HEAD_OF_WORK)
    page = make_draft(office)
    submit(office, page)
    assert decide(login(stranger), page, "approve").status_code == 404
    assert not ApprovalSeal.objects.exists()
    assert AuditEntry.objects.get(verb="refused").chain == "other"


def test_W4_an_approval_in_the_editor_changes_no_word(office):
    page = make_draft(office)
    submit(office, page)
    revision = page.latest_revision_id
    form = editor_form(
        page, **{"title": "แก้ระหว่างอนุมัติ", "action-workflow-action": "1", "workflow-action-name": "approve"}
    )
    head = login(office.person(Role.HEAD_OF_WORK))
    assert head.get(reverse("pr_admin:review", args=[current_step(page).pk])).status_code == 200
    assert head.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form).status_code == 403
    page.refresh_from_db()
    assert page.latest_revision_id == revision
    assert page.draft_title == page.title != "แก้ระหว่างอนุมัติ"
    assert not ApprovalSeal.objects.exists()


def test_W5_an_action_that_does_not_exist_decides_nothing(office):
    page = make_draft(office)
    submit(office, page)
    assert decide(login(office.person(Role.HEAD_OF_WORK)), page, "publish").status_code == 403
    assert not ApprovalSeal.objects.exists()
    assert not NewsPage.objects.get(pk=page.pk).live


@pytest.mark.parametrize("who", ["head_of_work", "head_of_section", "root", "stranger"])
def test_W6_an_approval_is_not_given_up_by_somebody_else(office, root, who):
    posting = approved(office)
    user = {"root": root, "stranger": None}.get(who, office.people.get(who)) or make_office("other").person(
        Role.DIRECTOR
    )
    address = reverse("pr_admin:posting_withdraw", args=[posting.pk])
    answer = login(user).post(address, {"reason": REASON})
    assert answer.status_code == (404 if who == "stranger" else 403)
    assert Posting.objects.open().get() == posting
    assert chain_verdict(posting.revision).complete
    assert refusals() == 1


def test_W7_a_step_is_not_signed_unread(office):
    page = make_draft(office)
    submit(office, page)
    client = login(office.person(Role.HEAD_OF_WORK))
    assert decide(client, page, "approve").status_code == 403
    assert not ApprovalSeal.objects.exists()
    assert refusals() == 1
    assert client.get(reverse("pr_admin:review", args=[current_step(page).pk])).status_code == 200
    assert decide(client, page, "approve").status_code == 302
    assert ApprovalSeal.objects.count() == 1


def test_W7_the_answer_to_a_refused_form_is_no_look(office):
    """Only opening the present version counts, and then nothing that was typed is lost."""
    page = make_draft(office)
    submit(office, page)
    client = login(office.person(Role.HEAD_OF_WORK))
    address = reverse("pr_admin:review", args=[current_step(page).pk])
    seen = str(client.get(address).context["sheet"].seen)
    page.photos[0].value["image"].__class__.objects.update(file_hash="0" * 40)
    form = {"decision": "approve", "seen": seen, "comment": "อ่านแล้ว เห็นชอบ"}
    late = client.post(address, form)
    assert late.status_code == 409
    body = late.content.decode()
    assert f'href="{address}"' in body
    assert 'value="approve"' not in body
    assert decide(client, page, "approve").status_code == 403
    present = {**form, "seen": str(late.context["sheet"].seen)}
    assert client.post(address, present).status_code == 403
    assert not ApprovalSeal.objects.exists()
    assert refusals() == 3
    opened = client.get(address)
    assert "อ่านแล้ว เห็นชอบ" in opened.content.decode()
    assert client.post(address, {**form, "seen": str(opened.context["sheet"].seen)}).status_code == 302
    assert ApprovalSeal.objects.get().comment == form["comment"]


@pytest.mark.parametrize("action", ["approve", "reject"])
def test_W8_the_step_of_another_item_is_not_decided(office, action):
    page, other = make_draft(office), make_draft(office, title="อีกเรื่อง")
    submit(office, page)
    submit(office, other)
    client = login(office.person(Role.HEAD_OF_WORK))
    client.get(reverse("pr_admin:review", args=[current_step(other).pk]))
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, current_step(other).pk])
    assert client.post(address, {"comment": "ก"}).status_code == 403
    assert {current_step(page).status, current_step(other).status} == {"in_progress"}
    assert not ApprovalSeal.objects.exists()
    assert refusals() == 1


def test_W9_what_has_expired_is_not_signed(office):
    page = make_draft(office, expire_at=MORNING + timedelta(hours=2))
    submit(office, page)
    client = login(office.person(Role.HEAD_OF_WORK))
    with time_machine.travel(MORNING + timedelta(hours=3), tick=False):
        client.get(reverse("pr_admin:review", args=[current_step(page).pk]))
        assert decide(client, page, "approve").status_code == 403
    assert not ApprovalSeal.objects.exists()
    assert refusals() == 1


def test_W10_a_picture_of_an_item_under_consideration_is_not_exchanged(office):
    image = make_image(office)
    page = make_draft(office, image=image)
    submit(office, page)
    client = login(office.writer)
    form = {"title": image.title, "collection": image.collection_id, "tags": "", "file": make_image(office).file}
    assert client.post(reverse("wagtailimages:edit", args=[image.pk]), form).status_code == 403
    assert client.post(reverse("wagtailimages:delete", args=[image.pk])).status_code == 403
    assert type(image).objects.get(pk=image.pk).file.name == image.file.name
    assert refusals() == 2


# -- saving


def test_E1_an_editor_that_saves_by_itself_leaves_a_signed_version_alone(office):
    posting = approved(office)
    page = NewsPage.objects.get(pk=posting.page_id)
    sealed = posting.revision
    form = editor_form(page.get_latest_revision_as_object(), title="แก้หลังอนุมัติ", overwrite_revision_id=sealed.pk)
    response = login(office.writer).post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), form, headers={"accept": "application/json"}
    )
    assert response.status_code == 200, response.content[:300]
    page.refresh_from_db()
    assert page.latest_revision_id != sealed.pk
    assert chain_verdict(Revision.objects.get(pk=sealed.pk)).complete
    assert not chain_verdict(page.latest_revision).complete


def test_E1_a_version_that_went_live_in_an_emergency_stays_too(office, root):
    page = make_draft(office)
    emergency = emergency_publish(actor=root, page=page, reason="น้ำท่วมฉับพลัน ต้องเตือนทันที", now=MORNING)
    page = NewsPage.objects.get(pk=page.pk)
    draft = page.get_latest_revision_as_object()
    draft.title = "แก้ทับฉบับด่วน"
    draft.save_revision(user=emergency.revision.user, overwrite_revision=emergency.revision)
    assert Revision.objects.get(pk=emergency.revision_id).content["title"] != "แก้ทับฉบับด่วน"
    assert coverage(Revision.objects.get(pk=emergency.revision_id)).complete


def test_E2_saving_a_draft_of_live_news_changes_nothing_public(office):
    page = live(office)
    before = Page.objects.filter(pk=page.pk).values("title", "slug", "live_revision").get()
    form = editor_form(page.get_latest_revision_as_object(), title="ร่างใหม่", slug="elsewhere")
    login(office.writer).post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)
    assert NewsPage.objects.get(pk=page.pk).has_unpublished_changes
    assert Page.objects.filter(pk=page.pk).values("title", "slug", "live_revision").get() == before


@pytest.mark.parametrize("by_token", [False, True], ids=["admin", "token"])
def test_E3_going_back_to_an_old_version_makes_a_draft(office, root, by_token):
    page = live(office)
    old = page.live_revision
    page.get_latest_revision_as_object().save_revision(user=office.writer)
    if by_token:
        address = reverse("wagtailapi_v3:pages_actions_revert", args=[page.pk])
        sent = json.dumps({"revision_id": old.pk})
        response = Client().post(address, sent, content_type="application/json", headers=token_of(root))
    else:
        address = reverse("wagtailadmin_api:pages:action", args=[page.pk, "revert_to_page_revision"])
        response = login(root).post(address, {"revision_id": old.pk})
    assert response.status_code == 200, response.content[:300]
    page.refresh_from_db()
    assert page.live_revision == old
    assert page.latest_revision_id not in (None, old.pk)
    assert not chain_verdict(page.latest_revision).complete


@pytest.mark.parametrize("by_token", [False, True], ids=["admin", "token"])
@pytest.mark.parametrize("who", ["writer", "root"])
def test_E3_nobody_goes_back_to_an_old_version_while_the_item_is_considered(office, root, who, by_token):
    page = make_draft(office)
    old = page.latest_revision
    page.save_revision(user=office.writer)
    state = submit(office, NewsPage.objects.get(pk=page.pk))
    before = NewsPage.objects.get(pk=page.pk).latest_revision_id
    user = root if who == "root" else office.writer
    if by_token:
        address, sent = reverse("wagtailapi_v3:pages_actions_revert", args=[page.pk]), {"revision_id": old.pk}
        more = {"content_type": "application/json", "headers": token_of(user)}
        response = Client().post(address, json.dumps(sent), **more)
    else:
        address = reverse("wagtailadmin_api:pages:action", args=[page.pk, "revert_to_page_revision"])
        response = login(user).post(address, {"revision_id": old.pk})
    assert response.status_code == 403
    assert NewsPage.objects.get(pk=page.pk).latest_revision_id == before
    assert refusals() == 1
    head = office.person(CHAIN[0])
    read_and_approve(actor=head, task_state=state.current_task_state, now=MORNING + timedelta(hours=1))


def test_E4_what_was_taken_down_is_not_published_again_by_a_button(office, root):
    page = live(office)
    news_take_down(actor=root, page=page, reason="ลงผิดหน้าเว็บไซต์", now=MORNING + timedelta(hours=6))
    page = NewsPage.objects.get(pk=page.pk)
    form = editor_form(page.get_latest_revision_as_object(), **{"action-publish": "1"})
    assert login(root).post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form).status_code == 403
    assert not NewsPage.objects.get(pk=page.pk).live


@pytest.fixture
def given_up(office):
    """An item that was to go live in an hour, and whose approval was withdrawn."""
    now = MORNING + timedelta(hours=5)
    posting = posted(office, go_live_at=now + timedelta(hours=1), now=now)
    approval_withdraw(actor=office.writer, posting=posting, reason=REASON, now=now)
    return Posting.objects.get(pk=posting.pk)


@pytest.mark.parametrize("who", ["it_officer", "root"])
def test_E5_what_was_given_up_is_not_posted_from_an_open_tab(office, root, given_up, who):
    user = root if who == "root" else office.it_officer
    for name, form in (("posting_post", {"when": "now"}), ("posting_receive", {})):
        assert login(user).post(reverse(f"pr_admin:{name}", args=[given_up.pk]), form).status_code == 403
    assert Posting.objects.get(pk=given_up.pk).go_live_at is None
    assert not NewsPage.objects.get(pk=given_up.page_id).live
    assert refusals() == 2


def test_E5_going_back_to_what_was_given_up_makes_a_draft(office, root, given_up):
    page = NewsPage.objects.get(pk=given_up.page_id)
    address = reverse("wagtailadmin_api:pages:action", args=[page.pk, "revert_to_page_revision"])
    assert login(root).post(address, {"revision_id": given_up.revision_id}).status_code == 200
    form = editor_form(page.get_latest_revision_as_object(), **{"action-publish": "1"})
    assert login(root).post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form).status_code == 403
    page.refresh_from_db()
    assert not page.live
    assert not chain_verdict(page.latest_revision).complete


# -- code and commands


def test_C1_the_command_for_schedules_publishes_no_unsigned_news(office):
    page = make_draft(office)
    Revision.objects.filter(pk=page.latest_revision_id).update(approved_go_live_at=timezone.now() - timedelta(hours=1))
    call_command("publish_scheduled", stdout=StringIO())
    assert not NewsPage.objects.get(pk=page.pk).live


def test_C2_publishing_a_version_in_code_is_refused(office):
    page = make_draft(office)
    with pytest.raises(PublicationRefused):
        page.latest_revision.publish(skip_permission_checks=True)
    assert not NewsPage.objects.get(pk=page.pk).live


def test_C3_saving_a_page_as_live_in_code_is_refused(office):
    page = make_draft(office)
    page.live = True
    with pytest.raises(PublicationRefused):
        page.save()
    plain = Page.objects.get(pk=page.pk)
    plain.live = True
    with pytest.raises(PublicationRefused):
        plain.save()
    assert not NewsPage.objects.get(pk=page.pk).live


def test_C4_the_command_that_clears_old_versions_keeps_signed_ones(office):
    page = live(office)
    signed = set(ApprovalSeal.objects.values_list("revision", flat=True))
    for _round in range(2):
        page.get_latest_revision_as_object().save_revision(user=office.writer)
    call_command("purge_revisions", days=0, stdout=StringIO())
    assert signed <= set(Revision.objects.values_list("pk", flat=True))


def test_C5_a_signed_text_that_was_changed_in_the_table_stays_off_the_site(office):
    posting = posted(office, go_live_at=MORNING + timedelta(hours=5), now=MORNING + timedelta(hours=5))
    revision = posting.revision
    Revision.objects.filter(pk=revision.pk).update(content={**revision.content, "title": "แก้ในฐานข้อมูล"})
    outcome = posting_publish(posting_id=posting.pk, now=MORNING + timedelta(hours=5))
    assert not outcome.went_live
    assert outcome.reason
    assert not NewsPage.objects.get(pk=posting.page_id).live
    assert Posting.objects.get(pk=posting.pk).go_live_at


def test_C6_nothing_publishes_by_itself_what_was_given_up(office, given_up):
    later = MORNING + timedelta(days=1)
    Posting.objects.filter(pk=given_up.pk).update(go_live_at=MORNING)
    assert posting_publish(posting_id=given_up.pk, now=later) is None
    Revision.objects.filter(pk=given_up.revision_id).update(approved_go_live_at=MORNING)
    tick_run(now=later)
    call_command("publish_scheduled", stdout=StringIO())
    with pytest.raises(PublicationRefused):
        Revision.objects.get(pk=given_up.revision_id).publish(skip_permission_checks=True)
    assert not NewsPage.objects.get(pk=given_up.page_id).live


def test_C7_what_expires_while_it_waits_never_goes_live(office):
    expiry = MORNING + timedelta(hours=6)
    posting = approved(office, expire_at=expiry)
    assert tick_run(now=expiry).lapsed == [posting.pk]
    Posting.objects.filter(pk=posting.pk).update(closed_at=None, go_live_at=MORNING)
    assert not posting_publish(posting_id=posting.pk, now=expiry).went_live
    assert not NewsPage.objects.get(pk=posting.page_id).live


# -- plans: snippets with drafts


@pytest.mark.parametrize("who", ["writer", "director", "root"])
def test_S1_a_plan_comes_into_force_by_no_button(office, root, who):
    plan = plan_row(office.agency, live=False)
    plan.save_revision()
    user = root if who == "root" else office.person(who)
    address = reverse("wagtailsnippets_pr_workflow_annualplan:edit", args=[plan.pk])
    assert login(user).post(address, {"action-publish": "1"}).status_code == 403
    assert not AnnualPlan.objects.get(pk=plan.pk).live
    assert refusals() == 1


def test_S2_a_plan_comes_into_force_by_no_code(office):
    plan = plan_row(office.agency, live=False)
    with pytest.raises(PublicationRefused):
        plan.save_revision().publish(skip_permission_checks=True)
    assert not AnnualPlan.objects.get(pk=plan.pk).live


def test_S3_a_plan_scheduled_by_hand_stays_a_draft(office):
    plan = plan_row(office.agency, live=False)
    revision = plan.save_revision(approved_go_live_at=timezone.now() - timedelta(hours=1))
    call_command("publish_scheduled", stdout=StringIO())
    assert not AnnualPlan.objects.get(pk=plan.pk).live
    assert Revision.objects.filter(pk=revision.pk).exists()


@pytest.fixture
def plan(office):
    """A plan in force, with a version of its own."""
    plan = plan_row(office.agency)
    plan.save_revision()
    return AnnualPlan.objects.get(pk=plan.pk)


@pytest.mark.parametrize("who", ["writer", "director", "root"])
def test_S4_a_plan_goes_out_of_force_by_no_button(office, root, plan, who):
    client = login(root if who == "root" else office.person(who))
    address = reverse("wagtailsnippets_pr_workflow_annualplan:unpublish", args=[plan.pk])
    assert client.post(address).status_code == 403
    edit = reverse("wagtailsnippets_pr_workflow_annualplan:edit", args=[plan.pk])
    assert client.post(edit, {"action-unpublish": "1"}).status_code < 500
    assert AnnualPlan.objects.get(pk=plan.pk).live
    assert refusals() >= 1
    assert not AuditEntry.objects.filter(verb="plan_unpublished").exists()


@pytest.mark.parametrize("who", ["director", "root"])
def test_S4_the_plan_itself_holds_it_too(office, root, plan, who, monkeypatch):
    """Without the side door, the form still changes nothing."""
    monkeypatch.setattr(side_doors, "side_door_refusal", lambda *args: "")
    address = reverse("wagtailsnippets_pr_workflow_annualplan:unpublish", args=[plan.pk])
    assert login(root if who == "root" else office.person(who)).post(address).status_code == 403
    assert AnnualPlan.objects.get(pk=plan.pk).live
    assert refusals() == 1


@pytest.mark.parametrize("who", ["director", "root"])
def test_S5_a_plan_goes_out_of_force_by_no_bulk_action(office, root, plan, who):
    address = reverse("wagtail_bulk_action", args=["pr_workflow", "annualplan", "unpublish"])
    answer = login(root if who == "root" else office.person(who)).post(f"{address}?id={plan.pk}")
    assert answer.status_code == 403
    assert AnnualPlan.objects.get(pk=plan.pk).live
    assert refusals() == 1


def test_S6_a_plan_goes_out_of_force_by_no_code(office, plan):
    with pytest.raises(PublicationRefused):
        plan.unpublish()
    plan = AnnualPlan.objects.get(pk=plan.pk)
    plan.live = False
    for fields in ({}, {"update_fields": ["live"]}):
        with pytest.raises(PublicationRefused):
            plan.save(**fields)
    AnnualPlan.objects.filter(pk=plan.pk).update(expire_at=MORNING)
    assert tick_run(now=MORNING + timedelta(days=1)).expired == []
    call_command("publish_scheduled", stdout=StringIO())
    assert AnnualPlan.objects.get(pk=plan.pk).live


# -- who may see: privacy and reading


def test_P1_privacy_of_news_is_not_changed_by_officers(office):
    page = live(office)
    address = reverse("wagtailadmin_pages:set_privacy", args=[page.pk])
    for who in (Role.WRITER, Role.DIRECTOR, Role.IT_OFFICER):
        assert login(office.person(who)).post(address, {"restriction_type": "login"}).status_code == 403
    assert not PageViewRestriction.objects.exists()
    assert refusals() == 3


def test_R1_api_v2_only_reads_and_knows_no_drafts(office):
    page = make_draft(office)
    client = Client(headers={"host": office.agency.site.hostname})
    address = reverse("wagtailapi:pages:detail", args=[page.pk])
    assert client.get(address).status_code == 404
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)(address).status_code in (403, 405)
    assert not NewsPage.objects.get(pk=page.pk).live


def test_R2_api_v3_shows_no_draft_to_the_public_or_to_another_agency(office):
    stranger, page = make_office("other"), make_draft(office)
    address = reverse("wagtailapi_v3:detail_page", args=[page.pk]) + "?version=draft"
    assert Client().get(address).status_code == 404
    assert Client().get(address, headers=token_of(stranger.writer)).status_code == 404
    own = Client().get(address, headers=token_of(office.writer))
    assert own.status_code == 200
    assert own.json()["title"] == page.title


@pytest.mark.parametrize("name", ["list_images", "list_documents", "list_snippets", "list_sites", "list_redirects"])
def test_R3_api_v3_opens_nothing_but_pages(office, root, name):
    keys = ["pr_workflow.annualplan"] if name == "list_snippets" else []
    try:
        address = reverse(f"wagtailapi_v3:{name}", args=keys)
    except Exception:  # the snippet API takes no key in some releases
        address = reverse(f"wagtailapi_v3:{name}")
    for headers in ({}, token_of(office.writer), token_of(root)):
        assert Client().get(address, headers=headers).status_code in (401, 403, 404)


def test_R4_nobody_writes_into_another_agency_with_a_token(office):
    stranger, page = make_office("other"), make_draft(office)
    headers = token_of(stranger.writer)
    detail = reverse("wagtailapi_v3:update_page", args=[page.pk])
    body = json.dumps({"meta": {"type": "home.NewsPage"}, "title": "ไม่ใช่ของเรา"})
    assert Client().patch(detail, body, content_type="application/json", headers=headers).status_code == 404
    made = {"meta": {"type": "home.NewsPage", "parent_id": office.index.pk}, "title": "แทรก", "slug": "x"}
    create = reverse("wagtailapi_v3:create_page")
    sent = Client().post(create, json.dumps(made), content_type="application/json", headers=headers)
    assert sent.status_code == 404
    assert NewsPage.objects.count() == 1
    assert refusals() == 2
    assert NewsPage.objects.get(pk=page.pk).draft_title == page.title


def test_a_session_counts_for_nothing_in_the_token_api(office, root):
    page = make_draft(office)
    address = reverse("wagtailapi_v3:pages_actions_publish", args=[page.pk])
    assert login(root).post(address).status_code == 401
    assert not NewsPage.objects.get(pk=page.pk).live


def test_a_closed_account_counts_for_nothing_in_the_token_api(office):
    headers = token_of(office.writer)
    office.writer.is_active = False
    office.writer.save()
    page = make_draft(office)
    address = reverse("wagtailapi_v3:detail_page", args=[page.pk]) + "?version=draft"
    assert Client().get(address, headers=headers).status_code == 404


def test_permission_denied_is_the_kind_of_our_refusals():
    assert issubclass(PublicationRefused, PermissionDenied)
