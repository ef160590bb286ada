"""One news item of the demo, led through the flow by the right people. Each act looks where the item stands first.

So a load that was interrupted goes on where it stopped, and no act is done twice.
"""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils.html import escape
from wagtail.blocks import StreamValue
from wagtail.log_actions import log
from wagtail.models import TaskState, WorkflowState

from home.models import AgencyImage, NewsPage
from pr_workflow.approval.services import news_return, news_submit
from pr_workflow.archive.holding import hold_place
from pr_workflow.archive.models import ArchiveRecord, LegalHold
from pr_workflow.archive.services import news_archive
from pr_workflow.festival_calendar.models import ImportantDay
from pr_workflow.news.models import NewsType
from pr_workflow.people.models import Agency, StaffProfile
from pr_workflow.people.roles import Role
from pr_workflow.plan.models import PlanActivity
from pr_workflow.publishing.emergency import emergency_publish
from pr_workflow.publishing.models import CorrectionRound, EmergencyPublication, Posting, PublicationCheck, TakeDown
from pr_workflow.publishing.services import news_post, posting_fail, posting_publish, posting_receive
from pr_workflow.publishing.take_down import news_take_down
from pr_workflow.publishing.verification import CHECK_LINES, publication_verify
from pr_workflow.stages import ChannelKind

from .agencies import news_section
from .content import day, lasting_uuid, target_groups
from .people import ADMIN, account
from .pictures import picture_file
from .plans import person_with
from .signing import look_at, read_and_approve


def _paragraphs(texts: list[str]) -> list[tuple[str, str]]:
    return [("paragraph", f"<p>{escape(text)}</p>") for text in texts]


def _rewritten(body: StreamValue, texts: list[str]) -> StreamValue:
    """The same paragraphs with other words, as the editor keeps them: so that only what changed shows as changed."""
    pairs = zip(body.raw_data, _paragraphs(texts), strict=True)
    return StreamValue(body.stream_block, [{**block, "value": html} for block, (_kind, html) in pairs], is_lazy=True)


