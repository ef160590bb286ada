"""The chain: one return, three signatures, and everybody who tries to get around them."""

from django.contrib.auth import get_user_model
from django.urls import reverse

from pr_workflow.approval.models import ApprovalSeal
from pr_workflow.approval.seen_version import SeenVersion
from pr_workflow.people.models import AgencyGroup
from pr_workflow.people.roles import Role

from .browser import StoryBroken
from .cast import DIRECTOR, HEAD_OF_SECTION, HEAD_OF_WORK, WRITER
from .installation import AGENCY
from .stage import Stage
from .writing import correct_and_resubmit

REASON = "ยังไม่ระบุสถานที่และเวลาจัดกิจกรรม โปรดเพิ่มในย่อหน้านำ"


def decide(stage: Stage) -> None:
    """Return once, correct, then all three levels; between them the attempts that must fail."""
    _forged_approval(stage, "approves the own item", WRITER)
    _forged_review(stage, "approves it on the review screen", WRITER)
    with stage.chronicle.act("returns with a reason", HEAD_OF_WORK) as act:
        _answer(stage, HEAD_OF_WORK, "return", REASON)
        state = stage.page.current_workflow_state
        if state.status != state.STATUS_NEEDS_CHANGES:
            raise StoryBroken("the item was not returned")
        act.record = f"back to the writer: {REASON[:40]}…"
    correct_and_resubmit(stage)
    _approve(stage, HEAD_OF_WORK)
    _second_seat(stage)
    _approve(stage, HEAD_OF_SECTION)
    edit = reverse("wagtailadmin_pages:edit", args=[stage.facts.page])
    stage.forge("publishes without approval", stage.cast[DIRECTOR], edit, **{"action-publish": "action-publish"})
    _approve(stage, DIRECTOR)


def _approve(stage: Stage, username: str) -> None:
    with stage.chronicle.act("approves", username) as act:
        before = ApprovalSeal.objects.count()
        _answer(stage, username, "approve", "")
        seal = ApprovalSeal.objects.order_by("-pk").first()
        if seal is None or ApprovalSeal.objects.count() != before + 1 or seal.approver.username != username:
            raise StoryBroken(f"the approval of {username} left no signature")
        act.record = f"seal “{seal.task.name}” over {seal.content_hash[:12]}…"


def _answer(stage: Stage, username: str, decision: str, comment: str) -> None:
    """From the start page to the item that waits, and through the form of that screen."""
    person = stage.cast[username]
    screen = person.open(person.open("/admin/").link("/admin/pr/review/", holding=stage.page.draft_title))
    form = screen.form(f"form:has(button[value={decision}])").fill(comment=comment, decision=decision)
    person.send(form)


def _forged_approval(stage: Stage, what: str, username: str) -> None:
    """Send Wagtail's own approval address what its button would send, for a step that is not one's own."""
    step = stage.page.current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[stage.facts.page, "approve", step.pk])
    stage.forge(what, stage.cast[username], address, comment="")


def _forged_review(stage: Stage, what: str, username: str) -> None:
    """Send our own screen all that its form would carry, the right version included, without holding the step."""
    step = stage.page.current_workflow_task_state
    address = reverse("pr_admin:review", args=[step.pk])
    seen = str(SeenVersion.of(step))
    stage.forge(what, stage.cast[username], address, decision="approve", comment="", seen=seen)


def _second_seat(stage: Stage) -> None:
    """Even somebody who holds two seats fills only one step of an item."""
    user = get_user_model().objects.get(username=HEAD_OF_WORK)
    group = AgencyGroup.objects.get(agency__code=AGENCY, role=Role.HEAD_OF_SECTION).group
    user.groups.add(group)
    try:
        _forged_approval(stage, "approves a second step", HEAD_OF_WORK)
    finally:
        user.groups.remove(group)
