"""Numbers written in other ways than plain digits, which Wagtail's forms and interfaces read all the same (I3, I5)."""

import json

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from rest_framework.fields import IntegerField

from pr_workflow import side_doors, token_api
from pr_workflow.audit.models import AuditEntry
from pr_workflow.row_keys import key_read_from
from tests.gate.paths import _other_section, _place
from tests.gate.spellings import SPELLINGS, in_forms
from tests.gate.test_paths import scene, stage

__all__ = ["scene", "stage"]
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("gate")]


def readers_of(text):
    """What Django, the API behind the admin and the token API make of it."""
    readings = []
    for read in (int, IntegerField().run_validation, TypeAdapter(int).validate_python):
        try:
            readings.append(read(text))
        except Exception:  # noqa: S112  (whatever a reader raises: it does not take this for a number)
            continue
    return {number for number in readings if 0 < number <= 2**63 - 1}


@given(
    st.one_of(
        st.text(max_size=12),
        st.from_regex(r"\A[ +\t]*[0-9๐-๙_]{1,6}(\.[0-9]{0,3})? *\Z"),
        st.integers(),
        st.floats(),
        st.booleans(),
    )
)
def test_our_guards_read_every_number_that_a_view_might_read(sent):
    assert readers_of(sent) <= {key_read_from(sent)}


@pytest.mark.parametrize(
    "sent", [None, [], {}, "", "x", "-1", 0, 2**63, "9" * 200, float("nan"), float("inf"), "1,000"]
)
def test_what_nobody_reads_as_a_row_is_none(sent):
    assert key_read_from(sent) is None


def moved_by_bulk(scene, spelled):
    return scene.bulk("move", scene.public, chooser=spelled(_other_section(scene).pk))


def moved_inside(scene, spelled):
    place = spelled(_other_section(scene).pk)
    return scene.inside(scene.public, "move", destination_page_id=place, position="last-child")


def moved_inside_with_a_fraction(scene, spelled):
    place = f"{_other_section(scene).pk}.0"
    return scene.inside(scene.public, "move", destination_page_id=place, position="last-child")


def moved_by_token(scene, spelled):
    return scene.api(scene.public, "move", destination_id=float(_other_section(scene).pk), position="last-child")


def moved_by_token_in_words(scene, spelled):
    return scene.api(scene.public, "move", destination_id=f" {_other_section(scene).pk} ", position="last-child")


def moved_inside_by_a_file(scene, spelled):
    """The interface behind the admin puts the files of a form among its values."""
    place = SimpleUploadedFile(str(_other_section(scene).pk), b"x")
    return scene.inside(scene.public, "move", destination_page_id=place, position="last-child")


def moved_inside_in_another_encoding(scene, spelled):
    place = str(_other_section(scene).pk)
    body = '{"destination+AF8-page+AF8-id": ' + place + ', "position": "last-child"}'
    address = reverse("wagtailadmin_api:pages:action", args=[scene.public.pk, "move"])
    return scene.client.generic("POST", address, body, content_type="application/json; charset=utf-7")


#: Ways the doors do not read; the move itself is refused.
UNREAD = [moved_inside_by_a_file, moved_inside_in_another_encoding]
MOVES = [*UNREAD, moved_by_bulk, moved_inside, moved_inside_with_a_fraction, moved_by_token, moved_by_token_in_words]


@pytest.mark.parametrize("move", MOVES)
@in_forms
def test_a_move_to_another_agency_is_refused_however_its_number_is_written(scene, move, spelled):
    before = _place(scene)
    assert move(scene, spelled).status_code == 403
    assert _place(scene) == before
    assert AuditEntry.objects.filter(verb="refused").count() == 1


@pytest.mark.parametrize("move", MOVES)
def test_without_the_doors_each_of_these_moves_goes(scene, move, monkeypatch):
    """So that the test above tries real ways."""
    monkeypatch.setattr(side_doors, "side_door_refusal", lambda *args: "")
    monkeypatch.setattr(token_api, "side_door_refusal", lambda *args: "")
    monkeypatch.setattr("pr_workflow.approval.receivers.news_in_chains_at", lambda place: [])
    monkeypatch.setattr("pr_workflow.approval.receivers.has_news_at", lambda place: False)
    before = _place(scene)
    assert move(scene, SPELLINGS["space"]).status_code < 400
    assert _place(scene) != before


@pytest.mark.parametrize("move", MOVES)
def test_the_move_itself_is_refused_when_no_door_understands_it(scene, move, monkeypatch):
    monkeypatch.setattr(side_doors, "side_door_refusal", lambda *args: "")
    monkeypatch.setattr(token_api, "side_door_refusal", lambda *args: "")
    before = _place(scene)
    assert move(scene, SPELLINGS["space"]).status_code == 403
    assert _place(scene) == before
    assert AuditEntry.objects.filter(verb="refused").count() == 1


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_the_token_api_takes_json_only_when_it_is_called_so(scene, kind):
    before = _place(scene)
    address = reverse("wagtailapi_v3:pages_actions_move", args=[scene.public.pk])
    body = json.dumps({"destination_id": _other_section(scene).pk, "position": "last-child"})
    answer = Client().generic("POST", address, body, content_type=kind, headers=scene.headers)
    assert answer.status_code == 415
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert _place(scene) == before


@pytest.mark.parametrize("body", ["[]", '"x"', "7", "null", "{", "\x00", "[" * 100_000])
def test_what_is_no_json_object_is_a_problem_and_no_error(scene, body):
    address = reverse("wagtailapi_v3:update_page", args=[scene.public.pk])
    answer = Client().generic("PATCH", address, body, content_type="application/json", headers=scene.headers)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("application/problem+json")


def test_more_than_can_be_taken_is_a_problem_and_no_error(scene):
    address = reverse("wagtailapi_v3:update_page", args=[scene.public.pk])
    body = json.dumps({"title": "ก" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE})
    answer = Client().generic("PATCH", address, body, content_type="application/json", headers=scene.headers)
    assert answer.status_code == 413
    assert answer.headers["Content-Type"].startswith("application/problem+json")
