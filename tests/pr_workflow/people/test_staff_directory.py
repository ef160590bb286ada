"""Who stands in the public directory on a day, what is refused in it, and its photos (R10, I5)."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client

from pr_workflow.people.directory import PORTRAIT, completeness, directory_public, in_order, lacking_fields, portrait_of
from pr_workflow.people.models import StaffProfile, Unit
from pr_workflow.people.roles import Role
from pr_workflow.people.selectors import delegations_running
from pr_workflow.people.services import delegation_grant
from tests.factories.office import MORNING, make_image
from tests.factories.staff import listed, unit_of, with_photo

TODAY = date(2026, 11, 20)


def names(office, day=TODAY) -> list[str]:
    return [person.display_name for section in directory_public(office.agency, day) for person in section.people]


def test_people_in_office_who_are_shown_and_nobody_else(health, education):
    listed(health, "อยู่")
    listed(health, "ไม่แสดง", listed=False)
    listed(health, "ออกแล้ว", active=False)
    listed(education, "ของเขา")
    assert names(health) == ["อยู่"]
    assert names(education) == ["ของเขา"]


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "shown"),
    [
        (None, None, True),
        (TODAY, None, True),
        (TODAY + timedelta(days=1), None, False),
        (None, TODAY + timedelta(days=1), True),
        (None, TODAY, False),
        (TODAY - timedelta(days=9), TODAY - timedelta(days=1), False),
    ],
)
def test_the_dates_decide_and_the_row_says_the_same(health, starts_on, ends_on, shown):
    person = listed(health, starts_on=starts_on, ends_on=ends_on)
    assert bool(names(health)) is shown
    assert person.in_office_on(TODAY) is shown
    assert StaffProfile.objects.in_office(TODAY).filter(pk=person.pk).exists() is shown


def test_a_leaver_is_gone_at_midnight_in_bangkok_without_any_job(health):
    listed(health, "ย้ายไป", ends_on=date(2026, 12, 1))
    before, after = datetime(2026, 11, 30, 16, 59, tzinfo=UTC), datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
    with time_machine.travel(before, tick=False):
        assert names(health, None) == ["ย้ายไป"]
    with time_machine.travel(after, tick=False):
        assert names(health, None) == []


def test_who_has_left_answers_for_nothing_and_nobody_acts_for_them(health):
    director, head = health.profile(Role.DIRECTOR), health.profile(Role.HEAD_OF_SECTION)
    with time_machine.travel(MORNING, tick=False):
        delegation_grant(
            actor=health.person(Role.DIRECTOR),
            delegator=director,
            delegate=head,
            role=Role.DIRECTOR,
            starts_on=MORNING.date(),
            ends_on=MORNING.date() + timedelta(days=9),
            order_number="1/2570",
            now=MORNING,
        )
        assert delegations_running(MORNING.date()).exists()
        director.ends_on = MORNING.date()
        director.save()
        assert not director.can_act
        assert not delegations_running(MORNING.date()).exists()


def test_units_and_people_come_in_their_order(health):
    second, first = unit_of(health, "ก", order=2), unit_of(health, "ข", order=1)
    listed(health, "คนที่สอง", unit=second)
    listed(health, "ฮ หัวหน้า", unit=first, directory_order=1)
    listed(health, "ก ลูกทีม", unit=first, directory_order=2)
    nobody = listed(health, "ไม่มีสังกัด")
    StaffProfile.objects.filter(pk=nobody.pk).update(unit=None)
    sections = directory_public(health.agency, TODAY)
    assert [section.name for section in sections] == ["ข", "ก", ""]
    assert names(health) == ["ฮ หัวหน้า", "ก ลูกทีม", "คนที่สอง", "ไม่มีสังกัด"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("display_name", "นายลับ 1-2000-88888-88-2"),
        ("position", "เจ้าหน้าที่ ๐๘๔-๐๐๐-๐๐๒๑"),
        ("work_phone", "084 000 0021"),
        ("work_phone", "โทร. 084-000-0021 กด 1"),
        ("work_phone", "๑๒๐๐๐๘๘๘๘๘๘๘๒"),
        ("work_email", "lub@gmail.com"),
        ("photo_alt", "ภาพของ lub@hotmail.com"),
    ],
)
def test_private_data_is_refused_at_its_field_and_never_shown(health, field, value):
    person = listed(health)
    setattr(person, field, value)
    with pytest.raises(ValidationError) as refused:
        person.full_clean()
    label = str(StaffProfile._meta.get_field(field).verbose_name)
    assert label in refused.value.message_dict[field][0]
    with pytest.raises(ValidationError):
        person.save()
    person.refresh_from_db()
    assert getattr(person, field) != value


def test_a_unit_has_no_private_data_in_its_name_and_no_strange_parent(health, education):
    unit = Unit(agency=health.agency, name="งานลับ 0840000021")
    with pytest.raises(ValidationError) as refused:
        unit.full_clean()
    assert list(refused.value.message_dict) == ["name"]
    unit = Unit(agency=health.agency, name="งาน", parent=unit_of(education))
    with pytest.raises(ValidationError) as refused:
        unit.full_clean()
    assert list(refused.value.message_dict) == ["parent"]


def test_units_and_pictures_of_another_agency_are_refused(health, education):
    person = listed(health)
    person.unit, person.photo = unit_of(education), make_image(education)
    person.photo_alt, person.photo_consent = "ภาพ", True
    with pytest.raises(ValidationError) as refused:
        person.full_clean()
    assert set(refused.value.message_dict) == {"unit", "photo"}


@pytest.mark.parametrize("field", ["photo_alt", "photo_consent"])
def test_a_photo_needs_words_and_consent(health, field):
    person = with_photo(health)
    person.full_clean()
    setattr(person, field, type(getattr(person, field))())
    with pytest.raises(ValidationError) as refused:
        person.full_clean()
    assert list(refused.value.message_dict) == [field]


def test_a_damaged_photo_leaves_the_entry_without_it(health):
    person = with_photo(health)
    photo = Path(person.photo.file.path)
    for damage in (photo.read_bytes()[:200], b"no picture at all"):
        photo.write_bytes(damage)
        person.photo.renditions.all().delete()
        assert portrait_of(person) is None


def test_who_leaves_before_the_first_day_is_a_mistake(health):
    person = listed(health, starts_on=TODAY)
    person.ends_on = TODAY - timedelta(days=1)
    with pytest.raises(ValidationError) as refused:
        person.full_clean()
    assert list(refused.value.message_dict) == ["ends_on"]


def fetch(person) -> int:
    rendition = person.photo.get_rendition(PORTRAIT)
    return Client(headers={"host": "health.localhost"}).get(rendition.url).status_code


def test_the_photo_is_public_as_long_as_the_person_is(health):
    person = with_photo(health)
    assert fetch(person) == 200
    for change in ({"listed": False}, {"ends_on": date(2020, 1, 1)}, {"photo_consent": False}, {"active": False}):
        before = {name: getattr(person, name) for name in change}
        StaffProfile.objects.filter(pk=person.pk).update(**change)
        assert fetch(person) == 404, change
        StaffProfile.objects.filter(pk=person.pk).update(**before)
    assert fetch(person) == 200


def test_a_photo_without_its_file_leaves_the_person_in_the_directory(health):
    person = with_photo(health)
    person.photo.file.storage.delete(person.photo.file.name)
    assert portrait_of(StaffProfile.objects.get(pk=person.pk)) is None
    assert names(health) == [person.display_name]


def test_the_score_counts_the_fields_of_its_table(health):
    listed(health, "ก", skills=["writing"], starts_on=TODAY)
    listed(health, "ข", work_phone="", work_email="")
    people = in_order(StaffProfile.objects.filter(agency=health.agency, listed=True))
    assert lacking_fields(people[0]) == []
    assert lacking_fields(people[1]) == ["work_phone", "work_email", "skills", "starts_on"]
    (score,) = completeness(people)
    assert (score.people, score.filled, score.percent) == (2, 8, 66)
    assert score.lacking == {
        "position": 0,
        "unit": 0,
        "work_phone": 1,
        "work_email": 1,
        "skills": 1,
        "starts_on": 1,
    }
