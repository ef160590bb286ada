"""Reading the demo content: one JSON file, and the words it uses for our keys."""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from pr_workflow.people.roles import Role
from pr_workflow.stages import TargetGroup

CONTENT_FILE = Path(__file__).parent / "demo_content.json"
PASSWORD = "prakat-demo-2570"  # noqa: S105  printed in the banner, for the fictional accounts only

TARGET_GROUPS = {
    "บุคลากร": TargetGroup.STAFF,
    "นักเรียน": TargetGroup.STUDENTS,
    "ผู้ปกครอง": TargetGroup.PARENTS,
    "ชุมชน": TargetGroup.COMMUNITY,
    "สื่อมวลชน": TargetGroup.PRESS,
    "เครือข่าย": TargetGroup.NETWORK,
    "ประชาชนทั่วไป": TargetGroup.PUBLIC,
}
#: The seat of each person. An acting director fills the director's seat; a checker evaluates.
ROLES = {
    "author": Role.WRITER,
    "checker": Role.EVALUATOR,
    "head_of_work": Role.HEAD_OF_WORK,
    "head_of_section": Role.HEAD_OF_SECTION,
    "director": Role.DIRECTOR,
    "acting_director": Role.DIRECTOR,
    "it_officer": Role.IT_OFFICER,
}
#: Where each agency's site answers.
HOSTNAMES = {"kpr": "health.localhost", "spp": "education.localhost"}
#: The mark of a seat that nobody holds.
VACANT = "(ตำแหน่งว่าง)"


@cache
def content() -> dict[str, Any]:
    """The whole file."""
    return json.loads(CONTENT_FILE.read_text(encoding="utf-8"))


def rows(kind: str, agency_code: str) -> list[dict[str, Any]]:
    """The entries of one kind that belong to an agency, in the order of the file."""
    return [row for row in content()[kind] if row["agency"] == agency_code]


def day(text: str) -> date:
    """An ISO date of the file."""
    return date.fromisoformat(text)


def target_groups(names: list[str]) -> list[str]:
    """Our keys of the Thai names."""
    return [TARGET_GROUPS[name].value for name in names]


def lasting_uuid(key: str) -> UUID:
    """The same identifier at every load, so that an entry is found again whatever was changed on it."""
    return uuid5(NAMESPACE_URL, f"prakat-demo:{key}")
