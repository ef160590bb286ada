"""People of the staff directory."""

from pr_workflow.people.models import StaffProfile, Unit
from tests.factories.office import Office, make_image

#: Everything the public may read of a person, complete.
PUBLIC = {
    "position": "เจ้าหน้าที่ประชาสัมพันธ์",
    "work_phone": "0 2000 0000 ต่อ 12",
    "work_email": "pr@example.go.th",
}


def unit_of(office: Office, name: str = "งานสื่อสารองค์กร", **fields) -> Unit:
    """A unit of the office, made once."""
    return Unit.objects.get_or_create(agency=office.agency, name=name, defaults=fields)[0]


def listed(office: Office, name: str = "นางสาวตัวอย่าง ในทำเนียบ", *, unit: Unit | None = None, **fields) -> StaffProfile:
    """A person whom everybody may see; give a field to change or empty it."""
    values = {**PUBLIC, "unit": unit or unit_of(office), "listed": True, **fields}
    return StaffProfile.objects.create(agency=office.agency, display_name=name, **values)


def with_photo(office: Office, name: str = "นายมีภาพ ยินยอม", **fields) -> StaffProfile:
    """A person in the directory who agreed to a photo."""
    photo = {"photo": make_image(office, title=f"ภาพ {name}"), "photo_alt": f"ภาพถ่ายของ{name}", "photo_consent": True}
    return listed(office, name, **{**photo, **fields})


def many(office: Office, number: int) -> None:
    """So many people in the directory, over ten units."""
    units = [unit_of(office, f"งานที่ {count:02}", order=count) for count in range(10)]
    StaffProfile.objects.bulk_create(
        StaffProfile(
            agency=office.agency, display_name=f"บุคคลที่ {count:03}", unit=units[count % 10], listed=True, **PUBLIC
        )
        for count in range(number)
    )
