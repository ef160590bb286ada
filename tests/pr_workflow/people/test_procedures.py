"""Controlled procedures: the revision in force on a day, its register, and the items that ran under it (R17)."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from pr_workflow.approval.models import Submission
from pr_workflow.archive.evidence import submissions_of
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.procedures import Procedure, ProcedureRevision, Scope, procedure_revision_in_force
from pr_workflow.people.roles import Role
from tests.factories.office import MORNING, make_document, make_draft, submit

REGISTER = "/admin/pr_workflow/procedures/"
TODAY = MORNING.date()


def procedure(office, *revisions, scope=Scope.NEWS, code="PR-01") -> Procedure:
    """A procedure with revisions, each a number and the day it is in force from."""
    row = Procedure.objects.create(agency=office.agency, code=code, title="การสื่อสารทางเว็บไซต์", scope=scope)
    for number, day in revisions:
        ProcedureRevision.objects.create(procedure=row, number=number, year_be=2570, effective_on=day)
    return row


def in_force(office, day=TODAY, scope=Scope.NEWS) -> int | None:
    found = procedure_revision_in_force(office.agency, scope, day)
    return found.number if found else None


def client_of(office, role) -> Client:
    client = Client(headers={"host": office.agency.site.hostname})
    client.force_login(office.person(role))
    return client


def form(*lines, initial=0, **fields) -> dict:
    data = {
        "code": "PR-01",
        "title": "การสื่อสารทางเว็บไซต์",
        "scope": "news",
        "revisions-TOTAL_FORMS": len(lines),
        "revisions-INITIAL_FORMS": initial,
        "revisions-MIN_NUM_FORMS": 0,
        "revisions-MAX_NUM_FORMS": 1000,
    }
    for place, line in enumerate(lines):
        values = {"number": 1, "year_be": 2570, "effective_on": "1/10/2569", "id": "", "DELETE": "", **line}
        data |= {f"revisions-{place}-{name}": value for name, value in values.items()}
    return {**data, **fields}


def test_the_newest_revision_of_the_day_counts_and_only_of_its_scope_and_agency(health, education):
    procedure(health, (1, TODAY - timedelta(days=100)), (2, TODAY), (3, TODAY + timedelta(days=1)))
    procedure(education, (9, TODAY - timedelta(days=1)))
    procedure(health, (7, TODAY - timedelta(days=1)), scope=Scope.OTHER, code="X")
    assert in_force(health, TODAY - timedelta(days=101)) is None
    assert in_force(health, TODAY - timedelta(days=1)) == 1
    assert in_force(health, TODAY) == 2
    assert in_force(health, TODAY + timedelta(days=1)) == 3
    assert in_force(health, scope=Scope.PLAN) is None
    assert in_force(health, scope=Scope.OTHER) is None
    assert in_force(education) == 9


def test_a_submission_keeps_the_revision_of_its_day_for_good(health):
    row = procedure(health, (1, TODAY - timedelta(days=9)))
    page = make_draft(health)
    submit(health, page)
    ProcedureRevision.objects.create(procedure=row, number=2, year_be=2570, effective_on=TODAY)
    submission = Submission.objects.get()
    assert submission.procedure_revision.number == 1
    (facts,) = submissions_of(page)
    assert facts["procedure"].startswith("PR-01 การสื่อสารทางเว็บไซต์ (")
    assert "1/2570" in facts["procedure"]


def test_without_a_register_an_item_runs_all_the_same(health):
    page = make_draft(health)
    submit(health, page)
    assert Submission.objects.get().procedure_revision is None
    assert submissions_of(page)[0]["procedure"] == ""


def test_what_has_been_in_force_is_never_deleted(health):
    row = procedure(health, (1, date(2020, 1, 1)), (2, timezone.localdate() + timedelta(days=5)))
    later, old = row.revisions.order_by("-number")
    with pytest.raises(PermissionDenied):
        old.delete()
    later.delete()
    assert list(ProcedureRevision.objects.values_list("number", flat=True)) == [1]


@pytest.mark.parametrize("role", [Role.HEAD_OF_WORK, Role.HEAD_OF_SECTION, Role.DIRECTOR])
def test_heads_keep_the_register(health, role):
    client = client_of(health, role)
    assert client.post(f"{REGISTER}new/", form({})).status_code == 302
    row = Procedure.objects.get()
    assert (row.agency, row.revisions.get().effective_on) == (health.agency, date(2026, 10, 1))
    assert AuditEntry.objects.filter(verb="procedure_save").exists()
    page = BeautifulSoup(client.get(REGISTER).content, "html.parser").get_text(" ", strip=True)
    assert "PR-01" in page
    assert "1/2570" in page


def test_others_do_not_change_it(health, education):
    row = procedure(health, (1, TODAY))
    for client in (client_of(health, Role.WRITER), client_of(education, Role.DIRECTOR)):
        assert client.post(f"{REGISTER}edit/{row.pk}/", form({}, title="อื่น")).status_code in (302, 403, 404)
    assert client_of(health, Role.NETWORK_MEMBER).get(REGISTER).status_code in (302, 403)
    assert "PR-01" not in client_of(education, Role.DIRECTOR).get(REGISTER).content.decode()
    row.refresh_from_db()
    assert row.title == "การสื่อสารทางเว็บไซต์"


@pytest.mark.parametrize(
    ("lines", "fields"),
    [
        ([{"year_be": 2027}], {}),
        ([{}, {}], {}),
        ([{"effective_on": "31/2/2570"}], {}),
        ([{"number": ""}], {}),
        ([{}], {"code": ""}),
    ],
)
def test_a_wrong_form_changes_nothing(health, lines, fields):
    answer = client_of(health, Role.DIRECTOR).post(f"{REGISTER}new/", form(*lines, **fields))
    assert answer.status_code == 200
    assert not Procedure.objects.exists()


def test_one_procedure_for_news_and_one_code_once(health, education):
    procedure(education)
    procedure(health)
    director = client_of(health, Role.DIRECTOR)
    second = director.post(f"{REGISTER}new/", form({}, code="PR-02"))
    assert list(second.context["form"].errors) == ["scope"]
    same = director.post(f"{REGISTER}new/", form({}, scope="plan"))
    assert list(same.context["form"].errors) == ["code"]
    assert director.post(f"{REGISTER}new/", form({}, code="PR-02", scope="plan")).status_code == 302


def test_a_file_of_another_agency_is_refused(health, education):
    stranger = make_document(education)
    answer = client_of(health, Role.DIRECTOR).post(f"{REGISTER}new/", form({"document": stranger.pk}))
    assert answer.status_code == 200
    assert not Procedure.objects.exists()


@pytest.mark.parametrize("change", [{"number": 5}, {"effective_on": "1/1/2569"}, {"DELETE": "on"}])
def test_a_revision_in_force_stays_and_its_document_may_be_better(health, change):
    row = procedure(health, (1, date(2026, 10, 1)))
    revision, director = row.revisions.get(), client_of(health, Role.DIRECTOR)
    line = {"id": revision.pk}
    refused = director.post(f"{REGISTER}edit/{row.pk}/", form({**line, **change}, initial=1))
    assert refused.status_code == 200
    revision.refresh_from_db()
    assert (revision.number, revision.effective_on) == (1, date(2026, 10, 1))
    scan = make_document(health)
    done = director.post(f"{REGISTER}edit/{row.pk}/", form({**line, "document": scan.pk}, initial=1))
    assert done.status_code == 302
    revision.refresh_from_db()
    assert revision.document == scan