@dataclass(frozen=True)
class DemoNews:
    """An entry of the file and what can happen to it; every act takes the aware time it happens at."""

    agency: Agency
    data: dict

    @property
    def author(self):
        return person_with(self.agency, Role.WRITER)

    @property
    def pages(self) -> QuerySet[NewsPage]:
        """The item's page, once it is written."""
        return NewsPage.objects.filter(uuid=lasting_uuid(self.data["key"]))

    @property
    def page(self) -> NewsPage:
        """The page as the database has it now; raises NewsPage.DoesNotExist before it is written."""
        return self.pages.get()

    @property
    def officer(self):
        """The account of the responsible officer; None would be refused by every verb."""
        officer = self.page.responsible_officer
        return officer.user if officer else None

    def write(self, now: datetime, *, wish: datetime | None = None) -> None:
        """The PR officer writes the item from its plan activity, with pictures, and saves a draft.

        `wish` is the go-live time the writer asks for (aware).
        """
        if self.pages.exists():
            return
        activity = PlanActivity.objects.get(plan__agency=self.agency, code=self.data["plan_activity"])
        page = NewsPage(
            uuid=lasting_uuid(self.data["key"]),
            title=self.data["title"],
            slug=self.data["key"],
            lead=self.data["lead"],
            news_type=self.data.get("news_type", NewsType.NEWS),
            body=_paragraphs(self.data["body"]),
            photos=[("photo", self._photo(number)) for number in range(len(self.data["images"]))],
            event_date=day(self.data["event_date"]),
            place=self.data["place"] or "",
            plan_activity=activity,
            important_day=ImportantDay.objects.filter(agency=None, key=self.data["important_day"]).first(),
            responsible_officer=self._responsible_officer(activity),
            target_groups=target_groups(self.data["target_groups"]),
            media_formats=self.data["media_formats"],
            channels=[kind for kind in self.data["channels"] if kind in ChannelKind.values],
            go_live_at=wish,
            owner=self.author,
            live=False,
        )
        page.tags.add(*self.data["tags"])
        news_section(self.agency).add_child(instance=page)
        log(instance=page, action="wagtail.create", user=self.author, content_changed=True)
        page.save_revision(user=self.author, log_action=True)

    def submit(self, now: datetime) -> None:
        if self.page.workflow_states.exists():
            return
        news_submit(actor=self.author, page=self.page, now=now)

    def sign(self, role: Role, now: datetime, *, acting: str = "") -> None:
        """Approve, if the item waits for this role; `acting` is the key of who signs in place of its holder."""
        step = self._step_of(role)
        if step:
            read_and_approve(account(self.agency, acting) if acting else person_with(self.agency, role), step, now)

    def look(self, role: Role, now: datetime) -> None:
        """The holder of a role reads the version that waits, so that the next look shows what changed since."""
        step = self._step_of(role)
        if step:
            look_at(person_with(self.agency, role), step, now)

    def send_back(self, role: Role, reason: str, now: datetime, *, parts: dict[str, str] | None = None) -> None:
        """Return once, if the item waits for this role: a reason for the whole, or one for each of some parts."""
        returned = TaskState.objects.filter(
            workflow_state__in=self.page.workflow_states, status=TaskState.STATUS_REJECTED
        )
        step = self._step_of(role)
        if step and not returned.exists():
            actor = person_with(self.agency, role)
            news_return(actor=actor, task_state=step, reason=reason, field_reasons=parts, now=now)

    def correct(self, now: datetime) -> None:
        """The writer corrects what was pointed out and submits again; the chain starts at its first step."""
        page = self.page
        state = page.current_workflow_state
        returned = state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES
        faulty = state is None and CorrectionRound.objects.filter(page_id=page.pk, closed_at=None).exists()
        if not returned and not faulty:
            return
        draft = page.get_latest_revision_as_object()
        corrected = self.data.get("corrected")
        if corrected:
            draft.body = _rewritten(draft.body, corrected["body"])
            draft.place = corrected.get("place", draft.place)
        else:
            draft.lead = f"{draft.lead} ผู้สนใจสอบถามได้ที่หมายเลขกลางของหน่วยงาน โทร. {self.agency.phone}"
        draft.save_revision(user=self.author, log_action=True)
        news_submit(actor=self.author, page=self.page, now=now)

    def receive(self, now: datetime) -> None:
        """The IT officer confirms the receipt of the approved item."""
        posting = Posting.objects.awaiting().filter(page_id=self.page.pk, received_at=None).first()
        if posting:
            posting_receive(actor=person_with(self.agency, Role.IT_OFFICER), posting=posting, now=now)

    def post(self, go_live_at: datetime, now: datetime) -> None:
        """The IT officer sets the go-live time."""
        posting = Posting.objects.awaiting().filter(page_id=self.page.pk).first()
        if posting:
            officer = person_with(self.agency, Role.IT_OFFICER)
            news_post(actor=officer, posting=posting, go_live_at=go_live_at, now=now)

    def fail(self, now: datetime) -> None:
        """The first attempt of the tick fails, as it would on a full disk; the next one succeeds."""
        posting = Posting.objects.scheduled().filter(page_id=self.page.pk, attempts=0).first()
        if posting:
            posting_fail(posting_id=posting.pk, error=OSError(28, "No space left on device"), now=now)

    def go_live(self, now: datetime) -> None:
        """What the tick does at the go-live time. Raises RuntimeError: a demo whose news is not public is broken."""
        posting = Posting.objects.scheduled().filter(page_id=self.page.pk, go_live_at__lte=now).first()
        if posting is None:
            return
        # An attempt of an interrupted load may have failed; here nobody waits for the pause before the next one.
        Posting.objects.filter(pk=posting.pk).update(retry_at=None)
        outcome = posting_publish(posting_id=posting.pk, now=now)
        if outcome is None or not outcome.went_live:
            raise RuntimeError(f"{self.data['key']} did not go live: {outcome and outcome.reason}")

    def verify(self, now: datetime) -> None:
        """The responsible officer finds the posted page correct, and it goes into the archive."""
        check = PublicationCheck.objects.filter(page_id=self.page.pk).first()
        if check is None:
            return
        if not check.answered_at:
            self._answer(check, dict.fromkeys(CHECK_LINES, True), PublicationCheck.Result.CORRECT, "", now)
        news_archive(actor=self.officer, check_id=check.pk, now=now)

    def find_fault(self, note: str, now: datetime) -> None:
        """The responsible officer finds the text wrong, once; that opens the first round of correction."""
        check = PublicationCheck.objects.open().filter(page_id=self.page.pk, round=0).first()
        if check:
            answers = {line: line != "content" for line in CHECK_LINES}
            self._answer(check, answers, PublicationCheck.Result.NEEDS_CORRECTION, note, now)

    def publish_in_emergency(self, now: datetime) -> None:
        """The administrator publishes without the chain; a second person still has to confirm it."""
        if EmergencyPublication.objects.filter(page_id=self.page.pk).exists():
            return
        administrator = get_user_model().objects.get(username=ADMIN)
        emergency_publish(actor=administrator, page=self.page, reason=self.data["emergency_reason"], now=now)

    def take_down(self, kind: str, now: datetime) -> None:
        """The IT officer takes the item off the site: with a notice, or leading on to another item that is public."""
        said, page = self.data["take_down"], self.page
        other = NewsPage.objects.live().filter(uuid=lasting_uuid(said.get("replaced_by", ""))).first()
        if not page.live or (kind == TakeDown.Kind.CONSOLIDATED and other is None):
            return
        news_take_down(
            actor=person_with(self.agency, Role.IT_OFFICER),
            page=page,
            kind=kind,
            reason=said["reason"],
            notice=said.get("notice", ""),
            replaced_by=other,
            now=now,
        )

    def hold(self, reason: str, now: datetime) -> None:
        """The director places a legal hold on the item's archive record."""
        record = ArchiveRecord.objects.filter(page_number=self.page.pk).first()
        if record and not LegalHold.objects.filter(record_uuid=record.uuid).exists():
            hold_place(actor=person_with(self.agency, Role.DIRECTOR), record=record, reason=reason, now=now)

    def _answer(self, check: PublicationCheck, answers: dict, result: str, note: str, now: datetime) -> None:
        publication_verify(
            actor=self.officer, check=check, answers=answers, result=result, note=note, acknowledged=True, now=now
        )

    def _step_of(self, role: Role) -> TaskState | None:
        step = self.page.current_workflow_task_state
        waits_for_role = step and step.task.specific.groups.filter(
            agency_role__agency=self.agency, agency_role__role=role
        )
        return step if waits_for_role else None

    def _photo(self, number: int) -> dict:
        data = self.data["images"][number]
        name = f"{self.data['key']}-{number + 1}"
        file = picture_file(
            name,
            agency_code=self.agency.code,
            people=data["people"] != "none",
            festival=self.data["important_day"] == "loy_krathong",
        )
        image = AgencyImage.objects.create(
            title=data["caption_th"] or self.data["title"],
            description=data["alt_th"][:255],
            file=file,
            collection=self.agency.collection,
            uploaded_by_user=self.author,
            credit=data["credit_th"],
            source=data["licence"],
        )
        return {
            "image": image,
            "alt_text": data["alt_th"],
            "caption": data["caption_th"],
            "credit": data["credit_th"],
        }

    def _responsible_officer(self, activity: PlanActivity) -> StaffProfile:
        """Who answers for the activity, if that is a PR officer; else the author."""
        officer = activity.responsible_officer
        if officer and officer.user and officer.user.groups.filter(agency_role__role=Role.WRITER).exists():
            return officer
        return self.author.staff_profile
