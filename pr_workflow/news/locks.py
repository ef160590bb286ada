"""Why an item cannot be changed now, with years in B.E.; Wagtail's own sentences carry the year of its clock."""

from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name
from wagtail.locks import BaseLock, BasicLock, ScheduledForPublishLock

from ..thai_time import thai_datetime


class PostedLock(ScheduledForPublishLock):
    """A set go-live time: nothing is changed until the item is on the site or the time is taken back (R43)."""

    def get_message(self, user):
        revision = self.object.scheduled_revision
        return format_html(
            _("“{title}” goes live on {time}. It cannot be changed until then, unless the time is taken back."),
            title=revision.object_str,
            time=thai_datetime(revision.approved_go_live_at),
        )


class PersonsLock(BasicLock):
    """Somebody has locked the item by hand."""

    def get_message(self, user):
        page = self.object
        if page.locked_at is None or page.locked_by is None:
            return super().get_message(user)
        mine = page.locked_by_id == user.pk
        sentence = _("You locked “{title}” on {time}.") if mine else _("{name} locked “{title}” on {time}.")
        return format_html(
            sentence,
            title=page.get_admin_display_title(),
            name=get_user_display_name(page.locked_by),
            time=thai_datetime(page.locked_at),
        )


def lock_in_be(lock: BaseLock | None) -> BaseLock | None:
    """The same lock with a sentence of the house; locks of a chain stay as they are, they name no moment."""
    own = {ScheduledForPublishLock: PostedLock, BasicLock: PersonsLock}.get(type(lock))
    return own(lock.object) if lock is not None and own is not None else lock
