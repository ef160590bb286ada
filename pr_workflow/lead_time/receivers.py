"""What the lead time asks of a submission: the note about an uncertain date is gone (R20)."""

from typing import Any

from django.utils.translation import gettext as _

from ..news.readiness import Problem
from .starting import DATE_NOTE


def on_news_readiness_asked(sender, *, page: Any, **kwargs: Any) -> list[Problem]:
    """A note to the writer never reaches the public."""
    if any(block.id == DATE_NOTE for block in page.body):
        return [
            Problem("body", _("The first paragraph says that the date is to be confirmed. Check it, then delete it."))
        ]
    return []
