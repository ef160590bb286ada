"""What the clocks do when the office calendar changes (R25: cabinet special days come, and are taken back)."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from wagtail.log_actions import get_active_log_context

from ..clock import step_now
from ..festival_calendar.models import Holiday
from ..people.models import Agency
from .services import clocks_recompute


@transaction.atomic
def on_holiday_changed(sender, *, instance: Holiday, raw: bool = False, **kwargs: Any) -> None:
    """In the transaction of the change: deadlines that run move with the day, and back when it is cancelled."""
    if raw:
        return
    clocks_recompute(actor=get_active_log_context().user, agency=instance.agency, now=step_now(), cause=str(instance))


@transaction.atomic
def on_agency_changed(
    sender, *, instance: Agency, created: bool, raw: bool = False, update_fields=None, **kwargs: Any
) -> None:
    """An office that moves to another province has its holidays from then on; nothing is written when none differs."""
    if raw or created or (update_fields is not None and "province" not in update_fields):
        return
    cause = instance.get_province_display() or instance.code
    clocks_recompute(actor=get_active_log_context().user, agency=instance, now=step_now(), cause=cause)


def connect() -> None:
    """Listen to the register of holidays and of agencies; safe to call again."""
    post_save.connect(on_holiday_changed, sender=Holiday, dispatch_uid="clocks_follow_holiday")
    post_delete.connect(on_holiday_changed, sender=Holiday, dispatch_uid="clocks_follow_holiday_gone")
    post_save.connect(on_agency_changed, sender=Agency, dispatch_uid="clocks_follow_province")
