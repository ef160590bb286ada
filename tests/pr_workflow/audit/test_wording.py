"""The audit register tells officers what happened in their own words; the log keeps its verbs."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from pr_workflow.audit.services import audit_record
from pr_workflow.audit.wording import act_in_words
from pr_workflow.people.roles import Role
from tests.factories.office import MORNING, make_office

LITERAL_VERB = re.compile(r'\bverb="(\w+)"')


@pytest.mark.once
def test_every_verb_that_is_logged_has_words():
    sources = [
        file for app in ("home", "pr_workflow", "evaluation") for file in (Path(settings.BASE_DIR) / app).rglob("*.py")
    ]
    verbs = {verb for file in sources for verb in LITERAL_VERB.findall(file.read_text())}
    assert len(verbs) > 25
    assert [verb for verb in sorted(verbs) if act_in_words(verb) == verb] == []


def test_an_unknown_verb_is_shown_as_it_stands():
    assert act_in_words("somebody_elses_verb") == "somebody_elses_verb"


@pytest.mark.django_db
def test_the_register_shows_and_filters_acts_in_thai(client):
    office = make_office("kpr")
    for verb in ("news_submit", "news_take_down"):
        with transaction.atomic():
            audit_record(actor=office.writer, verb=verb, target=office.agency, now=MORNING, agency=office.agency)
    client.force_login(office.person(Role.IT_OFFICER))
    page = client.get("/admin/pr_workflow/auditentry/").content.decode()
    assert "เสนอข่าวเพื่อพิจารณา" in page
    assert not re.search(r"<td[^>]*>\s*news_submit", page)
    chosen = client.get("/admin/pr_workflow/auditentry/", {"verb": "news_take_down"}).context["object_list"]
    assert {entry.verb for entry in chosen} == {"news_take_down"}


@pytest.mark.django_db
def test_one_entry_is_told_in_thai_and_dated_in_the_buddhist_era(client):
    office = make_office("kpr")
    with transaction.atomic():
        entry = audit_record(actor=office.writer, verb="news_post", target=office.agency, now=MORNING)
    client.force_login(office.person(Role.IT_OFFICER))
    page = client.get(f"/admin/pr_workflow/auditentry/inspect/{entry.pk}/").content.decode()
    assert "นำข่าวขึ้นเว็บไซต์" in page
    assert "16 พ.ย. 2569" in page
    assert "2026" not in page.split("<main")[1].split("</main>")[0]
