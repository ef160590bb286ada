"""Acting in a role: who may order it, what is refused at which field, and that it counts at once (R06, I3, I5)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.delegations import capacity_text
from pr_workflow.people.models import AgencyGroup, Delegation
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.people.selectors import (
    delegation_used_by,
    delegations_running,
    groups_acted_in,
    role_members,
    roles_of,
    user_holds,
)
from pr_workflow.people.services import DelegationRefused, delegation_grant, delegation_revoke
from pr_workflow.signals import delegation_changed
from tests.factories.office import MORNING, add_person

TODAY = MORNING.date()
pytestmark = pytest.mark.django_db


def grant(office, giver=Role.DIRECTOR, to=Role.HEAD_OF_SECTION, *, actor=None, **changes) -> Delegation:
    """The director is away from today for a week; the head of section acts. People by role or profile."""
    people = [office.profile(one) if isinstance(one, Role) else one for one in (giver, to)]
    fields = {
        "role": giver if isinstance(giver, Role) else Role.DIRECTOR,
        "starts_on": TODAY,
        "ends_on": TODAY + timedelta(days=6),
        "order_number": "12/2570",
        "now": MORNING,
        **changes,
    }
    return delegation_grant(actor=actor or people[0].user, delegator=people[0], delegate=people[1], **fields)


def refused_fields(*args, **kwargs) -> list[str]:
    with pytest.raises(ValidationError) as refusal:
        grant(*args, **kwargs)
    assert not Delegation.objects.filter(order_number="new").exists()
    return sorted(refusal.value.message_dict)


def test_it_counts_on_both_ends_of_the_period_and_not_beyond(health):
    grant(health)
    acting, agency = health.person(Role.HEAD_OF_SECTION), health.agency
    days = {
        offset: user_holds(acting, Role.DIRECTOR, agency, TODAY + timedelta(days=offset)) for offset in (-1, 0, 6, 7)
    }
    assert days == {-1: False, 0: True, 6: True, 7: False}
    assert acting in role_members(agency, Role.DIRECTOR, TODAY)
    assert acting not in role_members(agency, Role.DIRECTOR, TODAY + timedelta(days=7))


def test_the_holder_keeps_the_right(health):
    delegation = grant(health)
    director = health.person(Role.DIRECTOR)
    assert set(role_members(health.agency, Role.DIRECTOR, TODAY)) == {director, health.person(Role.HEAD_OF_SECTION)}
    assert delegation_used_by(director, Role.DIRECTOR, health.agency, TODAY) is None
    used = delegation_used_by(health.person(Role.HEAD_OF_SECTION), Role.DIRECTOR, health.agency, TODAY)
    assert used == delegation


def test_one_agency_and_one_role_only(health, education):
    grant(health)
    acting = health.person(Role.HEAD_OF_SECTION)
    assert not user_holds(acting, Role.DIRECTOR, education.agency, TODAY)
    assert not user_holds(acting, Role.HEAD_OF_WORK, health.agency, TODAY)
    assert roles_of(acting, health.agency, TODAY) == {Role.HEAD_OF_SECTION, Role.DIRECTOR}
    assert roles_of(acting, education.agency, TODAY) == set()
    seats = AgencyGroup.objects.filter(group__in=groups_acted_in(acting, TODAY)).values_list("role", flat=True)
    assert set(seats) == {Role.HEAD_OF_SECTION, Role.DIRECTOR}


def _leaves_the_role(office):
    office.person(Role.DIRECTOR).groups.clear()


def _leaves_office(office, role=Role.DIRECTOR):
    profile = office.profile(role)
    profile.active = False
    profile.save()


def _account_is_closed(office, role=Role.DIRECTOR):
    user = office.person(role)
    user.is_active = False
    user.save()


@pytest.mark.parametrize(
    "lapse",
    [
        _leaves_the_role,
        _leaves_office,
        _account_is_closed,
        lambda office: _leaves_office(office, Role.HEAD_OF_SECTION),
        lambda office: _account_is_closed(office, Role.HEAD_OF_SECTION),
    ],
    ids=["giver loses role", "giver left", "giver closed", "actor left", "actor closed"],
)
def test_it_lapses_with_the_people(health, lapse):
    grant(health)
    lapse(health)
    assert not delegations_running(TODAY).exists()
    assert health.person(Role.HEAD_OF_SECTION) not in role_members(health.agency, Role.DIRECTOR, TODAY)


def test_revoking_ends_it_at_once_and_keeps_the_row(health):
    delegation = grant(health)
    delegation_revoke(actor=health.person(Role.DIRECTOR), delegation=delegation, now=MORNING)
    assert not user_holds(health.person(Role.HEAD_OF_SECTION), Role.DIRECTOR, health.agency, TODAY)
    assert Delegation.objects.get().revoked_by == health.person(Role.DIRECTOR)
    with pytest.raises(DelegationRefused):
        delegation_revoke(actor=health.person(Role.DIRECTOR), delegation=delegation, now=MORNING)
    assert AuditEntry.objects.filter(verb="delegation_revoke").count() == 1


def test_what_is_over_cannot_be_revoked(health):
    delegation = grant(health)
    with pytest.raises(DelegationRefused):
        delegation_revoke(actor=health.person(Role.DIRECTOR), delegation=delegation, now=MORNING + timedelta(days=7))


def test_a_row_is_never_deleted(health):
    delegation = grant(health)
    for delete in (delegation.delete, Delegation.objects.all().delete, Delegation.objects.filter(pk=1).delete):
        with pytest.raises(PermissionDenied):
            delete()
    assert Delegation.objects.count() == 1


def test_grant_and_revocation_are_logged_and_announced(health):
    heard = []

    def listen(sender, *, delegation, revoked, actor, now, **kwargs):
        heard.append((delegation.pk, revoked, actor.pk, now))

    delegation_changed.connect(listen)
    try:
        delegation = grant(health)
        delegation_revoke(actor=health.person(Role.DIRECTOR), delegation=delegation, now=MORNING)
    finally:
        delegation_changed.disconnect(listen)
    director = health.person(Role.DIRECTOR).pk
    assert heard == [(delegation.pk, False, director, MORNING), (delegation.pk, True, director, MORNING)]
    verbs = AuditEntry.objects.filter(target_type="pr_workflow.Delegation").order_by("sequence")
    assert [(row.verb, row.chain) for row in verbs] == [("delegation_grant", "kpr"), ("delegation_revoke", "kpr")]
    assert verbs[0].data["order_number"] == "12/2570"


@pytest.mark.parametrize("who", ["holder", "director", "superuser"])
def test_who_may_order_it(health, who, django_user_model):
    actor = {
        "holder": health.person(Role.HEAD_OF_WORK),
        "director": health.person(Role.DIRECTOR),
        "superuser": django_user_model.objects.create_superuser("root-account", password="x"),
    }[who]
    delegation = grant(health, Role.HEAD_OF_WORK, Role.EVALUATOR, actor=actor)
    assert delegation_revoke(actor=actor, delegation=delegation, now=MORNING).revoked_at == MORNING


@pytest.mark.parametrize("who", ["colleague", "acting", "other director", "other writer"])
def test_who_may_not_order_it(health, education, who):
    grant(health)
    actor = {
        "colleague": health.person(Role.HEAD_OF_WORK),
        # Whoever acts as director does not pass the role on.
        "acting": health.person(Role.HEAD_OF_SECTION),
        "other director": education.person(Role.DIRECTOR),
        "other writer": education.writer,
    }[who]
    giver = Role.IT_OFFICER
    with pytest.raises(DelegationRefused):
        grant(health, giver, Role.EVALUATOR, actor=actor)
    with pytest.raises(DelegationRefused):
        delegation_revoke(actor=actor, delegation=Delegation.objects.get(), now=MORNING)
    assert Delegation.objects.get().revoked_at is None


def test_nobody_acts_for_themself(health):
    assert refused_fields(health, Role.DIRECTOR, Role.DIRECTOR) == ["delegate"]


def test_the_giver_holds_the_role(health):
    assert refused_fields(health, Role.HEAD_OF_WORK, Role.WRITER, role=Role.DIRECTOR) == ["delegator"]


def test_whoever_holds_the_role_already_needs_no_delegation(health):
    second = add_person(health, Role.DIRECTOR, name="kpr-director-2").staff_profile
    assert refused_fields(health, Role.DIRECTOR, second) == ["delegate"]


def test_who_acts_cannot_pass_it_on(health):
    grant(health)
    superuser_like = health.person(Role.DIRECTOR)
    fields = refused_fields(health, Role.HEAD_OF_SECTION, Role.WRITER, role=Role.DIRECTOR, actor=superuser_like)
    assert fields == ["delegator"]


@pytest.mark.parametrize("role", [Role.WRITER, Role.EVALUATOR, Role.NETWORK_MEMBER])
def test_roles_that_do_not_decide_are_not_delegated(health, role):
    assert refused_fields(health, role, Role.HEAD_OF_WORK) == ["role"]


def test_both_are_of_the_same_agency(health, education):
    stranger = education.profile(Role.HEAD_OF_SECTION)
    assert refused_fields(health, Role.DIRECTOR, stranger) == ["delegate"]


@pytest.mark.parametrize(("role", "field"), [(Role.DIRECTOR, "delegator"), (Role.HEAD_OF_SECTION, "delegate")])
@pytest.mark.parametrize("gone", [_leaves_office, _account_is_closed])
def test_both_are_in_office_with_an_open_account(health, role, field, gone, django_user_model):
    gone(health, role)
    boss = django_user_model.objects.create_superuser("root-account", password="x")
    assert refused_fields(health, actor=boss) == [field]


def test_the_end_lies_after_the_start(health):
    assert refused_fields(health, ends_on=TODAY - timedelta(days=1)) == ["ends_on"]


def test_a_period_that_is_over_is_refused_and_one_that_runs_is_not(health):
    past = {"starts_on": date(2026, 11, 1), "ends_on": date(2026, 11, 15)}
    assert refused_fields(health, **past) == ["ends_on"]
    assert grant(health, starts_on=past["starts_on"], ends_on=TODAY).pk


@pytest.mark.parametrize("number", ["", "   "])
def test_the_order_is_named(health, number):
    assert refused_fields(health, order_number=number) == ["order_number"]


@pytest.mark.parametrize(
    ("first", "last", "clash"), [(6, 8, True), (7, 8, False), (-3, 0, True), (-3, -1, None)], ids=str
)
def test_two_people_do_not_act_for_one_in_the_same_days(health, first, last, clash):
    grant(health)
    days = {"starts_on": TODAY + timedelta(days=first), "ends_on": TODAY + timedelta(days=last)}
    if clash is None:
        assert refused_fields(health, to=Role.HEAD_OF_WORK, **days) == ["ends_on"]  # over
    elif clash:
        assert refused_fields(health, to=Role.HEAD_OF_WORK, **days) == ["starts_on"]
    else:
        assert grant(health, to=Role.HEAD_OF_WORK, **days).pk


def test_after_a_revocation_the_days_are_free_again(health):
    delegation_revoke(actor=health.person(Role.DIRECTOR), delegation=grant(health), now=MORNING)
    assert grant(health, to=Role.HEAD_OF_WORK).pk


def test_two_do_not_act_for_each_other(health):
    grant(health)
    assert refused_fields(health, Role.HEAD_OF_SECTION, Role.DIRECTOR) == ["delegate"]
    later = {"starts_on": TODAY + timedelta(days=7), "ends_on": TODAY + timedelta(days=9)}
    assert grant(health, Role.HEAD_OF_SECTION, Role.DIRECTOR, **later).pk


def test_a_ring_of_three_is_refused(health):
    grant(health, Role.DIRECTOR, Role.HEAD_OF_SECTION)
    grant(health, Role.HEAD_OF_SECTION, Role.HEAD_OF_WORK)
    assert refused_fields(health, Role.HEAD_OF_WORK, Role.DIRECTOR) == ["delegate"]
    assert refused_fields(health, Role.HEAD_OF_WORK, Role.HEAD_OF_SECTION) == ["delegate"]


def test_a_ring_needs_one_day_common_to_all_links(health):
    monday, wednesday = TODAY, TODAY + timedelta(days=2)
    grant(health, Role.DIRECTOR, Role.HEAD_OF_SECTION, starts_on=monday, ends_on=wednesday)
    grant(health, Role.HEAD_OF_SECTION, Role.HEAD_OF_WORK, starts_on=wednesday, ends_on=wednesday + timedelta(days=3))
    later = {"starts_on": wednesday + timedelta(days=1), "ends_on": wednesday + timedelta(days=2)}
    assert grant(health, Role.HEAD_OF_WORK, Role.DIRECTOR, **later).pk


@pytest.mark.parametrize(
    ("capacity", "wording"), [(value, label) for value, label in Delegation.Capacity.choices], ids=str
)
def test_the_printed_words_name_wording_role_holder_and_order(health, capacity, wording, settings):
    settings.LANGUAGE_CODE = "en"
    text = capacity_text(grant(health, capacity=capacity))
    holder = health.profile(Role.DIRECTOR).display_name
    assert text == f"{wording} the Director ({holder}), by order 12/2570"
    assert capacity_text(None) == ""


def test_asking_who_acts_costs_the_same_for_many_delegations(health):
    for role in CHAIN:
        grant(health, role, Role.EVALUATOR)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert health.person(Role.EVALUATOR) in set(role_members(health.agency, Role.DIRECTOR, TODAY))
        assert len(roles_of(health.person(Role.EVALUATOR), health.agency, TODAY)) == 4
    assert len(queries) == 3


def test_a_network_member_acts_for_nobody_unless_they_hold_a_role_in_the_office(health):
    assert refused_fields(health, to=Role.NETWORK_MEMBER) == ["delegate"]
    member = health.person(Role.NETWORK_MEMBER)
    member.groups.add(AgencyGroup.objects.get(agency=health.agency, role=Role.EVALUATOR).group)
    assert grant(health, to=Role.NETWORK_MEMBER).delegate == member.staff_profile
