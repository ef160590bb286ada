"""The staff directory: people in office of the site's own agency, unit by unit, public fields only (R10, I5)."""

from django.http import HttpRequest
from ninja import Router

from ..people.directory import directory_public, portrait_of
from ..people.models import Agency, StaffProfile
from .parameters import only_these_parameters
from .problems import Problem
from .schemas import AgencyReference, Portrait, StaffDirectory, StaffMember, StaffUnit
from .sites import agency_of_request

router = Router(tags=["staff"])


def portrait_answer(person: StaffProfile, agency: Agency) -> Portrait | None:
    """The photo with its whole address; None without one."""
    portrait = portrait_of(person)
    if portrait is None:
        return None
    url = portrait.url if "://" in portrait.url else f"{agency.site.root_url}{portrait.url}"
    return Portrait(url=url, width=portrait.width, height=portrait.height, alt=person.photo_alt)


def member_answer(person: StaffProfile, agency: Agency) -> StaffMember:
    """A person in the shape of the API. Whatever is not named here stays in the office."""
    return StaffMember(
        uuid=person.uuid,
        name=person.display_name,
        position=person.position,
        phone=person.work_phone,
        email=person.work_email,
        photo=portrait_answer(person, agency),
    )


@router.get(
    "staff",
    response={200: StaffDirectory, 400: Problem, 404: Problem},
    summary="The staff directory",
    operation_id="getStaff",
    url_name="staff",
)
@router.get("staff/", response=StaffDirectory, include_in_schema=False, url_name="staff_slash")
@only_these_parameters()
def staff_directory(request: HttpRequest):
    """People in office who are shown to everybody, by unit and in the order of the directory. No paging: an office has
    hundreds of people, not thousands.

    Somebody who leaves is gone from the answer on the day of leaving (Bangkok).
    """
    agency = agency_of_request(request)
    units = [
        StaffUnit(unit=section.name, people=[member_answer(person, agency) for person in section.people])
        for section in directory_public(agency)
    ]
    return StaffDirectory(agency=AgencyReference(code=agency.code, name=agency.name), units=units)
