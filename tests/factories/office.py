"""A whole agency with its people and chain, and news at any point of the flow, made through the real services."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from PIL import Image
from wagtail.models import Locale, Page, Revision, Site

from home.models import AgencyDocument, AgencyImage, HomePage, NewsIndexPage, NewsPage, User
from pr_workflow.approval.content_hash import content_hash
from pr_workflow.approval.reading_marks import version_seen
from pr_workflow.approval.services import news_approve, news_submit
from pr_workflow.approval.setup import chain_ensure
from pr_workflow.people.models import Agency, AgencyGroup, StaffProfile, Unit
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.people.services import roles_ensure
from pr_workflow.publishing.models import Posting, PublicationCheck
from pr_workflow.publishing.services import news_post, posting_publish
from pr_workflow.publishing.verification import CHECK_LINES, publication_verify
from pr_workflow.thai_time import BANGKOK
from tests.remembered import remembered

PASSWORD = "only-in-tests"
#: A Monday morning in office hours.
MORNING = datetime(2026, 11, 16, 9, 0, tzinfo=BANGKOK)


@dataclass
class Office:
    """One agency: its site, its people by role, and the time its story has reached."""

    agency: Agency
    home: HomePage
    index: NewsIndexPage
    people: dict[str, User] = field(default_factory=dict)

    def person(self, role: Role | str) -> User:
        """The account that holds a role."""
        return self.people[str(role)]

    def profile(self, role: Role | str) -> StaffProfile:
        return self.person(role).staff_profile

    @property
    def writer(self) -> User:
        return self.person(Role.WRITER)

    @property
    def it_officer(self) -> User:
        return self.person(Role.IT_OFFICER)


@remembered
def make_office(
    code: str = "kpr", *, hostname: str | None = None, now: datetime = MORNING, default_site=False
) -> Office:
    """An agency with one person per role, its groups, permissions and chain."""
    root = Page.objects.get(depth=1)
    locale = Locale.get_default()
    home = root.add_child(instance=HomePage(title=f"สำนักงาน {code}", slug=f"home-{code}", locale=locale))
    index = home.add_child(instance=NewsIndexPage(title="ข่าวประชาสัมพันธ์", slug="news", locale=locale))
    site = Site.objects.create(hostname=hostname or f"{code}.localhost", root_page=home, is_default_site=default_site)
    agency = Agency.objects.create(code=code, name=f"สำนักงานตัวอย่าง {code}", abbr=code.upper(), site=site)
    unit = Unit.objects.create(agency=agency, name="งานสื่อสารองค์กร")
    roles_ensure(actor=None, agency=agency, now=now)
    office = Office(agency=agency, home=home, index=index)
    for role in Role:
        add_person(office, role, unit=unit)
    chain_ensure(actor=None, agency=agency, now=now)
    agency.refresh_from_db()
    return office


def add_person(office: Office, role: Role, *, name: str | None = None, unit: Unit | None = None) -> User:
    """One more account that holds a role in the office; the first of a role is `office.person(role)`."""
    user = make_person(office.agency, role, name or f"{office.agency.code}-{role}", unit)
    office.people.setdefault(str(role), user)
    return user


@remembered
def make_person(agency: Agency, role: Role, name: str, unit: Unit | None) -> User:
    """An account with the group of its role, and its place in the directory."""
    user = get_user_model().objects.create_user(name, password=PASSWORD)
    user.groups.add(AgencyGroup.objects.get(agency=agency, role=role).group)
    StaffProfile.objects.create(
        agency=agency, user=user, unit=unit, display_name=f"ตัวอย่าง {user.username}", position=str(role.label)
    )
    return user


@remembered
def make_image(office: Office, title: str = "ภาพกิจกรรม", colour: str = "teal") -> AgencyImage:
    """A real picture in the agency's collection."""
    buffer = BytesIO()
    Image.new("RGB", (640, 360), colour).save(buffer, "JPEG")
    buffer.seek(0)
    image = AgencyImage(title=title, collection=office.agency.collection, credit="งานสื่อสารองค์กร")
    image.file.save(f"{colour}.jpg", ImageFile(buffer, name=f"{colour}.jpg"), save=False)
    image._set_image_file_metadata()
    image.save()
    return image


@remembered
def make_document(office: Office, title: str = "แผ่นพับ", content: bytes = b"%PDF-1.4 demo") -> AgencyDocument:
    """A real file in the agency's collection."""
    document = AgencyDocument(title=title, collection=office.agency.collection)
    document.file.save("leaflet.pdf", ContentFile(content), save=False)
    document._set_document_file_metadata()
    document.save()
    return document


