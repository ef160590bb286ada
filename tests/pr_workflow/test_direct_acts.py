"""What a superuser does to news and plans beside the flow: refused, or a row in the log (I3, I4)."""

import json

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction, Site

from pr_workflow.approval.errors import ApprovalRefused
from pr_workflow.audit.models import AuditEntry
from pr_workflow.audit.services import audit_verify
from pr_workflow.gate import PublicationRefused
from pr_workflow.people.models import AgencyGroup
from pr_workflow.people.roles import Role
from pr_workflow.plan.models import AnnualPlan
from pr_workflow.publishing.models import PublishedItem
from tests.factories.office import add_person, live, make_draft, make_office, submit
from tests.factories.plans import out_of_force, plan_row
from tests.pr_workflow.test_side_doors import bulk

pytestmark = pytest.mark.django_db


@pytest.fixture
def other():
    return make_office("spp")


@pytest.fixture
def root(django_user_model):
    return django_user_model.objects.create_superuser("root", password="only-in-tests")


@pytest.fixture
def as_root(client, root):
    client.force_login(root)
    return client


def rows(verb: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(verb=verb).order_by("pk"))


def bulk_all(action: str, query: str) -> str:
    return f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', action])}?id=all{query}"


def send_json(client, address, **sent):
    return client.post(address, json.dumps(sent), content_type="application/json")


# -- taking down


def test_no_way_down_through_a_list_or_a_section(as_root, office):
    page = live(office)
    section = f"&childOf={office.index.pk}"
    recursive = reverse("wagtailadmin_api:pages:action", args=[office.index.pk, "unpublish"])
    attempts = [
        (bulk_all("unpublish", section), {}),
        (bulk_all("unpublish", f"&childOf={office.home.pk}&q={page.title[:4]}"), {}),
        (bulk_all("unpublish", f"&childOf={office.home.pk}"), {"include_descendants": "on"}),
        (bulk_all("unpublish", ""), {}),
        (bulk("unpublish", office.index), {"include_descendants": "on"}),
        (reverse("wagtailadmin_pages:unpublish", args=[office.index.pk]), {"include_descendants": "on"}),
    ]
    for address, form in attempts:
        assert as_root.post(address, form).status_code == 403, address
    assert send_json(as_root, recursive, recursive=True).status_code == 403
    page.refresh_from_db()
    assert page.live
    assert PublishedItem.objects.filter(page=page).exists()
    assert len(rows("refused")) == 7


def test_a_section_without_news_keeps_wagtails_way(as_root, office):
    address = reverse("wagtailadmin_pages:unpublish", args=[office.index.pk])
    assert as_root.post(address, {"include_descendants": "on"}).status_code == 302
    office.index.refresh_from_db()
    assert not office.index.live


def test_news_unpublished_by_a_command_stands_in_the_log(office):
    page = live(office)
    page.unpublish()
    (row,) = rows("page_unpublished_directly")
    assert row.target_id == str(page.pk)
    assert row.chain == office.agency.code
    assert row.actor_name == ""


def test_the_flows_own_way_down_writes_one_row(client, office):
    page = live(office)
    client.force_login(office.it_officer)
    client.post(reverse("pr_admin:news_take_down", args=[page.pk]), {"kind": "in_error", "reason": "ข้อมูลผิดพลาด"})
    page.refresh_from_db()
    assert not page.live
    assert len(rows("news_take_down")) == 1
    assert rows("page_unpublished_directly") == []


# -- moving


def test_news_does_not_move_to_another_agency(as_root, office, other):
    page = live(office)
    action = reverse("wagtailadmin_api:pages:action", args=[page.pk, "move"])
    confirm = reverse("wagtailadmin_pages:move_confirm", args=[page.pk, other.index.pk])
    section = reverse("wagtailadmin_pages:move_confirm", args=[office.index.pk, other.home.pk])
    assert as_root.get(confirm).status_code == 403
    for address, form in [
        (confirm, {}),
        (section, {}),
        (bulk("move", page), {"chooser": other.index.pk}),
        (bulk_all("move", f"&childOf={office.index.pk}"), {"chooser": other.index.pk}),
        (action, {"destination_page_id": other.index.pk, "position": "last-child"}),
    ]:
        assert as_root.post(address, form).status_code == 403, address
    sent = {"destination_page_id": office.home.pk, "position": "right"}
    assert send_json(as_root, action, **sent).status_code == 403
    page.refresh_from_db()
    assert page.get_parent().pk == office.index.pk
    assert rows("page_moved") == []


