"""Withheld information never becomes public, and somebody authorised gives the news (R12, R13, I3)."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, WorkflowState

from home.models import NewsPage
from pr_workflow.approval.models import ApprovalSeal
from pr_workflow.approval.services import ApprovalRefused
from pr_workflow.gate import PublicationRefused, publication_permit
from pr_workflow.news.disclosure import Disclosure
from pr_workflow.news.readiness import news_giver_of, news_problems
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.publishing.models import Posting, PublishedItem
from pr_workflow.publishing.projection import published_item_refresh
from tests.factories.office import (
    MORNING,
    approved,
    current_step,
    live,
    make_draft,
    make_office,
    read_and_approve,
    submit,
)
from tests.factories.published import Reader, make_live
from tests.flows.test_admin_path import news_form

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(hours=6)


def fields_missing(page) -> list[str]:
    return [problem.field for problem in news_problems(page)]


@pytest.mark.parametrize("disclosure", [Disclosure.PUBLIC, Disclosure.GAZETTE, Disclosure.INSPECTION])
def test_what_may_be_published_goes_its_way(office, disclosure):
    assert live(office, disclosure=disclosure).live


def test_withheld_information_is_not_submitted(office):
    page = make_draft(office, disclosure=Disclosure.WITHHELD)
    assert fields_missing(page) == ["disclosure"]
    with pytest.raises(ApprovalRefused):
        submit(office, page)
    assert not WorkflowState.objects.exists()


def test_what_is_withheld_meanwhile_is_not_signed(office):
    """The stored version is changed around the editor while it waits."""
    page = make_draft(office)
    submit(office, page)
    revision = page.latest_revision
    revision.content = {**revision.content, "disclosure": "withheld"}
    revision.save()
    with pytest.raises(ApprovalRefused):
        read_and_approve(actor=office.person(Role.HEAD_OF_WORK), task_state=current_step(page), now=MORNING)
    assert not ApprovalSeal.objects.exists()


def test_withheld_information_is_not_made_live_with_a_permit(office):
    page = make_draft(office, disclosure=Disclosure.WITHHELD)
    with publication_permit(page.pk):
        with pytest.raises(PublicationRefused):
            page.get_latest_revision().publish(skip_permission_checks=True)
        page.live = True
        with pytest.raises(PublicationRefused):
            page.save()
        plain = Page.objects.get(pk=page.pk)
        plain.live = True
        with pytest.raises(PublicationRefused):
            plain.save()
    assert not NewsPage.objects.get(pk=page.pk).live
    assert not PublishedItem.objects.exists()


def test_a_live_item_is_not_saved_as_withheld_and_the_public_never_reads_one(office):
    page = make_live(office)
    reader = Reader(office)
    assert reader.titles() == [page.title]
    page.disclosure = Disclosure.WITHHELD
    with publication_permit(page.pk), pytest.raises(PublicationRefused):
        page.save()
    NewsPage.objects.filter(pk=page.pk).update(disclosure=Disclosure.WITHHELD)
    published_item_refresh(page.pk, LATER)
    assert reader.titles() == []
    assert not PublishedItem.objects.exists()


def test_the_agency_gives_the_news_unless_the_item_names_somebody(office):
    page = make_draft(office)
    assert news_giver_of(page) == office.profile(Role.DIRECTOR)
    own = make_draft(office, title="มีผู้ให้ข่าวเอง", news_giver=office.profile(Role.HEAD_OF_WORK))
    assert news_giver_of(own) == office.profile(Role.HEAD_OF_WORK)


def _nobody_named(office, page):
    office.agency.news_giver = None
    office.agency.save()


def _giver_left(office, page):
    profile = office.profile(Role.DIRECTOR)
    profile.active = False
    profile.save()


@pytest.mark.parametrize("gone", [_nobody_named, _giver_left])
def test_without_an_authorised_giver_nothing_is_submitted(office, gone):
    page = make_draft(office)
    gone(office, page)
    page = NewsPage.objects.get(pk=page.pk)
    assert fields_missing(page) == ["news_giver"]
    with pytest.raises(ApprovalRefused):
        submit(office, page)


def test_a_giver_who_left_before_the_last_signature_stops_it(office):
    page = make_draft(office, news_giver=office.profile(Role.EVALUATOR))
    submit(office, page)
    for role in CHAIN[:2]:
        read_and_approve(actor=office.person(role), task_state=current_step(page), now=MORNING)
    profile = office.profile(Role.EVALUATOR)
    profile.active = False
    profile.save()
    with pytest.raises(ApprovalRefused, match=profile.display_name):
        read_and_approve(actor=office.person(Role.DIRECTOR), task_state=current_step(page), now=MORNING)
    assert not Posting.objects.exists()


def test_a_giver_of_another_agency_is_refused(office):
    other = make_office("spp")
    page = make_draft(office, news_giver=other.profile(Role.DIRECTOR))
    assert fields_missing(page) == ["news_giver"]


# -- the editor


@pytest.fixture
def writer(office):
    client = Client()
    client.force_login(office.writer)
    return client


def add_address(office) -> str:
    return reverse("wagtailadmin_pages:add", args=["home", "newspage", office.index.pk])


def test_the_editor_offers_people_of_the_own_agency_only(office, writer):
    other = make_office("spp")
    page = BeautifulSoup(writer.get(add_address(office)).content, "html.parser")
    theirs = {str(profile.pk) for profile in other.agency.staff.all()}
    for name in ("news_giver", "stakeholders"):
        offered = {
            tag["value"] for tag in page.select(f"[name={name}], select[name={name}] option") if tag.get("value")
        }
        assert str(office.profile(Role.DIRECTOR).pk) in offered
        assert not offered & theirs


@pytest.mark.parametrize("field", ["news_giver", "stakeholders"])
def test_a_forged_person_of_another_agency_is_refused(office, writer, field):
    other = make_office("spp")
    data = {**news_form(office), field: [str(other.profile(Role.DIRECTOR).pk)]}
    answer = writer.post(add_address(office), data)
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not NewsPage.objects.exists()


def test_a_draft_may_be_withheld_and_the_submission_names_the_field(office, writer):
    data = {**news_form(office), "disclosure": "withheld"}
    assert writer.post(add_address(office), data).status_code == 302
    page = NewsPage.objects.get()
    assert page.get_latest_revision_as_object().disclosure == Disclosure.WITHHELD
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    answer = writer.post(address, {**data, "action-submit": "1"})
    assert answer.status_code == 200
    assert "disclosure" in answer.context["form"].errors
    assert not WorkflowState.objects.exists()


def test_a_form_that_does_not_know_the_field_leaves_it_as_it_is(office, writer):
    page = make_draft(office, disclosure=Disclosure.WITHHELD)
    data = {name: value for name, value in news_form(office).items() if name != "disclosure"}
    writer.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)
    assert NewsPage.objects.get(pk=page.pk).get_latest_revision_as_object().disclosure == Disclosure.WITHHELD


def test_people_to_keep_informed_are_kept_with_the_version(office, writer):
    chosen = [office.profile(Role.EVALUATOR), office.profile(Role.DIRECTOR)]
    data = {**news_form(office), "stakeholders": [str(profile.pk) for profile in chosen]}
    assert writer.post(add_address(office), data).status_code == 302
    page = NewsPage.objects.get().get_latest_revision_as_object()
    assert set(page.stakeholders.all()) == set(chosen)


def test_approved_items_stay_complete(office):
    assert approved(office).revision.as_object().news_giver is None
