"""The shapes of the answers. News is stored as finished JSON in exactly these shapes; a test holds the two together."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from django.db.models import TextChoices
from ninja import Field, Schema

from ..festival_calendar.models import Audience, ImportantDayOccurrence, Kind
from ..news.models import NewsType
from ..plan.models import PlanActivity
from ..stages import ChannelKind, MediaFormat, TargetGroup

Choice = TypeVar("Choice", bound=TextChoices)


def known_keys(values: Iterable[str], choices: type[Choice]) -> list[Choice]:
    """The stored keys that this version knows, once each; a strange one must not make the answer fail."""
    return [choices(value) for value in dict.fromkeys(values) if value in choices.values]


class PictureSize(Schema):
    """One size of a picture."""

    url: str = Field(description="Whole address of the file.")
    width: int = Field(description="Pixels.")
    height: int = Field(description="Pixels.")


class Picture(PictureSize):
    """A picture with what must stand beside it. `url`, `width` and `height` are those of the smallest size."""

    alt: str = Field(description="Alternative text for people who cannot see the picture.")
    caption: str = Field(description="Caption; may be empty.")
    credit: str = Field(description="Source of the picture; show it beside the picture.")
    sizes: list[PictureSize] = Field(description="All sizes, smallest first, for `srcset`.")


class ImportantDayReference(Schema):
    """The important day an item belongs to."""

    key: str = Field(description="Stable key.", examples=["handwashing_day"])
    name: str = Field(description="Thai name.")


class PlanActivityReference(Schema):
    """The activity of the approved annual plan an item belongs to."""

    uuid: UUID
    code: str = Field(examples=["KPR70-02"])
    title: str


class Responsible(Schema):
    """The office that answers for an item; never a person's name."""

    position: str
    unit: str


class NewsEntry(Schema):
    """A published news item as lists show it."""

    uuid: UUID = Field(description="Stays the same over corrections and moves.")
    type: NewsType
    title: str
    lead: str = Field(description="Who did what, where and when.")
    url: str = Field(description="Address of the page for people.")
    event_date: date | None = Field(description="Day of the event (ISO, C.E.).")
    place: str
    published_at: datetime = Field(description="First time the item went live, with offset +07:00.")
    updated_at: datetime = Field(description="When the present version went live, with offset +07:00.")
    fiscal_year_be: int = Field(
        description="Fiscal year (B.E.) of the event, or of the publication when there is no event date.",
        examples=[2570],
    )
    tags: list[str]
    target_groups: list[TargetGroup]
    formats: list[MediaFormat]
    important_day: ImportantDayReference | None
    plan_activity: PlanActivityReference | None
    responsible: Responsible | None
    image: Picture | None = Field(description="The picture that stands for the item.")


class AgencyReference(Schema):
    """The agency that publishes."""

    code: str = Field(examples=["kpr"])
    name: str


class BodyBlock(Schema):
    """A piece of the body, in order. `html` is always there and safe to show as it is; links in it are whole."""

    type: str = Field(description="heading, paragraph, quote, photo, or a type of the site's own.")
    html: str
    text: str | None = Field(None, description="The plain text of a heading or quote.")
    image: Picture | None = Field(None, description="The picture of a photo.")


class Attachment(Schema):
    """A file for readers."""

    title: str
    url: str
    filename: str
    content_type: str
    size: int | None = Field(description="Bytes.")
    sha256: str | None = Field(description="SHA-256 of the bytes, to check a download.")


class NewsDetail(NewsEntry):
    """A published news item with everything that belongs to it."""

    agency: AgencyReference
    body: list[BodyBlock]
    photos: list[Picture]
    attachments: list[Attachment]
    content_hash: str = Field(
        description="SHA-256 over the approved content and its files; the archive keeps the same."
    )


class NewsPage(Schema):
    """A page of the news list, newest publication first."""

    items: list[NewsEntry]
    next_cursor: str | None = Field(description="Hand it back as `cursor` for the next page; null on the last one.")
    next: str | None = Field(description="Address of the next page with the same filters; null on the last one.")


class Cancelled(Schema):
    """That an activity of the approved plan does not take place."""

    since: date = Field(description="The day it was cancelled (ISO, C.E.).")
    note: str = Field(description="What the agency says about it; often empty.")


class Activity(Schema):
    """A line of the annual plan."""

    uuid: UUID
    code: str
    title: str
    origin: PlanActivity.Origin
    mission: str = Field(description="The mission of the agency it serves; often empty.")
    unit: str = Field(description="The unit or school whose activity it is; empty: of the whole agency.")
    important_day: ImportantDayReference | None
    start: date
    end: date
    target_groups: list[TargetGroup]
    channels: list[ChannelKind]
    media_formats: list[MediaFormat]
    responsible: Responsible | None
    indicator: str
    target_value: Decimal | None = Field(description="Decimal number as text.")
    budget_baht: Decimal = Field(description="Baht, as text with two decimals.", examples=["15000.00"])
    cancelled: Cancelled | None = Field(description="Set when the activity does not take place; it stays in the plan.")


class Plan(Schema):
    """An approved annual PR plan; open to everybody by section 9 of the Official Information Act."""

    uuid: UUID
    agency: AgencyReference
    fiscal_year_be: int
    first_day: date
    last_day: date
    title: str
    objective: str
    doc_number: str
    doc_date: date | None
    approved_at: datetime | None = Field(description="When this version came into force, with offset +07:00.")
    activities: list[Activity]


class PlanList(Schema):
    """The approved plans of the agency, newest fiscal year first."""

    items: list[Plan]


class Occurrence(Schema):
    """One date of an important day. A day that lasts several dates has one entry a date."""

    uuid: UUID
    key: str = Field(description="Stable key of the important day.")
    date: date
    status: ImportantDayOccurrence.Status = Field(
        description="Lunar and announced dates are `to_confirm` until a person has confirmed them."
    )
    name_th: str
    name_en: str
    kind: Kind
    audience: list[Audience]
    gov_holiday: bool = Field(description="Government offices close.")
    national: bool = Field(description="False for a day of this agency alone.")


class OccurrenceList(Schema):
    """Important days in a period, in order of date."""

    date_from: date
    date_to: date
    items: list[Occurrence]


class Portrait(PictureSize):
    """The photo of a person who agreed to it being shown."""

    alt: str = Field(description="The photo in words, for people who cannot see it.")


class StaffMember(Schema):
    """A person in office, with what the law lets an office show of its people; nothing private, no account."""

    uuid: UUID = Field(description="Stays the same while the person is in the directory.")
    name: str = Field(examples=["นางสาวตัวอย่าง เขียนข่าว"])
    position: str = Field(examples=["เจ้าหน้าที่ประชาสัมพันธ์"])
    phone: str = Field(description="A line of the office; may be empty.", examples=["0 2000 0000 ต่อ 12"])
    email: str = Field(description="An address of the office; may be empty.", examples=["pr@example.go.th"])
    photo: Portrait | None


class StaffUnit(Schema):
    """A unit of the agency with its people, in the order of the directory."""

    unit: str = Field(description="Name of the unit; empty for people of none.", examples=["งานสื่อสารองค์กร"])
    people: list[StaffMember]


class StaffDirectory(Schema):
    """The staff directory of the agency, unit by unit."""

    agency: AgencyReference
    units: list[StaffUnit]
