"""What people of an office can do for public relations (S1 §4.1.4, R04)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Skill(models.TextChoices):
    """What somebody can do for public relations; IT skill is a flag of its own (S1 §4.1.4, R04)."""

    WRITING = "writing", _("Writing news")
    PHOTO = "photo", _("Photography")
    VIDEO = "video", _("Video")
    GRAPHICS = "graphics", _("Infographics and layout")
    SOCIAL = "social", _("Social media")
    BROADCAST = "broadcast", _("Radio and television")
    HOSTING = "hosting", _("Hosting events, receiving the press")
    DATA = "data", _("Data and evaluation")
    LAW = "law", _("Information and personal data law")
