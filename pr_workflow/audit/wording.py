"""What the log's verbs mean, for people who read it (R71). The log itself keeps the verb: words may change."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_WORDS: dict[str, str | Promise] = {
    "news_create": _("Began a draft of news"),
    "news_submit": _("Submitted news for consideration"),
    "news_approve": _("Approved news at a step"),
    "news_return": _("Returned news for correction"),
    "news_withdraw": _("Withdrew news from consideration"),
    "step_start": _("Passed on to the next step"),
    "step_cancel": _("Ended a step undecided"),
    "posting_open": _("Handed to the IT officer"),
    "news_post": _("Posted news"),
    "posting_close": _("Gave up a posting"),
    "posting_recall": _("Took the go-live time back"),
    "news_go_live": _("News went live"),
    "news_go_live_failed": _("News could not go live"),
    "news_take_down": _("Took news off the site"),
    "check_open": _("Opened the check after posting"),
    "publication_verify": _("Answered the check after posting"),
    "correction_open": _("Opened a correction round"),
    "news_archive": _("Archived news"),
    "plan_submit": _("Submitted the annual plan for consideration"),
    "plan_approve": _("Approved the annual plan"),
    "plan_return": _("Returned the annual plan for correction"),
    "plan_withdraw": _("Withdrew the annual plan from consideration"),
    "plan_in_force": _("The annual plan came into force"),
    "delivery_planned": _("Planned a delivery"),
    "delivery_due": _("A delivery is due"),
    "delivery_postponed": _("Postponed a delivery"),
    "delivery_sending": _("Began to send a delivery"),
    "delivery_sent": _("Sent a delivery"),
    "delivery_failed": _("A delivery failed"),
    "delivery_unknown": _("The outcome of a delivery is unknown"),
    "delivery_late_receipt": _("A channel confirmed a delivery late"),
    "delivery_retried": _("Tried a delivery again"),
    "delivery_confirmed": _("Recorded a delivery as sent"),
    "delivery_cancelled": _("Cancelled a delivery"),
    "channel_create": _("Added a distribution channel"),
    "channel_change": _("Changed a distribution channel"),
    "important_day_save": _("Saved an important day"),
    "occurrence_save": _("Saved the date of an important day"),
    "holiday_save": _("Saved a holiday"),
    "staffprofile_save": _("Saved an entry of the staff directory"),
    "networkcontact_save": _("Saved a network contact"),
    "workinggroup_save": _("Saved a working group"),
    "agency_save": _("Saved an agency"),
    "page_unpublished_directly": _("Took news off the site around the flow, without a reason"),
    "page_moved": _("Moved news to another place"),
    "page_restricted": _("Restricted who may see a page"),
    "page_restriction_lifted": _("Lifted the restriction of a page"),
    "page_locked": _("Locked news"),
    "page_unlocked": _("Unlocked news"),
    "news_delete": _("Deleted unsigned news"),
    "plan_unpublished": _("Took the annual plan out of force"),
    "plan_delete": _("Deleted an unsigned annual plan"),
    "role_group_save": _("Changed the group of a role"),
    "role_group_delete": _("Deleted the group of a role"),
    "roles_ensure": _("Set up the roles"),
    "chain_ensure": _("Set up the steps of consideration"),
    "refused": _("Was refused"),
}


def acts_name(words: Mapping[str, str | Promise]) -> None:
    """An app that logs verbs of its own says what they mean, once, when it starts."""
    _WORDS.update(words)


def act_in_words(verb: str) -> str:
    """What the verb means in the reader's language; the verb itself when nobody has named it."""
    return str(_WORDS.get(verb, verb))
