"""What Wagtail's API v2 shows of a news page, and nothing else: no owner, no officer, no internal field (R62)."""

from collections.abc import Iterable
from typing import Any

from rest_framework.fields import Field
from wagtail.api import APIField
from wagtail.models import Site

from .public_content import PublicMedia, attachments_json, body_json, media_of, photos_json

#: Key under which a view keeps the files of all pages of one answer, so that they are fetched together.
MEDIA_KEY = "pr_workflow_media"


class PageField(Field):
    """A value made from the whole page."""

    def get_attribute(self, instance):
        return instance

    def media(self, page) -> PublicMedia:
        """The files the view has fetched for all pages, or those of this page alone."""
        if MEDIA_KEY in self.context:
            return self.context[MEDIA_KEY]
        if not hasattr(page, "_public_media"):
            page._public_media = self._own_media(page)
        return page._public_media

    def _own_media(self, page) -> PublicMedia:
        """Addresses as the reader's site writes them; the token API says nothing of the request, the page knows."""
        if request := self.context.get("request"):
            return media_for_answer([page], request)
        site = page.get_site()
        return media_of([page], base_url=site.root_url if site else "")


class BodyField(PageField):
    """The body as blocks with HTML."""

    def to_representation(self, page) -> list[dict[str, Any]]:
        return body_json(page, self.media(page))


class PhotosField(PageField):
    """The photos in all sizes with alternative text, caption and credit."""

    def to_representation(self, page) -> list[dict[str, Any]]:
        return photos_json(page, self.media(page))


class AttachmentsField(PageField):
    """The files for readers."""

    def to_representation(self, page) -> list[dict[str, Any]]:
        return attachments_json(page, self.media(page))


class TagNamesField(PageField):
    """Tag names in order, from the rows fetched with the page."""

    def to_representation(self, page) -> list[str]:
        tags = getattr(page, "tags", None)
        return sorted({tag.name for tag in tags.all()}) if tags is not None else []


class ImportantDayField(Field):
    """Key and name of the important day."""

    def to_representation(self, day) -> dict[str, str]:
        return {"key": day.key, "name": day.name_th}


class PlanActivityField(Field):
    """Code and title of the activity, once its plan is approved."""

    def to_representation(self, activity) -> dict[str, str] | None:
        return {"code": activity.code, "title": activity.title} if activity.plan.live else None


def media_for_answer(pages: Iterable, request) -> PublicMedia:
    """The public pictures and files of all pages of one answer."""
    site = Site.find_for_request(request)
    return media_of(pages, base_url=site.root_url if site else "")


def news_api_fields() -> list[APIField]:
    """`api_fields` of a news page class."""
    return [
        APIField("uuid"),
        APIField("news_type"),
        APIField("lead"),
        APIField("event_date"),
        APIField("place"),
        APIField("body", serializer=BodyField()),
        APIField("photos", serializer=PhotosField()),
        APIField("attachments", serializer=AttachmentsField()),
        APIField("tags", serializer=TagNamesField()),
        APIField("target_groups"),
        APIField("media_formats"),
        APIField("important_day", serializer=ImportantDayField()),
        APIField("plan_activity", serializer=PlanActivityField()),
    ]
