"""What the token API answers when it refuses: whole sentences of ours, none of Wagtail's English."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override

from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.roles import Role
from pr_workflow.token_api_words import in_words
from tests.factories.office import approved, make_draft
from tests.gate.test_other_paths import token_of

pytestmark = pytest.mark.django_db


def sent(address: str, body: dict, user) -> tuple[int, str]:
    response = Client().post(address, json.dumps(body), content_type="application/json", headers=token_of(user))
    assert response.headers["Content-Type"].startswith("application/problem+json")
    return response.status_code, response.json()["detail"]


def test_a_locked_item_is_said_to_be_locked(office):
    page = approved(office).page
    page.specific_class.objects.filter(pk=page.pk).update(locked=True)
    address = reverse("wagtailapi_v3:update_page", args=[page.pk])
    body = json.dumps({"meta": {"type": "home.NewsPage"}, "title": "ทับ"})
    response = Client().patch(address, body, content_type="application/json", headers=token_of(office.writer))
    assert response.status_code == 403
    assert response.json()["detail"] == gettext("The item is locked, so nothing was saved.")
    assert AuditEntry.objects.get(verb="refused").data["reason"] == response.json()["detail"]


def test_what_a_person_may_not_do_is_said_in_our_words(office):
    page = make_draft(office)
    address = reverse("wagtailapi_v3:pages_actions_copy", args=[page.pk])
    status, detail = sent(address, {"keep_live": False}, office.person(Role.EVALUATOR))
    assert status == 403
    assert not detail.isascii() or detail == gettext("You do not have permission for this act.")
    assert "to copy this page" not in detail


def test_nobody_and_nothing_are_said_in_our_words(office):
    page = make_draft(office)
    missing = Client().get(reverse("wagtailapi_v3:detail_page", args=[page.pk]))
    assert missing.status_code == 404
    assert missing.json()["detail"] == gettext("What the address names does not exist.")
    nobody = Client().post(reverse("wagtailapi_v3:pages_actions_publish", args=[page.pk]))
    assert (nobody.status_code, nobody.json()["detail"]) == (401, gettext("Send a valid token."))


@pytest.mark.parametrize(
    "theirs",
    [
        "The ข่าวประชาสัมพันธ์ could not be saved as it is locked.",
        "Permission denied",
        "You do not have permission to publish a page at the destination.",
        "You do not have permission to publish this ข่าวประชาสัมพันธ์.",
        "You do not have permission to move the page to the target specified.",
        "Authentication required",
        "No NewsPage matches the given query.",
        "Validation failed",
    ],
)
def test_each_sentence_of_wagtail_has_one_of_ours(theirs):
    with override("en"):
        assert in_words(theirs) not in (theirs, "")


def test_our_own_sentences_stay(office):
    assert in_words("ข่าวอยู่กับหน่วยงานที่เขียน") == "ข่าวอยู่กับหน่วยงานที่เขียน"