@remembered
def make_draft(office: Office, title: str = "ชวนล้างมือ 7 ขั้นตอน", *, author: User | None = None, **fields) -> NewsPage:
    """A complete draft by the writer; give a field to change or empty it."""
    author = author or office.writer
    image = fields.pop("image", None) or make_image(office)
    tags = fields.pop("tags", ["ล้างมือ"])
    photo = {"image": image, "alt_text": "เจ้าหน้าที่สาธิตการล้างมือ", "caption": "การสาธิต", "credit": "งานสื่อสารองค์กร"}
    defaults = {
        "lead": "กลุ่มพัฒนาระบบบริหารจัดกิจกรรมรณรงค์ล้างมือ",
        "body": [("paragraph", "<p>การล้างมือด้วยสบู่เป็นวิธีป้องกันโรคที่ทำได้ง่าย</p>")],
        "photos": [("photo", photo)],
        "event_date": MORNING.date(),
        "responsible_officer": office.profile(Role.WRITER),
        "target_groups": ["staff", "public"],
        "owner": author,
        "live": False,
    }
    page = NewsPage(title=title, **{**defaults, **fields})
    office.index.add_child(instance=page)
    page.tags.add(*tags)
    page.save_revision(user=author)
    return NewsPage.objects.get(pk=page.pk)


@remembered
def submit(office: Office, page: NewsPage, *, now: datetime = MORNING):
    """The writer submits; returns the running workflow state."""
    return news_submit(actor=office.writer, page=page.get_latest_revision_as_object(), now=now)


def current_step(page: NewsPage):
    """The step the page waits at."""
    return NewsPage.objects.get(pk=page.pk).current_workflow_task_state


def look_at(person, task_state, *, now: datetime = MORNING) -> None:
    """The person has the version that waits on their review screen."""
    revision = Revision.objects.get(pk=task_state.revision_id)
    version_seen(user=person, revision=revision, digest=content_hash(revision), now=now)


def read_and_approve(*, actor, task_state, **kwargs):
    """The person looks at what waits and signs it, as on the review screen; refused like there."""
    look_at(actor, task_state)
    return news_approve(actor=actor, task_state=task_state, **kwargs)


@remembered
def approve_all(office: Office, page: NewsPage, *, now: datetime = MORNING) -> Posting:
    """Every level signs, an hour apart; returns the posting the IT officer got."""
    for hours, role in enumerate(CHAIN, start=1):
        read_and_approve(actor=office.person(role), task_state=current_step(page), now=now + timedelta(hours=hours))
    return Posting.objects.open().get(page_id=page.pk)


@remembered
def approved(office: Office, page: NewsPage | None = None, *, now: datetime = MORNING, **fields) -> Posting:
    """A draft through the whole chain."""
    page = page or make_draft(office, **fields)
    submit(office, page, now=now)
    return approve_all(office, page, now=now)


@remembered
def posted(office: Office, posting: Posting | None = None, *, go_live_at: datetime, now: datetime, **fields) -> Posting:
    """Approved and given a go-live time by the IT officer."""
    posting = posting or approved(office, now=now - timedelta(hours=4), **fields)
    return news_post(actor=office.it_officer, posting=posting, go_live_at=go_live_at, now=now)


@remembered
def live(office: Office, *, now: datetime = MORNING + timedelta(hours=5), **fields) -> NewsPage:
    """A page that went the whole way and is public."""
    posting = posted(office, go_live_at=now, now=now, **fields)
    outcome = posting_publish(posting_id=posting.pk, now=now)
    assert outcome is not None
    assert outcome.went_live, outcome.reason
    return NewsPage.objects.get(pk=posting.page_id)


def verify(
    office: Office, page: NewsPage, *, now: datetime, result: str = "correct", note: str = ""
) -> PublicationCheck:
    """The responsible officer answers the open check."""
    check = PublicationCheck.objects.open().get(page_id=page.pk)
    answers = dict.fromkeys(CHECK_LINES, result == "correct")
    actor = page.responsible_officer.user
    return publication_verify(actor=actor, check=check, answers=answers, result=result, note=note, now=now)


@remembered
def make_administrator(name: str = "administrator") -> User:
    """A superuser who works for no agency."""
    return get_user_model().objects.create_superuser(name, password=PASSWORD)
