"""A year of an agency's calendar in a given number of entries: activities, news on the site, set times, drafts.

Written in bulk, spread evenly over the fiscal year. Days of the office and important days are left out: they are the
same few for every agency.
"""

import random
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Page, Revision

from benchmarks.corpus import _base_pages, _news_of, make_images, make_site, sentence
from home.models import NewsIndexPage, NewsPage
from pr_workflow.gate import publication_permit
from pr_workflow.people.models import Agency, StaffProfile, Unit
from pr_workflow.people.roles import Role
from pr_workflow.people.services import roles_ensure
from pr_workflow.plan.models import AnnualPlan, PlanActivity
from pr_workflow.publishing.models import Posting
from pr_workflow.stages import ChannelKind, TargetGroup
from pr_workflow.thai_time import BANGKOK, fiscal_year_bounds

#: Of ten entries: what is public, has a set time, is a draft with a wish; the others are activities of the plan.
LIVE, SCHEDULED, DRAFTS = 4, 2, 1


@transaction.atomic
def make_year(code: str, fiscal_year: int, entries: int, *, now: datetime, seed: int = 5) -> str:
    """An agency with so many entries (a multiple of ten) in a fiscal year (B.E.); returns its officer's account."""
    rng = random.Random(seed)  # noqa: S311 - the same year every time
    agency, index = make_site(code, f"{code}.localhost")
    roles_ensure(actor=None, agency=agency, now=now)
    officer = _officer(agency)
    first, last = fiscal_year_bounds(fiscal_year)
    tenth = entries // 10
    _activities(agency, fiscal_year, officer, spread(first, last, entries - (LIVE + SCHEDULED + DRAFTS) * tenth), rng)
    _news(agency, index, officer, [spread(first, last, each * tenth) for each in (LIVE, SCHEDULED, DRAFTS)], rng)
    return f"officer-{code}"


def spread(first: date, last: date, number: int) -> list[date]:
    """So many days from the first to the last, evenly."""
    return [first + timedelta(days=place * ((last - first).days + 1) // number) for place in range(number)]


def _officer(agency: Agency) -> StaffProfile:
    user = get_user_model().objects.create(username=f"officer-{agency.code}", is_active=True)
    user.groups.add(agency.groups.get(role=Role.WRITER).group)
    unit = Unit.objects.create(agency=agency, name="งานสื่อสารองค์กร")
    return StaffProfile.objects.create(agency=agency, user=user, unit=unit, display_name="เจ้าหน้าที่ตัวอย่าง")


def _activities(agency: Agency, year: int, officer: StaffProfile, days: Iterable[date], rng: random.Random) -> None:
    plan = AnnualPlan.objects.create(agency=agency, fiscal_year_be=year, title=f"แผน {year}", live=False)
    PlanActivity.objects.bulk_create(
        PlanActivity(
            plan=plan,
            code=f"ก-{place}",
            title=sentence(rng)[:200],
            start=day,
            end=day,
            responsible_officer=officer,
            unit=officer.unit,
            target_groups=rng.sample(TargetGroup.values, 2),
            channels=rng.sample(ChannelKind.values, 2),
            sort_order=place,
        )
        for place, day in enumerate(days)
    )
    plan.refresh_from_db()
    plan.live = True
    with publication_permit(plan.pk, kind=AnnualPlan.PERMIT_KIND):
        plan.save()


def _news(
    agency: Agency, index: NewsIndexPage, officer: StaffProfile, days: list[list[date]], rng: random.Random
) -> None:
    """News on the site, with a set time and as drafts, in this order."""
    live, scheduled, drafts = ([datetime.combine(day, time(9), tzinfo=BANGKOK) for day in kind] for kind in days)
    moments = [*live, *scheduled, *drafts]
    base = list(_base_pages(index, range(len(moments)), len(moments), rng))
    for page, moment in zip(base, moments, strict=True):
        page.first_published_at = page.last_published_at = page.latest_revision_created_at = moment
    pages = Page.objects.bulk_create(base)
    images = make_images(2, rng)
    news = [_news_of(page, officer, images, rng) for page in pages]
    NewsPage._base_manager._insert(news, fields=NewsPage._meta.local_concrete_fields, using=index._state.db)
    Page.objects.filter(pk=index.pk).update(numchild=len(pages))
    waiting = [page.pk for page in pages[len(live) :]]
    unpublished = {"live": False, "has_unpublished_changes": True, "first_published_at": None}
    Page.objects.filter(pk__in=waiting).update(**unpublished, last_published_at=None)
    revisions = _versions(waiting, moments[len(live) :])
    Posting.objects.bulk_create(
        Posting(
            agency=agency,
            page_id=int(revision.object_id),
            revision=revision,
            opened_at=moment,
            due_at=moment,
            posted_at=moment,
            go_live_at=moment,
        )
        for revision, moment in zip(revisions[: len(scheduled)], scheduled, strict=True)
    )


def _versions(keys: list[int], moments: list[datetime]) -> list[Revision]:
    """The newest version of each unpublished item, with its wish."""
    news, base = ContentType.objects.get_for_model(NewsPage), ContentType.objects.get_for_model(Page)
    pages = NewsPage.objects.in_bulk(keys)
    revisions = Revision.objects.bulk_create(
        Revision(
            content_type=news,
            base_content_type=base,
            object_id=str(key),
            created_at=moment - timedelta(days=2),
            object_str=str(pages[key]),
            content=pages[key].serializable_data() | {"go_live_at": moment.isoformat()},
        )
        for key, moment in zip(keys, moments, strict=True)
    )
    for revision in revisions:
        Page.objects.filter(pk=revision.object_id).update(latest_revision=revision)
    return revisions
