"""Settings of the plugin: one function per setting, read at call time so that tests can override them."""

from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def news_page_model() -> str | None:
    """`PR_WORKFLOW_NEWS_PAGE_MODEL`: "app.Model" of the site's news page class (default: the first found)."""
    return getattr(settings, "PR_WORKFLOW_NEWS_PAGE_MODEL", None)


def step_limit_working_days() -> int:
    """`PR_WORKFLOW_STEP_LIMIT_WORKING_DAYS`: time for one step, in working days (S1 table: 1)."""
    return int(getattr(settings, "PR_WORKFLOW_STEP_LIMIT_WORKING_DAYS", 1))


def longest_pause_working_days() -> int:
    """`PR_WORKFLOW_LONGEST_PAUSE_WORKING_DAYS`: how far ahead an answer may be expected while a clock stands still."""
    return int(getattr(settings, "PR_WORKFLOW_LONGEST_PAUSE_WORKING_DAYS", 10))


def go_live_grace_seconds() -> int:
    """`PR_WORKFLOW_GO_LIVE_GRACE_SECONDS`: how far in the past a go-live time may be typed and mean "now"."""
    return int(getattr(settings, "PR_WORKFLOW_GO_LIVE_GRACE_SECONDS", 60))


def eta_horizon_seconds() -> int:
    """`PR_WORKFLOW_ETA_HORIZON_SECONDS`: only go-lives nearer than this get an exact job; the tick finds the rest."""
    return int(getattr(settings, "PR_WORKFLOW_ETA_HORIZON_SECONDS", 900))


def retention_years() -> int:
    """`PR_WORKFLOW_RETENTION_YEARS`: how long archive records are kept (correspondence regulation: 10)."""
    return int(getattr(settings, "PR_WORKFLOW_RETENTION_YEARS", 10))


def notice_mail_attempts() -> int:
    """`PR_WORKFLOW_NOTICE_MAIL_ATTEMPTS`: how often a mail is tried before it is given up (30: about a day)."""
    return int(getattr(settings, "PR_WORKFLOW_NOTICE_MAIL_ATTEMPTS", 30))


def escalation_working_days() -> int:
    """`PR_WORKFLOW_ESCALATION_WORKING_DAYS`: how long a step is overdue before the next level is told (1)."""
    return int(getattr(settings, "PR_WORKFLOW_ESCALATION_WORKING_DAYS", 1))


def term_warning_days() -> int:
    """`PR_WORKFLOW_TERM_WARNING_DAYS`: how many days before its term ends a working group is warned about (R01: 30)."""
    return int(getattr(settings, "PR_WORKFLOW_TERM_WARNING_DAYS", 30))


def cabinet_days_warning_from() -> tuple[int, int]:
    """`PR_WORKFLOW_CABINET_DAYS_WARNING_FROM`: month and day (MM-DD) from which next year's holidays are missed.

    Raises ImproperlyConfigured for a text that is no day between 1 January and 30 September.
    """
    text = str(getattr(settings, "PR_WORKFLOW_CABINET_DAYS_WARNING_FROM", "07-01"))
    try:
        found = date.fromisoformat(f"2027-{text}")
    except ValueError:
        found = date.max
    if found.month > 9:
        raise ImproperlyConfigured(
            "PR_WORKFLOW_CABINET_DAYS_WARNING_FROM is a day from 01-01 to 09-30, month first, like 07-01."
        )
    return found.month, found.day


def review_after_days() -> int:
    """`PR_WORKFLOW_REVIEW_AFTER_DAYS`: days until a page without a date of its own is looked at again (R51)."""
    return int(getattr(settings, "PR_WORKFLOW_REVIEW_AFTER_DAYS", 365))


def archive_root() -> Path:
    """`PR_WORKFLOW_ARCHIVE_ROOT`: private folder of archived files (default: `archive` beside the media folder)."""
    return Path(getattr(settings, "PR_WORKFLOW_ARCHIVE_ROOT", None) or Path(settings.MEDIA_ROOT).parent / "archive")
