"""roles_ensure: the groups hold exactly what the table of roles says; a second run changes nothing (R08, I3, I5)."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ImproperlyConfigured
from wagtail.models import GroupCollectionPermission, GroupPagePermission, Page, Site

from pr_workflow.audit.models import AuditEntry
from pr_workflow.people import grants
from pr_workflow.people.models import Agency, AgencyGroup
from pr_workflow.people.roles import COLLECTION_PERMISSIONS, MODEL_PERMISSIONS, PAGE_PERMISSIONS, REPORT_READERS, Role
from pr_workflow.people.services import roles_ensure
from tests.factories.office import MORNING

LATER = MORNING + timedelta(days=1)


def group_of(office, role) -> Group:
    return AgencyGroup.objects.get(agency=office.agency, role=role).group


def plugin_permissions(group) -> set[str]:
    return set(group.permissions.filter(content_type__app_label="pr_workflow").values_list("codename", flat=True))


def page_permissions(group) -> set[tuple[int, str]]:
    rows = GroupPagePermission.objects.filter(group=group)
    return {(row.page_id, row.permission.codename) for row in rows.select_related("permission")}


def collection_permissions(group) -> set[tuple[int, str]]:
    rows = GroupCollectionPermission.objects.filter(group=group)
    return {(row.collection_id, row.permission.codename) for row in rows.select_related("permission")}


@pytest.mark.parametrize("role", Role)
def test_a_group_holds_exactly_the_table(health, role):
    group = group_of(health, role)
    assert plugin_permissions(group) == set(MODEL_PERMISSIONS.get(role, ()))
    assert group.permissions.filter(content_type__app_label="wagtailadmin", codename="access_admin").exists()
    assert page_permissions(group) == {(health.index.pk, f"{action}_page") for action in PAGE_PERMISSIONS.get(role, ())}
    assert collection_permissions(group) == {
        (health.agency.collection_id, f"{action}_{kind}")
        for action in COLLECTION_PERMISSIONS.get(role, ())
        for kind in ("image", "document")
    }


def test_a_second_run_changes_nothing_and_logs_nothing(health):
    rows = AuditEntry.objects.filter(verb="roles_ensure").count()
    before = {group.pk: (group.name, plugin_permissions(group)) for group in Group.objects.all()}
    changes = roles_ensure(actor=None, agency=health.agency, now=LATER)
    assert (changes.given, changes.taken) == ([], [])
    assert AuditEntry.objects.filter(verb="roles_ensure").count() == rows == 1
    assert {group.pk: (group.name, plugin_permissions(group)) for group in Group.objects.all()} == before


def test_the_first_run_is_logged_with_what_it_gave(health):
    entry = AuditEntry.objects.get(verb="roles_ensure")
    assert entry.chain == "kpr"
    assert any(line.endswith("post_news") for line in entry.data["given"])
    assert entry.data["taken"] == []


def test_what_the_table_no_longer_has_is_taken_back(health, monkeypatch):
    shorter = {**MODEL_PERMISSIONS, Role.WRITER: ("view_annualplan",)}
    monkeypatch.setattr(grants, "MODEL_PERMISSIONS", shorter)
    monkeypatch.setattr(grants, "PAGE_PERMISSIONS", {Role.WRITER: ("change",), Role.DIRECTOR: ("add",)})
    monkeypatch.setattr(grants, "COLLECTION_PERMISSIONS", {Role.WRITER: ("choose",), Role.DIRECTOR: ("add", "change")})
    changes = roles_ensure(actor=None, agency=health.agency, now=LATER)
    writer = group_of(health, Role.WRITER)
    assert plugin_permissions(writer) == {"view_annualplan"}
    assert page_permissions(writer) == {(health.index.pk, "change_page")}
    assert {name for _pk, name in collection_permissions(writer)} == {"choose_image", "choose_document"}
    assert (health.index.pk, "add_page") in page_permissions(group_of(health, Role.DIRECTOR))
    assert any("verify_publication" in line for line in changes.taken)
    assert AuditEntry.objects.filter(verb="roles_ensure").first().data["taken"] == changes.taken


def test_what_people_gave_on_other_things_stays(health):
    group = group_of(health, Role.WRITER)
    elsewhere = Permission.objects.get(content_type__app_label="wagtailcore", codename="add_collection")
    locking = Permission.objects.get(content_type__app_label="wagtailcore", codename="lock_page")
    group.permissions.add(elsewhere)
    GroupPagePermission.objects.create(group=group, page=health.index, permission=locking)
    GroupPagePermission.objects.create(group=group, page=health.home, permission_type="add")
    roles_ensure(actor=None, agency=health.agency, now=LATER)
    assert group.permissions.filter(pk=elsewhere.pk).exists()
    assert {(health.index.pk, "lock_page"), (health.home.pk, "add_page")} <= page_permissions(group)


def test_a_renamed_group_is_found_again(health):
    group = group_of(health, Role.WRITER)
    group.name = "คณะผู้เขียนข่าว"
    group.save()
    roles_ensure(actor=None, agency=health.agency, now=LATER)
    assert group_of(health, Role.WRITER) == group
    assert Group.objects.filter(agency_role__agency=health.agency).count() == len(Role)


def test_a_second_agency_gets_groups_and_a_collection_of_its_own(health, education):
    ours = set(AgencyGroup.objects.filter(agency=health.agency).values_list("group_id", flat=True))
    theirs = set(AgencyGroup.objects.filter(agency=education.agency).values_list("group_id", flat=True))
    assert len(ours) == len(theirs) == len(Role)
    assert not ours & theirs
    assert health.agency.collection_id != education.agency.collection_id


def test_a_writer_writes_in_the_own_section_only_and_publishes_nowhere(health, education):
    def may(page):
        tester = page.permissions_for_user(health.writer)
        return tester.can_add_subpage(), tester.can_publish(), tester.can_publish_subpage(), tester.can_lock()

    assert may(health.index) == (True, False, False, False)
    assert may(education.index) == (False, False, False, False)
    assert may(health.home)[0] is False


@pytest.mark.parametrize("role", Role)
def test_no_role_may_publish_anything(health, role):
    codenames = {name for _pk, name in page_permissions(group_of(health, role))}
    assert not [name for name in codenames if name.startswith(("publish", "bulk_delete", "lock", "unlock"))]
    person = health.person(role)
    assert not any(name.partition(".")[2].startswith("publish") for name in person.get_all_permissions())


def test_an_agency_without_a_news_section_uses_its_root_page(db):
    root = Page.objects.get(depth=1)
    plain = root.add_child(instance=Page(title="เปล่า", slug="plain"))
    site = Site.objects.create(hostname="plain.localhost", root_page=plain)
    agency = Agency.objects.create(code="plain", name="หน่วยงานเปล่า", site=site)
    roles_ensure(actor=None, agency=agency, now=MORNING)
    group = AgencyGroup.objects.get(agency=agency, role=Role.WRITER).group
    assert page_permissions(group) == {(plain.pk, "add_page"), (plain.pk, "change_page")}


def test_readers_of_the_weekly_report_get_their_permission_after_the_commit(health, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        roles_ensure(actor=None, agency=health.agency, now=LATER)
    readers = {
        seat.role
        for seat in AgencyGroup.objects.filter(agency=health.agency)
        if seat.group.permissions.filter(codename="view_weeklyreport").exists()
    }
    assert readers == {str(role) for role in REPORT_READERS}
    assert Role.NETWORK_MEMBER not in readers


def test_an_unknown_permission_stops_the_run_and_leaves_nothing(health, monkeypatch):
    monkeypatch.setattr(grants, "MODEL_PERMISSIONS", {Role.NETWORK_MEMBER: ("fly_to_the_moon",)})
    before = plugin_permissions(group_of(health, Role.WRITER))
    with pytest.raises(ImproperlyConfigured, match="fly_to_the_moon"):
        roles_ensure(actor=None, agency=health.agency, now=LATER)
    assert plugin_permissions(group_of(health, Role.WRITER)) == before
