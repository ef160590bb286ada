"""The annual plans of the demo, considered by the real chain: entered, submitted, approved by the director."""

from datetime import date, datetime, time, timedelta
from functools import partial

from django.db.models import QuerySet

from pr_workflow.approval.services import news_submit
from pr_workflow.festival_calendar.models import ImportantDay
from pr_workflow.people.models import Agency, StaffProfile, Unit
from pr_workflow.people.roles import Role
from pr_workflow.plan.models import AnnualPlan, PlanActivity
from pr_workflow.thai_time import BANGKOK

from .clock import Diary
from .content import ROLES, day, rows, target_groups
from .signing import read_and_approve

COPIED = ("code", "title", "origin", "mission", "media_formats", "channels", "indicator", "target_value", "budget_baht")


def person_with(agency: Agency, role: Role):
    """The account that holds a seat itself, not by a delegation; the first one of the file when several do."""
    holders = StaffProfile.objects.filter(agency=agency, active=True, user__is_active=True)
    seat = holders.filter(user__groups__agency_role__agency=agency, user__groups__agency_role__role=role)
    person = seat.select_related("user").order_by("pk").first()
    return person.user if person else None


def plans_into(diary: Diary, agency: Agency) -> None:
    """Write down what happens to the plans of an agency: two days before its letter until the letter's date."""
    for data in rows("plans", agency.code):
        dated = day(data["doc_date"])
        diary.add(_at(dated - timedelta(days=2), 10, 5), partial(_write, agency, data))
        diary.add(_at(dated - timedelta(days=1), 9, 20), partial(_submit, agency, data))
        diary.add(_at(dated, 9, 35), partial(_approve, agency, data))


def _at(day_: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day_, time(hour, minute), tzinfo=BANGKOK)


def _plans(agency: Agency, data: dict) -> QuerySet[AnnualPlan]:
    return AnnualPlan.objects.filter(agency=agency, fiscal_year_be=data["fiscal_year_be"])


def _write(agency: Agency, data: dict, now: datetime) -> None:
    if _plans(agency, data).exists():
        return
    plan = AnnualPlan(
        agency=agency,
        fiscal_year_be=data["fiscal_year_be"],
        title=data["title"],
        objective=data["objective"],
        doc_number=data["doc_number"],
        doc_date=day(data["doc_date"]),
        live=False,
    )
    plan.activities = [_activity(agency, row, order) for order, row in enumerate(data["activities"])]
    plan.full_clean()
    plan.save()
    plan.save_revision(user=person_with(agency, Role.WRITER))


def _activity(agency: Agency, data: dict, order: int) -> PlanActivity:
    officer = StaffProfile.objects.filter(agency=agency, active=True, position=data["responsible_position"]).first()
    return PlanActivity(
        **{name: data[name] for name in COPIED},
        start=day(data["start"]),
        end=day(data["end"]),
        target_groups=target_groups(data["target_groups"]),
        important_day=ImportantDay.objects.filter(agency=None, key=data["important_day"]).first(),
        unit=Unit.objects.get(agency=agency, name=data["unit"]) if data["unit"] else None,
        responsible_officer=officer or _writer_profile(agency),
        sort_order=order,
    )


def _writer_profile(agency: Agency) -> StaffProfile:
    """Some activities name a unit instead of a person of the file; then the PR officer answers for them."""
    writers = [row["key"] for row in rows("staff", agency.code) if ROLES[row["workflow_role"]] == Role.WRITER]
    return StaffProfile.objects.get(agency=agency, key=writers[0])


def _submit(agency: Agency, data: dict, now: datetime) -> None:
    plan = _plans(agency, data).get()
    if plan.live or plan.workflow_states.exists():
        return
    news_submit(actor=person_with(agency, Role.WRITER), page=plan, now=now)


def _approve(agency: Agency, data: dict, now: datetime) -> None:
    state = _plans(agency, data).get().current_workflow_task_state
    if state:
        read_and_approve(person_with(agency, Role.DIRECTOR), state, now, comment="เห็นชอบ")