def test_a_move_inside_the_agency_is_logged_with_its_actor(as_root, root, office):
    page = live(office)
    section = office.home.add_child(instance=type(office.index)(title="ข่าวเก่า", slug="old"))
    response = as_root.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, section.pk]))
    assert response.status_code == 302
    (row,) = rows("page_moved")
    assert (row.target_id, row.actor_name, row.chain) == (str(page.pk), root.username, office.agency.code)
    assert row.data["to"] == section.url_path


def test_a_move_to_another_agency_is_refused_in_a_command_too(office, other):
    page = make_draft(office)
    with pytest.raises(ApprovalRefused):
        page.move(other.index, pos="last-child")
    assert Page.objects.get(pk=page.pk).get_parent().pk == office.index.pk
    assert not rows("page_moved")


def test_a_move_around_the_refusal_is_in_both_agencies_logs(office, other, monkeypatch):
    monkeypatch.setattr("pr_workflow.approval.receivers.has_news_at", lambda place: False)
    page = make_draft(office)
    page.move(other.index, pos="last-child")
    assert [row.chain for row in rows("page_moved")] == [office.agency.code, other.agency.code]


def test_the_log_and_the_move_stand_or_fall_together(as_root, office, monkeypatch):
    """Wagtail announces a move after it has committed it; the request is one transaction all the same."""
    page = live(office)
    section = office.home.add_child(instance=type(office.index)(title="ข่าวเก่า", slug="old"))

    def broken(**kwargs):
        raise RuntimeError("the log cannot be written")

    monkeypatch.setattr("pr_workflow.publishing.direct_receivers.audit_record", broken)
    with pytest.raises(RuntimeError):
        as_root.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, section.pk]))
    assert Page.objects.get(pk=page.pk).get_parent().pk == office.index.pk


# -- privacy, locks


def test_privacy_of_a_section_is_logged(as_root, root, office):
    address = reverse("wagtailadmin_pages:set_privacy", args=[office.index.pk])
    assert as_root.post(address, {"restriction_type": "login"}).status_code == 200
    assert as_root.post(address, {"restriction_type": "none"}).status_code == 200
    assert not PageViewRestriction.objects.exists()
    (restricted,) = rows("page_restricted")
    (lifted,) = rows("page_restriction_lifted")
    assert restricted.data == {"type": "login"}
    assert restricted.actor_name == lifted.actor_name == root.username
    assert restricted.chain == lifted.chain == office.agency.code


def test_locks_of_news_are_logged(as_root, office):
    page = make_draft(office)
    for act in ("lock", "unlock"):
        as_root.post(reverse(f"wagtailadmin_pages:{act}", args=[page.pk]))
    assert [row.target_id for row in rows("page_locked") + rows("page_unlocked")] == [str(page.pk)] * 2
    as_root.post(reverse("wagtailadmin_pages:lock", args=[office.index.pk]))
    assert len(rows("page_locked")) == 1


# -- deleting


def test_a_submitted_item_is_not_deleted(as_root, office):
    page = make_draft(office, title="ส่งแล้ว")
    submit(office, page)
    response = as_root.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    assert response.status_code == 403
    assert "ส่งแล้ว" in response.refusal_reason
    assert Page.objects.filter(pk=page.pk).exists()
    assert rows("news_delete") == []


def test_deletion_of_a_draft_is_logged(as_root, root, office):
    page = make_draft(office, title="ลบทิ้ง")
    as_root.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    assert not Page.objects.filter(pk=page.pk).exists()
    (row,) = rows("news_delete")
    assert (row.target_id, row.actor_name, row.chain) == (str(page.pk), root.username, office.agency.code)
    assert row.data == {"live": False, "in_consideration": False}
    assert audit_verify(chain=office.agency.code) is None


def test_all_of_a_list_is_judged_for_deletion(as_root, office):
    page = live(office)
    for query in (f"&childOf={office.index.pk}", ""):
        assert as_root.post(bulk_all("delete", query)).status_code == 403
    assert Page.objects.filter(pk=page.pk).exists()


