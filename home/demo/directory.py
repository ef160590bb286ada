"""What the staff directory of the demo says: fictional lines, addresses, skills and drawn portraits."""

from datetime import date
from typing import Any

from home.models import AgencyImage
from pr_workflow.people.directory import portrait_of
from pr_workflow.people.models import Skill, StaffProfile

from .pictures import portrait_file

#: Who can do what; responsible officers without IT skills are there to be seen.
SKILLS: dict[str, list[Skill]] = {
    "author": [Skill.WRITING, Skill.PHOTO, Skill.SOCIAL],
    "checker": [Skill.DATA],
    "head_of_work": [Skill.WRITING, Skill.HOSTING],
    "head_of_section": [Skill.LAW],
    "it_officer": [Skill.GRAPHICS, Skill.VIDEO],
}
WITH_IT_SKILL = ("it_officer",)
#: Whose entry is not complete yet, so that the register has something to say.
WITHOUT_TELEPHONE = ("k-author2", "s-chk")
WITHOUT_PHOTO = ("k-chk", "k-hs", "s-author2", "s-it")
SINCE = date(2023, 10, 2)


def directory_entry(data: dict) -> dict[str, Any]:
    """The fields of a person of the file beyond name, position and unit."""
    key, role = data["key"], data["workflow_role"]
    has_photo = key not in WITHOUT_PHOTO
    extension = 10 + sum(ord(letter) for letter in key) % 80
    return {
        "work_phone": "" if key in WITHOUT_TELEPHONE else f"0 2000 0000 ต่อ {extension}",
        "work_email": f"{key}@example.go.th",
        "photo_consent": has_photo,
        "photo_alt": f"ภาพวาดแทนภาพถ่ายของ{data['display_name']}" if has_photo else "",
        "skills": [skill.value for skill in SKILLS.get(role, [])],
        "it_skill": role in WITH_IT_SKILL or key.endswith("author1"),
        "starts_on": SINCE,
        "listed": True,
        "directory_order": 0 if "head" in role or "director" in role else 10,
    }


def photo_add(person: StaffProfile) -> None:
    """A drawn portrait in the collection of the agency."""
    agency = person.agency
    image = AgencyImage(title=f"ภาพบุคลากร {person.key}", collection=agency.collection, credit="ภาพวาดประกอบข้อมูลสมมติ")
    file = portrait_file(person.key, agency_code=agency.code)
    image.file.save(file.name, file, save=False)
    image._set_image_file_metadata()
    image.save()
    person.photo = image
    person.save(update_fields=["photo"])
    portrait_of(person)
