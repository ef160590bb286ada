"""Runs inside the other site: a page of its own type goes through the chain, and only through the chain."""

import json
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.test import TestCase
from django.utils import timezone
from home.models import BulletinPage, HomePage
from wagtail.models import Page, Site

from pr_workflow.approval.content_hash import content_hash
from pr_workflow.approval.reading_marks import version_seen
from pr_workflow.approval.services import ApprovalRefused, news_approve, news_submit
from pr_workflow.approval.setup import chain_ensure
from pr_workflow.audit.services import audit_verify
from pr_workflow.people.models import Agency, AgencyGroup, StaffProfile
from pr_workflow.people.roles import CHAIN, Role
from pr_workflow.people.services import roles_ensure
from pr_workflow.publishing.models import Posting, PublicationCheck, PublishedItem
from pr_workflow.publishing.services import news_post
from pr_workflow.publishing.tick import publish_due

TITLE = "จดหมายข่าวฉบับที่ ๑"


class BulletinThroughTheChain(TestCase):
    """The same services, records and refusals as in our own site."""

    def setUp(self):
        self.now = timezone.now()
        home = Page.objects.get(depth=1).add_child(instance=HomePage(title="Other site", slug="other"))
        site = Site.objects.get()
        site.root_page = home
        site.save()
        self.agency = Agency.objects.create(code="other", name="Other office", site=site)
        roles_ensure(actor=None, agency=self.agency, now=self.now)
        self.people = {role: self.person(role) for role in (Role.WRITER, *CHAIN, Role.IT_OFFICER)}
        chain_ensure(actor=None, agency=self.agency, now=self.now)
        writer = self.people[Role.WRITER]
        self.page = home.add_child(
            instance=BulletinPage(
                title=TITLE,
                slug="bulletin-1",
                lead="สรุปข่าวประจำเดือน",
                body=json.dumps([{"type": "paragraph", "value": "<p>เนื้อหา</p>"}]),
                printed_edition="1/2570",
                owner=writer,
                live=False,
                responsible_officer=StaffProfile.objects.get(user=writer),
            )
        )
        self.page.save_revision(user=writer)

    def person(self, role):
        user = get_user_model().objects.create_user(role.value, password=role.value)
        user.groups.add(AgencyGroup.objects.get(agency=self.agency, role=role).group)
        StaffProfile.objects.create(agency=self.agency, user=user, display_name=f"Person {role.value}")
        return user

    def approve_all(self):
        state = news_submit(actor=self.people[Role.WRITER], page=self.page, now=self.now)
        for role in CHAIN:
            step = state.current_task_state
            digest = content_hash(step.revision)
            version_seen(user=self.people[role], revision=step.revision, digest=digest, now=self.now)
            news_approve(actor=self.people[role], task_state=step, now=self.now)
            state.refresh_from_db()

    def public_answer(self):
        return self.client.get("/bulletin-1/").status_code

    def test_the_user_and_image_models_are_the_stock_ones(self):
        self.assertEqual(get_user_model()._meta.label, "auth.User")

    def test_a_bulletin_goes_live_at_its_time_and_not_before(self):
        self.approve_all()
        self.assertEqual(self.public_answer(), 404)
        go_live_at = self.now + timedelta(minutes=10)
        with self.captureOnCommitCallbacks(execute=True):
            news_post(
                actor=self.people[Role.IT_OFFICER],
                posting=Posting.objects.get(page=self.page),
                go_live_at=go_live_at,
                now=self.now,
            )
        publish_due(now=go_live_at - timedelta(seconds=1))
        self.assertEqual(self.public_answer(), 404)
        with self.captureOnCommitCallbacks(execute=True):
            (outcome,) = publish_due(now=go_live_at)
        self.assertTrue(outcome.went_live, outcome.reason)
        self.assertContains(self.client.get("/bulletin-1/"), "1/2570")
        self.assertEqual(PublishedItem.objects.get().title, TITLE)
        self.assertEqual(PublicationCheck.objects.filter(page=self.page).count(), 1)
        self.assertIsNone(audit_verify(chain="other"))

    def test_a_bulletin_cannot_go_around_the_chain(self):
        with self.assertRaises(PermissionDenied):
            self.page.get_latest_revision().publish(user=self.people[Role.DIRECTOR], skip_permission_checks=True)
        self.assertEqual(self.public_answer(), 404)

    def test_the_writer_cannot_approve(self):
        state = news_submit(actor=self.people[Role.WRITER], page=self.page, now=self.now)
        with self.assertRaises(ApprovalRefused):
            news_approve(actor=self.people[Role.WRITER], task_state=state.current_task_state, now=self.now)

    def test_the_sites_own_search_still_answers(self):
        self.assertEqual(self.client.get("/search/", {"query": "Other"}).json(), {"titles": ["Other site"]})

    def test_the_admin_opens_the_bulletin_for_its_writer(self):
        self.client.force_login(self.people[Role.WRITER])
        self.assertContains(self.client.get(f"/admin/pages/{self.page.pk}/edit/"), "printed_edition")
