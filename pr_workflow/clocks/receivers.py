"""What the clocks do when the office calendar changes (R25: cabinet special days come, and are taken back)."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from wagtail.log_actions import get_active_log_context

from ..clock import step_now
from ..festival_calendar.models import Holiday
from .services import clocks_recompute


@transaction.atomic
def on_holiday_changed(sender, *, instance: Holiday, raw: bool = False, **kwargs: Any) -> None:
    """In the transaction of the change: deadlines that run move with the day, and back when it is cancelled."""
    if raw:
        return
    clocks_recompute(actor=get_active_log_context().user, agency=instance.agency, now=step_now(), cause=str(instance))


def connect() -> None:
    """Listen to the register of holidays; safe to call again."""
    post_save.connect(on_holiday_changed, sender=Holiday, dispatch_uid="clocks_follow_holiday")
    post_delete.connect(on_holiday_changed, sender=Holiday, dispatch_uid="clocks_follow_holiday_gone")
