"""What the loaded demo holds of each agency: site, people, plans, channels, rights; a second load leaves it alone."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Site

from home.demo import content
from home.demo.banner import banner
from home.demo.loading import Ports, demo_load
from pr_workflow.approval.models import ApprovalSeal
from pr_workflow.audit.models import AuditEntry
from pr_workflow.distribution.models import Channel, Delivery
from pr_workflow.people.grants import publishing_groups
from pr_workflow.people.models import Agency, Delegation, StaffProfile
from pr_workflow.people.network import NetworkContact
from pr_workflow.people.roles import Role
from pr_workflow.people.selectors import role_members
from pr_workflow.plan.models import AnnualPlan
from pr_workflow.thai_time import BANGKOK
from pr_workflow.working_group.models import WorkingGroup
from tests.factories.demo import AGENCIES, NOW, log_in, the_page

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.xdist_group("loaded demo")]


def test_each_agency_has_its_site_and_its_section():
    for code in AGENCIES:
        site = Agency.objects.get(code=code).site
        assert (site.hostname, site.port) == (content.HOSTNAMES[code], 8000)
        assert [page.slug for page in site.root_page.get_children()] == ["news", "staff"]
    assert Site.objects.get(is_default_site=True).hostname == "health.localhost"
    assert not Site.objects.filter(hostname="localhost").exists()


def test_each_person_has_an_account_in_the_right_seat():
    for person in content.content()["staff"]:
        profile = StaffProfile.objects.get(key=person["key"])
        if person["display_name"] == content.VACANT:
            assert profile.user is None
            assert not profile.active
            continue
        role = content.ROLES[person["workflow_role"]]
        assert profile.user in role_members(profile.agency, role)
        seats = profile.user.groups.values_list("agency_role__agency__code", "agency_role__role")
        assert list(seats) == [(person["agency"], str(role))]


def test_everybody_in_the_banner_can_log_in():
    text = banner(port=8000)
    users = get_user_model().objects.filter(is_active=True)
    assert users.count() == 15 + 2 + 1
    for user in users.exclude(username="admin"):
        if user.username in text:
            log_in(user.staff_profile.agency, user.username)
    assert all(name in text for name in ("k-author1", "s-dir", "k-act", "k-net", "s-net", "admin"))
    assert "k-dir" not in text


def test_there_are_contacts_and_working_groups():
    assert NetworkContact.objects.count() == len(content.content()["contacts"])
    for data in content.content()["working_groups"]:
        group = WorkingGroup.objects.get(order_number=data["order_number"])
        assert [seat.staff.key for seat in group.members.all()] == [each["staff"] for each in data["members"]]
        assert group.appointed_at


def test_the_plans_are_in_force_by_the_director_s_approval():
    for data in content.content()["plans"]:
        plan = AnnualPlan.objects.get(agency__code=data["agency"])
        assert plan.live
        assert plan.activities.count() == len(data["activities"])
        approval = AuditEntry.objects.get(verb="plan_approve", target_id=str(plan.pk))
        director = role_members(plan.agency, Role.DIRECTOR).get(pk=approval.actor_id_text)
        assert director.username == {"kpr": "k-act", "spp": "s-dir"}[data["agency"]]
        assert approval.at.astimezone(BANGKOK).date() == content.day(data["doc_date"])


def test_the_plans_name_missions_and_units_so_that_coverage_and_filters_show_some(client):
    for data in content.content()["plans"]:
        agency = Agency.objects.get(code=data["agency"])
        plan = AnnualPlan.objects.get(agency=agency)
        kept = {line.code: (line.mission, line.unit.name if line.unit else None) for line in plan.activities.all()}
        assert kept == {row["code"]: (row["mission"], row["unit"]) for row in data["activities"]}
        client.force_login(role_members(agency, Role.DIRECTOR)[0])
        address = reverse("wagtailsnippets_pr_workflow_annualplan:coverage", args=[plan.pk])
        _groups, missions, units = (matrix for *_words, matrix in client.get(address).context["tables"])
        assert {row["mission"] for row in data["activities"]} - {""} <= {row.label for row in missions.rows}
        assert len(missions.rows) >= 4
        assert len(units.rows) >= 3
        unit = plan.activities.exclude(unit=None)[0].unit
        answer = client.get(reverse("pr_admin:plan_progress", args=[plan.pk]), {"unit": unit.pk})
        assert {row.activity.unit for row in answer.context["rows"]} == {unit}


def test_old_news_was_sent_nowhere_but_the_own_website():
    assert {row.channel.kind for row in Delivery.objects.select_related("channel")} == {"website"}
    assert Delivery.objects.exclude(state="sent").count() == 0
    for channel in Channel.objects.exclude(kind="website"):
        assert channel.created > NOW - timedelta(days=1)
        for key, value in channel.config.items():
            if key.endswith("url"):
                assert value.startswith("http://127.0.0.1:8901/"), channel
        channel.full_clean()
    assert Channel.objects.count() == 2 * 4


def test_the_website_channel_looks_at_the_page_from_now_on():
    assert [row.config for row in Channel.objects.filter(kind="website")] == [{}, {}]


def test_somebody_acts_for_the_director_and_one_signature_says_so():
    delegation = Delegation.objects.get()
    assert (delegation.delegator.key, delegation.delegate.key) == ("k-act", "k-hs")
    assert delegation in Delegation.objects.in_force(NOW.date())
    (seal,) = ApprovalSeal.objects.exclude(capacity="")
    assert seal.delegation == delegation
    assert delegation.order_number in seal.capacity
    assert "ปฏิบัติหน้าที่แทน" in seal.capacity
    assert seal.revision.content_object == the_page("fast_lane")


def test_nobody_may_publish():
    assert not publishing_groups().exists()
    assert not Group.objects.filter(name__in=["Moderators", "Editors"]).exists()


def test_a_second_load_only_follows_the_ports():
    agency = Agency.objects.get(code="kpr")
    Agency.objects.filter(pk=agency.pk).update(name="ชื่อที่แก้เอง")
    NetworkContact.objects.get(key="c01").delete()
    own = Channel.objects.create(
        agency=agency, kind="webhook", name="จริง", config={"url": "https://example.go.th/hook"}, secret="x"
    )
    rows = AuditEntry.objects.count()
    with CaptureQueriesContext(connection) as queries:
        again = demo_load(ports=Ports(8010, 9999), now=NOW)
    assert len(queries) < 40
    assert again is False
    agency.refresh_from_db()
    own.refresh_from_db()
    assert agency.name == "ชื่อที่แก้เอง"
    assert agency.site.port == 8010
    assert own.config == {"url": "https://example.go.th/hook"}
    assert Channel.objects.get(agency=agency, kind="facebook").config["base_url"] == "http://127.0.0.1:9999/graph"
    assert not NetworkContact.objects.filter(key="c01").exists()
    assert AuditEntry.objects.count() == rows