def test_what_carries_the_flow_is_not_deleted(as_root, office):
    """Each would be an error 500 or would leave items without anybody to decide on them."""
    live(office)
    signer, writer = office.person(Role.DIRECTOR), office.writer
    group = AgencyGroup.objects.get(agency=office.agency, role=Role.DIRECTOR).group
    home = make_office("new").home
    for address in (
        reverse("wagtailusers_groups:delete", args=[group.pk]),
        reverse("wagtailusers_users:delete", args=[signer.pk]),
        reverse("wagtailusers_users:delete", args=[writer.pk]),
        reverse("wagtail_bulk_action", args=["home", "user", "delete"]) + f"?id={signer.pk}",
        reverse("wagtailsites:delete", args=[office.agency.site_id]),
        reverse("wagtailadmin_pages:delete", args=[home.pk]),
    ):
        response = as_root.post(address)
        assert response.status_code == 403, address
        assert response.refusal_reason in response.content.decode()
    assert AgencyGroup.objects.filter(group=group).exists()
    assert Site.objects.filter(pk=office.agency.site_id).exists()


def test_what_the_database_protects_is_a_refusal_not_an_error(as_root, office):
    collection = office.agency.collection
    response = as_root.post(reverse("wagtailadmin_collections:delete", args=[collection.pk]))
    assert response.status_code == 403
    collection.refresh_from_db()


def test_other_groups_and_accounts_may_be_deleted(as_root, office):
    group = Group.objects.create(name="อื่น ๆ")
    as_root.post(reverse("wagtailusers_groups:delete", args=[group.pk]))
    person = add_person(office, Role.WRITER, name="left")
    as_root.post(reverse("wagtailusers_users:delete", args=[person.pk]))
    assert not Group.objects.filter(pk=group.pk).exists()
    assert not type(person).objects.filter(pk=person.pk).exists()
    assert rows("role_group_delete") == []


def test_changes_of_a_role_s_group_are_logged(office):
    group = AgencyGroup.objects.get(agency=office.agency, role=Role.DIRECTOR).group
    group.name = "ชื่อใหม่"
    group.save()
    group.delete()
    (saved,), (deleted,) = rows("role_group_save"), rows("role_group_delete")
    assert saved.data == deleted.data == {"role": "director"}
    assert saved.chain == deleted.chain == office.agency.code


# -- aliases


def test_news_has_no_aliases(as_root, office):
    page = make_draft(office)
    form = {"new_title": "สำเนา", "new_slug": "copy", "new_parent_page": office.index.pk, "alias": "on"}
    before = Page.objects.count()
    copy = reverse("wagtailadmin_pages:copy", args=[page.pk])
    assert as_root.post(copy, form).status_code == 403
    section = reverse("wagtailadmin_pages:copy", args=[office.index.pk])
    section_form = {**form, "new_parent_page": office.home.pk, "copy_subpages": "on"}
    assert as_root.post(section, section_form).status_code == 403
    api = reverse("wagtailadmin_api:pages:action", args=[page.pk, "create_alias"])
    assert send_json(as_root, api, recursive=False).status_code == 403
    assert Page.objects.count() == before
    del form["alias"]
    assert as_root.post(copy, form).status_code == 302
    assert Page.objects.count() == before + 1


def test_code_makes_no_alias_of_news(office):
    page = make_draft(office)
    with pytest.raises(PublicationRefused):
        page.create_alias(update_slug="twin")
    assert not type(page).objects.filter(slug="twin").exists()


# -- plans


@pytest.fixture
def plan(office):
    """A plan in force (its approval is tested elsewhere)."""
    plan = plan_row(office.agency, title="แผนปี 2570")
    plan.save_revision()
    return AnnualPlan.objects.get(pk=plan.pk)


def test_a_plan_taken_out_of_force_with_a_permit_stands_in_the_log(office, plan):
    """No screen does this; an app that hands out the permit cannot do it unseen."""
    out_of_force(plan)
    assert not AnnualPlan.objects.get(pk=plan.pk).live
    (row,) = rows("plan_unpublished")
    assert row.chain == office.agency.code


def test_an_unsigned_plan_s_deletion_is_logged(as_root, office):
    plan = AnnualPlan.objects.create(agency=office.agency, fiscal_year_be=2571, title="ร่าง", live=False)
    as_root.post(reverse("wagtailsnippets_pr_workflow_annualplan:delete", args=[plan.pk]))
    assert not AnnualPlan.objects.filter(pk=plan.pk).exists()
    assert rows("plan_delete")[0].target_label == "ร่าง"
