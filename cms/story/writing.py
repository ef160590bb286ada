"""The writer: from the plan activity to a submitted item, and once more after the return."""

from typing import Any

from home.demo.content import content
from home.demo.pictures import picture_file
from pr_workflow.audit.models import AuditEntry
from pr_workflow.people.models import StaffProfile

from .browser import Form, Page, Person, StoryBroken
from .cast import OFFICER, WRITER
from .editor import put_blocks, rich_text
from .installation import AGENCY
from .stage import Stage

#: The item of the demo file that is played.
ITEM = "h-toilet-2569"
EDIT_FORM = "form[data-edit-form]"
UPLOAD = "image-chooser-upload"


def story_item() -> dict[str, Any]:
    """The entry of the demo file."""
    return next(item for item in content()["news"] if item["key"] == ITEM)


def write_and_submit(stage: Stage) -> None:
    """Begin from the plan, add a photo, try without its alternative text, then properly."""
    item, writer = story_item(), stage.cast[WRITER]
    with stage.chronicle.act("begins a draft from the plan", WRITER) as act:
        activities = writer.open("/admin/pr/activities/?quarter=all")
        editor = writer.send(activities.form("form[action*='/create/']", holding=item["plan_activity"]))
        stage.facts.page = int(editor.address.rstrip("/").split("/")[-2])
        act.record = f"page {stage.facts.page} from activity {item['plan_activity']}"
    with stage.chronicle.act("uploads a photo", WRITER) as act:
        image = _upload(writer, item)
        act.record = f"image {image}"
    with stage.chronicle.act("submits without alternative text", WRITER) as act:
        answer = writer.send(_filled(editor, item, image, alt_text=""), press="action-submit")
        complaints = answer.complaints()
        if stage.page.current_workflow_state or not complaints:
            raise StoryBroken("an item without alternative text was taken")
        act.record = f"not taken: {complaints[-1][:70]}"
    with stage.chronicle.act("describes the photo and submits", WRITER) as act:
        alt_text = item["images"][0]["alt_th"]
        writer.send(_filled(answer, item, image, alt_text=alt_text), press="action-submit")
        act.record = _submitted(stage)
    stage.facts.title = stage.page.title
    stage.facts.path = f"/news/{stage.page.slug}/"
    stage.facts.uuid = str(stage.page.uuid)


def correct_and_resubmit(stage: Stage) -> None:
    """The writer changes the text that was pointed out; the chain begins again at its first step."""
    writer, item = stage.cast[WRITER], story_item()
    with stage.chronicle.act("corrects and submits again", WRITER) as act:
        editor = writer.open(f"/admin/pages/{stage.facts.page}/edit/")
        photo = stage.page.get_latest_revision_as_object().photos[0].value
        form = _filled(editor, item, photo["image"].pk, alt_text=photo["alt_text"])
        form.fill(place=item["place"] or "อาคาร 3", lead=f"{item['lead']} เวลา 09.00 น.")
        writer.send(form, press="action-submit")
        act.record = _submitted(stage)


def _filled(editor: Page, item: dict[str, Any], image: int, *, alt_text: str) -> Form:
    """The editor's own form with everything a writer enters."""
    officer = StaffProfile.objects.get(user__username=OFFICER)
    form = editor.form(EDIT_FORM)
    form.fill(
        title=item["title"],
        lead=item["lead"],
        event_date=item["event_date"],
        place=item["place"] or "",
        responsible_officer=officer.pk,
        channels=["website", "email", "webhook", "facebook"],
        tags=", ".join(f'"{tag}"' for tag in item["tags"]),
    )
    put_blocks(form, "body", [("paragraph", rich_text(text)) for text in item["body"]])
    picture = item["images"][0]
    photo = {"image": image, "alt_text": alt_text, "caption": picture["caption_th"], "credit": picture["credit_th"]}
    put_blocks(form, "photos", [("photo", photo)])
    put_blocks(form, "attachments", [])
    return form


def _upload(writer: Person, item: dict[str, Any]) -> int:
    """Upload in the window that chooses a picture, as the editor's scripts do."""
    window = writer.open("/admin/images/chooser/")
    offered = Page(window.address, window.status, window.json()["html"])
    form = offered.form("form[action*='/create/']")
    form.put(f"{UPLOAD}-title", item["images"][0]["caption_th"])
    form.put(f"{UPLOAD}-credit", item["images"][0]["credit_th"])
    picture = picture_file(item["key"], agency_code=AGENCY, people=False)
    form.files[f"{UPLOAD}-file"] = (f"{item['key']}.jpg", picture.read(), "image/jpeg")
    answer = writer.send(form, script=True).json()
    if answer.get("step") not in ("chosen", "image_chosen", "duplicate_found"):
        raise StoryBroken(f"the photo was not taken: {answer.get('step')}")
    return int(answer["result"]["id"])


def _submitted(stage: Stage) -> str:
    state = stage.page.current_workflow_state
    if state is None or state.status != state.STATUS_IN_PROGRESS:
        raise StoryBroken("the item was not submitted")
    entry = AuditEntry.objects.filter(verb="news_submit", target_id=str(stage.facts.page)).first()
    step = stage.page.current_workflow_task_state
    return f"waits for “{step.task.name}” (revision {step.revision_id}, audit {entry})"
