"""Telling people: written with the event, mailed later (R38, R72). Knows no step of the flow; the steps call it."""

import hashlib
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from kombu.exceptions import OperationalError

from .models import Notice, NoticePreference

logger = logging.getLogger(__name__)

SENDING_JOB = "pr_workflow.tasks.notices_send"
LONGEST_KEY = Notice._meta.get_field("key").max_length or 150
LONGEST_SUBJECT = Notice._meta.get_field("subject").max_length or 255


#: Whether a written notice orders the sending job.
_orders_job: ContextVar[bool] = ContextVar("orders_job", default=True)


@contextmanager
def no_job_ordered() -> Iterator[None]:
    """Notices written in here order no sending job: for who mails them itself, and must not wait for a dead queue."""
    before = _orders_job.set(False)
    try:
        yield
    finally:
        _orders_job.reset(before)


def in_house_language():
    """The language notices are written in, whoever's button caused them: `LANGUAGE_CODE`, Thai by default."""
    return translation.override(settings.LANGUAGE_CODE)


def one_line(text: object) -> str:
    """Text fit for a mail's header: no line breaks and no control characters, whatever a headline contains."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in str(text)).split())


def _key(text: str) -> str:
    if len(text) <= LONGEST_KEY:
        return text
    return f"{text[: LONGEST_KEY - 33]}:{hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()}"


@transaction.atomic
def notice_write(
    *,
    recipients: Iterable[Any],
    key: str,
    subject: str,
    text: str = "",
    path: str = "",
    agency,
    urgent: bool = False,
    now: datetime,
) -> int:
    """Tell these accounts about one event, each of them once; returns how many were to be told.

    Stands or falls with the caller's transaction. `key` names the event (`returned:17:4`): who was told of it already
    is not told again. `path` is an address on this site. Closed accounts are left out. Mail goes out after the commit,
    by a job, so that a dead mail server changes nothing here. Raises ValueError for a path that leaves the site.
    """
    if path and (not path.startswith("/") or path.startswith("//") or "\\" in path):
        raise ValueError(f"not an address on this site: {path}")
    people = {person.pk: person for person in recipients if person is not None and person.is_active}
    rows = [
        Notice(
            agency=agency,
            recipient=person,
            key=_key(key),
            subject=one_line(subject)[:LONGEST_SUBJECT],
            text=str(text).strip(),
            path=path[:500],
            is_urgent=urgent,
            created_at=now,
        )
        for person in people.values()
    ]
    if rows:
        Notice.objects.bulk_create(rows, ignore_conflicts=True)
        _hint_once()
    return len(rows)


def _hint_once() -> None:
    """Order the sending job after the commit, once a transaction however many notices it wrote."""
    if _orders_job.get() and not any(entry[1] is _hint for entry in connection.run_on_commit):
        transaction.on_commit(_hint)


def _hint() -> None:
    if current_app.conf.task_always_eager:
        return  # no worker: whoever loads or tests runs the jobs when it wants them
    try:
        current_app.send_task(SENDING_JOB, expires=50)
    except (OperationalError, OSError) as error:
        logger.warning("no job ordered for new notices, the tick will send them: %s", error)


def notice_read(*, notice: Notice, now: datetime) -> None:
    """The recipient has seen it; the first time counts."""
    Notice.objects.unread().filter(pk=notice.pk).update(read_at=now)


def notices_settle(*, keys: Iterable[str], path: str, now: datetime) -> int:
    """What a notice asked for is done: nobody is sent there any more, by mail or by the number in the menu.

    Only notices that lead to `path` are settled; who was merely informed keeps theirs. Returns how many.
    """
    return Notice.objects.unread().filter(key__in=list(keys), path=path).update(read_at=now)


def notices_read_all(*, user, now: datetime) -> int:
    """Everything this person has not seen counts as seen; returns how many."""
    return Notice.objects.unread().filter(recipient=user, created_at__lte=now).update(read_at=now)


@transaction.atomic
def preference_save(*, preference: NoticePreference, now: datetime) -> NoticePreference:
    """Keep how a person wants to be told. What still waits for its mail is planned anew."""
    preference.save()
    Notice.objects.to_plan_anew(preference.user, now).update(mail_after=None)
    return preference
