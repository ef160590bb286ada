"""One news item of the demo, led through the flow by the right people. Each act looks where the item stands first.

So a load that was interrupted goes on where it stopped, and no act is done twice.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.html import escape
from wagtail.log_actions import log
from wagtail.models import TaskState, WorkflowState

from home.models import AgencyImage, NewsPage
from pr_workflow.approval.services import news_approve, news_return, news_submit
from pr_workflow.archive.services import news_archive
from pr_workflow.festival_calendar.models import ImportantDay
from pr_workflow.people.models import Agency, StaffProfile
from pr_workflow.people.roles import Role
from pr_workflow.plan.models import PlanActivity
from pr_workflow.publishing.models import CorrectionRound, Posting, PublicationCheck
from pr_workflow.publishing.services import news_post, posting_publish
from pr_workflow.publishing.verification import CHECK_LINES, publication_verify
from pr_workflow.stages import ChannelKind

from .agencies import news_section
from .content import day, lasting_uuid, target_groups
from .pictures import picture_file
from .plans import person_with


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

    def write(self, now: datetime) -> None:
        """The PR officer writes the item from its plan activity, with pictures, and saves a draft."""
        if self.pages.exists():
            return
        activity = PlanActivity.objects.get(plan__agency=self.agency, code=self.data["plan_activity"])
        page = NewsPage(
            uuid=lasting_uuid(self.data["key"]),
            title=self.data["title"],
            slug=self.data["key"],
            lead=self.data["lead"],
            body=[("paragraph", f"<p>{escape(text)}</p>") for text in self.data["body"]],
            photos=[("photo", self._photo(number)) for number in range(len(self.data["images"]))],
            event_date=day(self.data["event_date"]),
            place=self.data["place"] or "",
            plan_activity=activity,
            important_day=ImportantDay.objects.filter(agency=None, key=self.data["important_day"]).first(),
            responsible_officer=self._responsible_officer(activity),
            target_groups=target_groups(self.data["target_groups"]),
            media_formats=self.data["media_formats"],
            channels=[kind for kind in self.data["channels"] if kind in ChannelKind.values],
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

    def sign(self, role: Role, now: datetime) -> None:
        """Approve, if the item waits for this role."""
        step = self._step_of(role)
        if step:
            news_approve(actor=person_with(self.agency, role), task_state=step, now=now)

    def send_back(self, role: Role, reason: str, now: datetime) -> None:
        """Return once with a reason, if the item waits for this role."""
        returned = TaskState.objects.filter(
            workflow_state__in=self.page.workflow_states, status=TaskState.STATUS_REJECTED
        )
        step = self._step_of(role)
        if step and not returned.exists():
            news_return(actor=person_with(self.agency, role), task_state=step, reason=reason, now=now)

    def correct(self, now: datetime) -> None:
        """The writer corrects what was pointed out and submits again; the chain starts at its first step."""
        page = self.page
        state = page.current_workflow_state
        returned = state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES
        faulty = state is None and CorrectionRound.objects.filter(page_id=page.pk, closed_at=None).exists()
        if not returned and not faulty:
            return
        draft = page.get_latest_revision_as_object()
        draft.lead = f"{draft.lead} ผู้สนใจสอบถามได้ที่หมายเลขกลางของหน่วยงาน โทร. {self.agency.phone}"
        draft.save_revision(user=self.author, log_action=True)
        news_submit(actor=self.author, page=self.page, now=now)

    def post(self, go_live_at: datetime, now: datetime) -> None:
        """The IT officer sets the go-live time."""
        posting = Posting.objects.awaiting().filter(page_id=self.page.pk).first()
        if posting:
            officer = person_with(self.agency, Role.IT_OFFICER)
            news_post(actor=officer, posting=posting, go_live_at=go_live_at, now=now)

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

    def _answer(self, check: PublicationCheck, answers: dict, result: str, note: str, now: datetime) -> None:
        publication_verify(actor=self.officer, check=check, answers=answers, result=result, note=note, now=now)

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
