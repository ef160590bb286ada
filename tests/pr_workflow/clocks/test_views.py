"""Stopping a clock on the screens, and the register of time limits."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import reverse

from pr_workflow.audit.models import AuditEntry
from pr_workflow.clocks.models import ClockPause, StepLimit
from pr_workflow.people.roles import Role
from tests.factories.office import MORNING, PASSWORD, make_office

pytestmark = pytest.mark.django_db
WORDS = {"waiting_for": "ฝ่ายกฎหมาย", "reason": "ขอความเห็นเรื่องภาพ", "expected_on": "27/11/2569"}


@pytest.fixture(autouse=True)
def tuesday_morning():
    with time_machine.travel(MORNING + timedelta(days=1), tick=False):
        yield


def address(clock, verb="pause") -> str:
    return reverse(f"pr_admin:clock_{verb}", args=[clock._meta.model_name, clock.pk])


def test_the_holder_stops_the_clock_and_lets_it_run_again(client, office, clock):
    client.force_login(office.person(Role.HEAD_OF_WORK))
    assert client.get(address(clock)).status_code == 200
    response = client.post(address(clock), {**WORDS, "next": "/admin/pr/news/"})
    assert (response.status_code, response.url) == (302, "/admin/pr/news/")
    assert ClockPause.objects.get().waiting_for == "ฝ่ายกฎหมาย"
    assert client.post(address(clock, "resume")).status_code == 302
    assert ClockPause.objects.get().resumed_by == office.person(Role.HEAD_OF_WORK)


def test_an_empty_field_is_named_and_the_other_kept(client, office, clock):
    client.force_login(office.person(Role.HEAD_OF_WORK))
    response = client.post(address(clock), {**WORDS, "reason": ""})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["reason"]
    assert "ฝ่ายกฎหมาย" in response.content.decode()
    assert not ClockPause.objects.exists()


def test_nobody_is_sent_to_another_host(client, office, clock):
    client.force_login(office.person(Role.HEAD_OF_WORK))
    response = client.post(address(clock), {**WORDS, "next": "https://elsewhere.example/"})
    assert response.url == reverse("wagtailadmin_home")


@pytest.mark.parametrize("verb", ["pause", "resume"])
def test_whoever_does_not_hold_the_step_is_refused_and_logged(client, office, clock, verb):
    client.force_login(office.writer)
    assert client.post(address(clock, verb), WORDS).status_code == 403
    assert AuditEntry.objects.filter(verb="refused").count() == 1
    assert not ClockPause.objects.exists()


def test_a_clock_of_another_agency_does_not_exist(client, clock):
    other = make_office("spp", hostname="spp.localhost")
    client.force_login(other.person(Role.HEAD_OF_WORK))
    assert client.post(address(clock), WORDS).status_code == 404


@pytest.mark.parametrize("kind", ["agency", "steplimit", "nothing"])
def test_only_clocks_have_this_address(client, office, kind):
    client.force_login(office.person(Role.HEAD_OF_WORK))
    assert client.post(reverse("pr_admin:clock_pause", args=[kind, 1]), WORDS).status_code == 404


def form_for(user, clock) -> str:
    request = RequestFactory().get("/admin/")
    request.user = user
    context = Context({"request": request, "row": clock, "csrf_token": "x"})
    return Template("{% load pr_clock %}{% clock_pause_form row %}").render(context)


def test_the_small_form_is_there_for_the_holder_alone(client, office, clock):
    holder = office.person(Role.HEAD_OF_WORK)
    assert address(clock) in form_for(holder, clock)
    assert form_for(office.writer, clock).strip() == ""
    client.force_login(holder)
    client.post(
        address(clock),
        {"prefix": "c", "c-waiting_for": "ฝ่ายกฎหมาย", "c-reason": "ขอความเห็น", "c-expected_on": "27/11/2569"},
    )
    shown = form_for(holder, clock)
    assert address(clock, "resume") in shown
    assert "ฝ่ายกฎหมาย" in shown


def test_a_clock_that_ran_out_is_not_offered_to_be_stopped(office, clock):
    holder = office.person(Role.HEAD_OF_WORK)
    with time_machine.travel(MORNING + timedelta(days=9), tick=False):
        assert form_for(holder, clock).strip() == ""


# -- the register of limits


def superuser(client):
    user = get_user_model().objects.create_superuser("root", password=PASSWORD)
    client.force_login(user)
    return user


def test_an_administrator_gives_an_agency_its_own_limit(client, office):
    superuser(client)
    data = {"agency": office.agency.pk, "step": "posting", "value": 2, "unit": "office_hours"}
    assert client.post(reverse("pr_step_limits:add"), data).status_code == 302
    limit = StepLimit.objects.get()
    assert AuditEntry.objects.get(verb="steplimit_save").agency == office.agency
    assert client.get(reverse("pr_step_limits:index")).status_code == 200
    assert client.post(reverse("pr_step_limits:edit", args=[limit.pk]), {**data, "value": 3}).status_code == 302
    assert client.post(reverse("pr_step_limits:delete", args=[limit.pk])).status_code == 302
    assert not StepLimit.objects.exists()
    saved = AuditEntry.objects.filter(verb="steplimit_save").latest("pk")
    assert saved.data["values"] == {"value": {"old": 2, "new": 3}}
    gone = AuditEntry.objects.get(verb="steplimit_delete")
    assert gone.data == {"step": "posting", "value": 3, "unit": "office_hours"}


@pytest.mark.parametrize("value", ["0", "-1", "251", "99999999999", "สอง"])
def test_an_impossible_limit_is_refused_at_its_field(client, office, value):
    superuser(client)
    data = {"agency": office.agency.pk, "step": "posting", "value": value, "unit": "minutes"}
    response = client.post(reverse("pr_step_limits:add"), data)
    assert response.status_code == 200
    assert "value" in response.context["form"].errors
    assert not StepLimit.objects.exists()


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.IT_OFFICER, Role.WRITER])
def test_nobody_else_opens_the_register(client, office, role):
    client.force_login(office.person(role))
    for name in ("index", "add"):
        assert client.get(reverse(f"pr_step_limits:{name}")).status_code in (302, 403)
