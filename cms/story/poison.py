"""Another item of the same office that cannot go live: its picture is deleted after it was approved and scheduled."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from home.demo.content import content
from home.demo.news import DemoNews
from pr_workflow.people.models import Agency
from pr_workflow.people.roles import CHAIN

from .browser import StoryBroken
from .cast import ADMINISTRATOR, IT_OFFICER
from .installation import AGENCY
from .stage import Stage

POISONED = "h-handwash-2569"
#: It comes first in the same tick: a tick that broke on it would never reach the good item.
AHEAD = timedelta(seconds=1)


def approve_another(stage: Stage) -> DemoNews:
    """A second item through the same services, without the screens, up to the last signature."""
    data = next(item for item in content()["news"] if item["key"] == POISONED)
    item = DemoNews(Agency.objects.get(code=AGENCY), data)
    with stage.chronicle.act("another item is approved", "(its own people)") as act:
        item.write(timezone.now())
        item.submit(timezone.now())
        for role in CHAIN:
            item.sign(role, timezone.now())
        act.record = f"page {item.page.pk}, three signatures"
    facts = stage.facts
    facts.poisoned_page, facts.poisoned_title = item.page.pk, item.page.title
    facts.poisoned_path = f"/news/{item.page.slug}/"
    return item


def spoil(stage: Stage, item: DemoNews, go_live_at: datetime) -> None:
    """Schedule it a second before the good item, then delete its picture from the library."""
    with stage.chronicle.act("posts the other item too", IT_OFFICER) as act:
        item.post(go_live_at - AHEAD, timezone.now())
        act.record = "goes live a second earlier"
    with stage.chronicle.act("deletes its picture", ADMINISTRATOR) as act:
        image = item.page.get_latest_revision_as_object().photos[0].value["image"]
        administrator = stage.cast[ADMINISTRATOR]
        address = reverse("wagtailimages:delete", args=[image.pk])
        administrator.send(administrator.open(address).form(f"form[action*='{address}']"))
        if type(image).objects.filter(pk=image.pk).exists():
            raise StoryBroken("the picture was not deleted")
        act.record = "its approval no longer fits its content"
