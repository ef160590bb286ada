"""News that is approved and due: drafts with three real signatures each, written in bulk.

The same rows serve both sides: a posting whose slot has come for ours, `approved_go_live_at` on the revision for
Wagtail's own command.
"""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from taggit.models import Tag
from wagtail.models import Page, ReferenceIndex, Revision, TaskState, WorkflowState

from benchmarks.corpus import TAGS, _base_pages, _news_of, make_images
from home.models import NewsIndexPage, NewsPage, NewsPageTag
from pr_workflow.approval.content_hash import content_hash
from pr_workflow.approval.models import ApprovalSeal, Submission
from pr_workflow.approval.selectors import chain_tasks
from pr_workflow.approval.setup import chain_ensure
from pr_workflow.news.public_content import pictures_prepare
from pr_workflow.people.models import Agency, StaffProfile
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.people.services import roles_ensure
from pr_workflow.publishing.models import Posting


@transaction.atomic
def make_due(agency: Agency, index: NewsIndexPage, number: int, *, slot: datetime, seed: int = 3) -> list[int]:
    """Write `number` approved news drafts whose go-live time is `slot` (aware); returns the keys of their postings."""
    rng = random.Random(seed)  # noqa: S311 - the same news every time
    now = slot - timedelta(days=1)
    roles_ensure(actor=None, agency=agency, now=now)
    workflow = chain_ensure(actor=None, agency=agency, now=now).pages
    people = {role: _account(agency, role) for role in (Role.WRITER, *CHAIN, Role.IT_OFFICER)}
    pages = _drafts(index, number, StaffProfile.objects.get(user=people[Role.WRITER]), rng)
    revisions = _revisions(pages, people[Role.WRITER], slot)
    _sign(agency, workflow, revisions, people, now)
    rows = [
        Posting(
            agency=agency,
            page_id=int(revision.object_id),
            revision=revision,
            opened_at=now,
            due_at=slot,
            posted_at=now,
            posted_by=people[Role.IT_OFFICER],
            go_live_at=slot,
        )
        for revision in revisions
    ]
    return [row.pk for row in Posting.objects.bulk_create(rows)]


def _account(agency: Agency, role: Role):
    user = get_user_model().objects.create(username=f"bench-{role}", is_active=True)
    user.groups.add(agency.groups.get(role=role).group)
    StaffProfile.objects.create(agency=agency, user=user, display_name=f"ตัวอย่าง {role}", position=str(role.label))
    return user


def _drafts(index: NewsIndexPage, number: int, officer: StaffProfile, rng: random.Random) -> list[NewsPage]:
    images, tags = make_images(10, rng), list(Tag.objects.filter(name__in=TAGS))
    index.refresh_from_db()
    taken = index.numchild
    base = []
    for page in _base_pages(index, range(taken, taken + number), taken + number, rng):
        page.live, page.has_unpublished_changes = False, True
        moment, page.first_published_at, page.last_published_at = page.first_published_at, None, None
        page.latest_revision_created_at = moment
        base.append(page)
    pages = Page.objects.bulk_create(base)
    for page in pages:
        page.first_published_at = page.latest_revision_created_at  # `_news_of` dates the event by it; never saved
    news = [_news_of(page, officer, images, rng) for page in pages]
    NewsPage._base_manager._insert(news, fields=NewsPage._meta.local_concrete_fields, using=index._state.db)
    NewsPageTag.objects.bulk_create(
        [
            NewsPageTag(content_object_id=page.pk, tag=tag)
            for page in pages
            for tag in rng.sample(tags, min(3, len(tags)))
        ]
    )
    Page.objects.filter(pk=index.pk).update(numchild=taken + number)
    found = list(NewsPage.objects.filter(pk__in=[page.pk for page in pages]).order_by("pk"))
    for each in found:
        ReferenceIndex.create_or_update_for_object(each)
        pictures_prepare(each)  # as `posting_pictures_prepare` does when the time is set
    return found


def _revisions(pages: Iterable[NewsPage], writer, slot: datetime) -> list[Revision]:
    news, base = ContentType.objects.get_for_model(NewsPage), ContentType.objects.get_for_model(Page)
    rows = [
        Revision(
            content_type=news,
            base_content_type=base,
            object_id=str(page.pk),
            created_at=slot - timedelta(days=2),
            user=writer,
            object_str=str(page),
            content=page.serializable_data(),
            approved_go_live_at=slot,
        )
        for page in pages
    ]
    revisions = Revision.objects.bulk_create(rows)
    for revision in revisions:
        Page.objects.filter(pk=revision.object_id).update(latest_revision=revision)
    return revisions


def _sign(agency: Agency, workflow, revisions: list[Revision], people: dict[Role, Any], now: datetime) -> None:
    tasks = list(chain_tasks(workflow))
    steps = [{"task": task.pk, "name": task.name} for task in tasks]
    for revision in revisions:
        state = WorkflowState.objects.create(
            base_content_type=revision.base_content_type,
            content_type=revision.content_type,
            object_id=revision.object_id,
            workflow=workflow,
            requested_by=people[Role.WRITER],
            status=WorkflowState.STATUS_APPROVED,
        )
        Submission.objects.create(
            agency=agency,
            workflow_state=state,
            revision=revision,
            submitted_by=people[Role.WRITER],
            submitted_at=now,
            steps=steps,
        )
        digest = content_hash(revision)
        for task, role in zip(tasks, CHAIN, strict=True):
            step = TaskState(workflow_state=state, revision=revision, task=task, status=TaskState.STATUS_APPROVED)
            step.content_type = ContentType.objects.get_for_model(TaskState)
            TaskState.objects.bulk_create([step])
            ApprovalSeal.objects.create(
                agency=agency,
                task_state=step,
                workflow_state=state,
                task=task,
                revision=revision,
                approver=people[role],
                approver_name=people[role].username,
                content_hash=digest,
                sealed_at=now,
            )
        WorkflowState.objects.filter(pk=state.pk).update(current_task_state=step)
