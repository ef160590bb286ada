"""The staff directory in the API: people in office of the host's agency, public fields only (R10, I5)."""

import json
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from pr_workflow.people.models import StaffProfile
from tests.factories.office import make_office
from tests.factories.published import Reader
from tests.factories.staff import listed, many, unit_of, with_photo

pytestmark = pytest.mark.django_db
FIELDS = {"uuid", "name", "position", "phone", "email", "photo"}


@pytest.fixture
def office():
    return make_office(hostname="health.localhost", default_site=True)


@pytest.fixture
def reader(office):
    return Reader(office)


def people(answer) -> list[dict]:
    assert answer.status_code == 200, answer.content.decode()
    return [person for unit in answer.json()["units"] for person in unit["people"]]


def test_an_office_without_a_directory_answers_an_empty_list(reader):
    assert reader.get("staff").json()["units"] == []


def test_people_stand_in_their_units_with_public_fields_only(office, reader):
    unit = unit_of(office, "งานประชาสัมพันธ์", order=1)
    person = listed(office, "นางสาวตัวอย่าง", unit=unit, skills=["law"], starts_on=date(2026, 1, 1), key="secret-key")
    answer = reader.get("staff").json()
    assert answer["agency"]["code"] == office.agency.code
    assert [entry["unit"] for entry in answer["units"]] == ["งานประชาสัมพันธ์"]
    (entry,) = answer["units"][0]["people"]
    assert set(entry) == FIELDS
    assert entry == {
        "uuid": str(person.uuid),
        "name": "นางสาวตัวอย่าง",
        "position": "เจ้าหน้าที่ประชาสัมพันธ์",
        "phone": "0 2000 0000 ต่อ 12",
        "email": "pr@example.go.th",
        "photo": None,
    }
    assert "secret-key" not in json.dumps(answer)


def test_leavers_the_hidden_and_other_agencies_are_not_in_it(office, reader):
    other = make_office("spp", hostname="education.localhost")
    listed(office, "อยู่")
    listed(office, "ออกวันนี้", ends_on=timezone.localdate())
    listed(office, "ไม่แสดง", listed=False)
    listed(other, "ของเขา")
    assert [person["name"] for person in people(reader.get("staff"))] == ["อยู่"]
    assert [person["name"] for person in people(Reader(other).get("staff"))] == ["ของเขา"]


def test_a_login_opens_nothing_more(office, reader):
    listed(office, "ไม่แสดง", listed=False)
    client = Client(headers={"host": "health.localhost"})
    client.force_login(office.writer)
    assert client.get("/api/pr/v1/staff").json()["units"] == []


def test_the_photo_has_a_whole_address_and_words(office, reader):
    person = with_photo(office)
    (entry,) = people(reader.get("staff"))
    assert entry["photo"]["alt"] == person.photo_alt
    assert entry["photo"]["url"].startswith("http://health.localhost/")
    assert (entry["photo"]["width"], entry["photo"]["height"]) == (288, 360)
    assert reader.client.get(entry["photo"]["url"]).status_code == 200
    StaffProfile.objects.update(photo_consent=False)
    (entry,) = people(reader.get("staff"))
    assert entry["photo"] is None


def test_an_unchanged_directory_costs_a_304_and_a_leaver_a_new_answer(office, reader):
    person = listed(office)
    first = reader.get("staff")
    assert first["Cache-Control"] == "public, no-cache"
    assert reader.get("staff", **{"if-none-match": first["ETag"]}).status_code == 304
    person.ends_on = timezone.localdate()
    person.save()
    again = reader.get("staff", **{"if-none-match": first["ETag"]})
    assert again.status_code == 200
    assert people(again) == []


def test_a_parameter_is_refused_and_nothing_can_be_written(office, reader):
    answer = reader.get("staff", {"agency": "spp"})
    assert (answer.status_code, answer.json()["parameter"]) == (400, "agency")
    assert reader.client.post("/api/pr/v1/staff", headers={"host": reader.host}).status_code == 405


def test_the_description_names_no_private_field(reader):
    schemas = reader.get("openapi.json").json()["components"]["schemas"]
    assert set(schemas["StaffMember"]["properties"]) == FIELDS
    text = json.dumps(schemas["StaffMember"])
    for private in ("mobile", "national", "gmail", "birth", "user", "skill"):
        assert private not in text


@pytest.mark.parametrize("number", [1, 200])
def test_the_cost_does_not_grow_with_the_people(office, reader, number, django_assert_max_num_queries):
    many(office, number)
    photos = [with_photo(office, f"มีภาพ {count}") for count in range(3)]
    assert len(people(reader.get("staff"))) == number + len(photos)
    with django_assert_max_num_queries(6):
        reader.get("staff")
