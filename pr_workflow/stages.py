"""The steps of the house in the order of the flow; the words follow both manuals (S1 §4, S2 §4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Stage(models.TextChoices):
    """A step of the flow an item can stand at; computed, never stored (see `news_timeline`)."""

    PLAN = "plan", _("Plan")
    WRITE = "write", _("Write")
    APPROVE = "approve", pgettext_lazy("step of the flow", "Approve")
    POST = "post", _("Post")
    VERIFY = "verify", _("Verify")
    DISTRIBUTE = "distribute", _("Distribute")
    ARCHIVE = "archive", _("Archive")
    EVALUATE = "evaluate", _("Evaluate")


class TargetGroup(models.TextChoices):
    """Whom an activity or a news item is for (กลุ่มเป้าหมาย, S2 §3.3: every target group is to be covered)."""

    STAFF = "staff", _("Staff")
    STUDENTS = "students", _("Students")
    PARENTS = "parents", _("Parents")
    COMMUNITY = "community", _("Community")
    PRESS = "press", _("Press")
    NETWORK = "network", _("Network")
    PUBLIC = "public", _("General public")


class MediaFormat(models.TextChoices):
    """The information formats of S1 §2.3 and S2 §3.4."""

    NEWS = "news", _("News")
    PHOTO = "photo", _("Photos")
    INFOGRAPHIC = "infographic", _("Infographic")
    ONE_PAGE = "one_page", _("One page")
    VIDEO = "video", _("Video")
    DOCUMENT = "document", _("Document")
    RADIO_SPOT = "radio_spot", _("Radio spot")
    NEWSLETTER = "newsletter", _("Newsletter")


class ChannelKind(models.TextChoices):
    """Where news goes out (S1 §2.4, S2 §3.7). Kinds without an adapter are planned for and posted by hand."""

    WEBSITE = "website", _("Website")
    FACEBOOK = "facebook", _("Facebook")
    YOUTUBE = "youtube", _("YouTube")
    EMAIL = "email", _("E-mail")
    WEBHOOK = "webhook", _("Webhook")
    NETWORK = "network", _("Network")
    RADIO = "radio", _("Radio")
