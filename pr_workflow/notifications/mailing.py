"""Sending notices by mail: claimed row by row, tried again with back-off, given up visibly (R72, I1).

Two workers never mail one notice twice: whoever moves its `mail_after` first has it. A worker that dies while it sends
leaves the notice to be tried again after the lease.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from smtplib import SMTPConnectError, SMTPException, SMTPServerDisconnected
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Site

from ..conf import notice_mail_attempts
from .models import Notice, NoticePreference
from .quiet_time import at_once_moment, digest_moment
from .services import in_house_language, one_line

logger = logging.getLogger(__name__)

#: So many notices a round at most; the next round comes within a minute.
BATCH = 500
#: A claimed notice is left alone for so long; a mail server is given up long before.
LEASE = timedelta(minutes=10)
#: Seconds to wait for a mail server, where the site has set none.
SERVER_TIMEOUT = 10
FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=1), timedelta(hours=1)

#: Whether the office of an agency works on a date.
OfficeWorks = Callable[[Any, date], bool]


@dataclass
class Envelope:
    """One mail to one person, with the notices it carries."""

    recipient: Any
    notices: list[Notice]
    is_digest: bool = False


def notices_mail(*, now: datetime, office_works: OfficeWorks, urgent_only: bool = False) -> dict[str, int]:
    """Mail everything whose time has come; the others get their time. Returns counts. Never raises for a bad server."""
    done: Counter[str] = Counter()
    rows = Notice.objects.to_mail(now).select_related("recipient__pr_notice_preference", "agency__site")
    if urgent_only:
        rows = rows.filter(is_urgent=True)
    envelopes = _sorted_out(rows.order_by("-is_urgent", "pk")[:BATCH], now, office_works, done)
    if envelopes:
        _send_all(envelopes, now, done)
    return dict(done)


def _sorted_out(rows: Iterable[Notice], now, office_works: OfficeWorks, done: Counter[str]) -> list[Envelope]:
    """The mails of this round; what is not for now is postponed or dropped on the way."""
    single: list[Envelope] = []
    digests: dict[int, Envelope] = {}
    for notice in rows:
        preference = preference_of(notice.recipient)
        if (reason := _drop_reason(notice, preference)) is not None:
            done["dropped"] += _mine(notice, now).update(mail_dropped_at=now, mail_error=reason)
            continue
        wanted = _moment(notice, preference, now, office_works)
        if wanted > now:
            done["postponed"] += _mine(notice, now).update(mail_after=wanted)
        elif preference.mail == NoticePreference.Mail.DIGEST and not notice.is_urgent:
            digest = digests.setdefault(notice.recipient_id, Envelope(notice.recipient, [], is_digest=True))
            digest.notices.append(notice)
        else:
            single.append(Envelope(notice.recipient, [notice]))
    return [*single, *digests.values()]


def preference_of(user) -> NoticePreference:
    """How a person wants to be told; the defaults when they never said."""
    return getattr(user, "pr_notice_preference", None) or NoticePreference(user=user)


def _drop_reason(notice: Notice, preference: NoticePreference) -> str | None:
    """Why no mail is sent at all, empty when nobody needs to know; None when one is."""
    if preference.mail == NoticePreference.Mail.NONE or notice.read_at or not notice.recipient.is_active:
        return ""
    if not Notice.objects.still_theirs().filter(pk=notice.pk).exists():
        return ""
    return None if notice.recipient.email else _("The account has no e-mail address.")


def _moment(notice: Notice, preference: NoticePreference, now: datetime, office_works: OfficeWorks) -> datetime:
    if notice.is_urgent:
        return now

    def works(day: date) -> bool:
        return office_works(notice.agency, day)

    if preference.mail == NoticePreference.Mail.DIGEST:
        hour = digest_moment(preference, notice.created_at, works)
        if hour > now:
            return hour
    return at_once_moment(preference, now, works)


def _mine(notice: Notice, now: datetime):
    """The notice, unless another worker has taken it meanwhile."""
    return Notice.objects.to_mail(now).filter(pk=notice.pk)


@transaction.atomic
def notices_claim(notices: list[Notice], now: datetime) -> list[Notice]:
    """Take the notices for this worker: of two that try, one gets them."""
    free = Notice.objects.to_mail(now).filter(pk__in=[notice.pk for notice in notices])
    taken = set(free.select_for_update().values_list("pk", flat=True))
    Notice.objects.filter(pk__in=taken).update(mail_after=now + LEASE, mail_attempts=F("mail_attempts") + 1)
    claimed = [notice for notice in notices if notice.pk in taken]
    for notice in claimed:
        notice.mail_attempts += 1
    return claimed


def _send_all(envelopes: list[Envelope], now: datetime, done: Counter[str]) -> None:
    """One connection for all mails. When the server is gone, the rest is tried in a later round, not one by one."""
    server: Any = get_connection()
    if getattr(server, "timeout", 0) is None:
        server.timeout = SERVER_TIMEOUT
    gone: Exception | None = None
    try:
        server.open()
    except Exception as error:  # whatever a mail server says, it is written on the notices
        gone = error
    for envelope in envelopes:
        claimed = notices_claim(envelope.notices, now)
        if not claimed:
            continue
        problem = gone or _send(envelope, claimed, server)
        if problem is None:
            done["mailed"] += Notice.objects.filter(pk__in=[row.pk for row in claimed]).update(
                mailed_at=now, mail_after=None, mail_error=""
            )
            continue
        done["failed"] += len(claimed)
        _failed(claimed, problem, now)
        gone = gone or (problem if _server_is_gone(problem) else None)
    try:
        server.close()
    except Exception as error:  # the mails are out; a rude goodbye changes nothing
        logger.info("the mail server did not say goodbye: %s", error)


def _server_is_gone(problem: Exception) -> bool:
    """Whether the next mail would fail alike. A refusal by an SMTP server is an OSError too, and is not meant."""
    if isinstance(problem, SMTPException):
        return isinstance(problem, SMTPServerDisconnected | SMTPConnectError)
    return isinstance(problem, OSError)


def _send(envelope: Envelope, notices: list[Notice], server) -> Exception | None:
    try:
        message(envelope.recipient, notices, is_digest=envelope.is_digest, connection=server).send()
    except Exception as error:  # one bad address or mail must not keep the others
        logger.warning("notice %s was not mailed: %s", notices[0].pk, error)
        return error
    return None


def _failed(notices: list[Notice], error: Exception, now: datetime) -> None:
    """Write down why, and when it is tried again; after the last attempt it is given up, visibly."""
    text = one_line(f"{type(error).__name__}: {error}")[:500]
    for notice in notices:
        wait = min(FIRST_RETRY * 2 ** min(notice.mail_attempts - 1, 10), LONGEST_RETRY)
        given_up = now if notice.mail_attempts >= notice_mail_attempts() else None
        Notice.objects.filter(pk=notice.pk).update(mail_error=text, mail_after=now + wait, mail_dropped_at=given_up)


def admin_base_url(agency) -> str:
    """Where the people of an agency reach the admin, without a slash at the end.

    Scheme and port of `WAGTAILADMIN_BASE_URL`. The host is that of the agency's own site, unless the admin has an
    address of its own that is no agency's site.
    """
    base = urlsplit(getattr(settings, "WAGTAILADMIN_BASE_URL", "") or agency.site.root_url)
    own = agency.site.hostname
    shared = base.hostname not in ("localhost", own) and not Site.objects.filter(hostname=base.hostname).exists()
    host = base.hostname if shared else own
    return f"{base.scheme}://{host}{f':{base.port}' if base.port else ''}"


def message(recipient, notices: list[Notice], *, is_digest: bool, connection) -> EmailMultiAlternatives:
    """The mail as it is sent: text and HTML, in the language of the house, with addresses to click."""
    bases = {notice.agency_id: admin_base_url(notice.agency) for notice in {n.agency_id: n for n in notices}.values()}
    entries = [
        {"notice": notice, "url": f"{bases[notice.agency_id]}{notice.path}" if notice.path else ""}
        for notice in notices
    ]
    with in_house_language():
        subject = _subject(notices, is_digest)
        context = {
            "entries": entries,
            "is_digest": is_digest,
            "name": recipient.get_full_name() or recipient.get_username(),
            "agency": notices[0].agency,
            "base": bases[notices[0].agency_id],
            "subject": subject,
        }
        text = render_to_string("pr_workflow/notifications/mail.txt", context)
        html = render_to_string("pr_workflow/notifications/mail.html", context)
    # The same notice has the same number at every attempt, so a mail server can tell a repetition.
    headers = {
        "Auto-Submitted": "auto-generated",
        "Message-ID": f"<{notices[0].uuid}.{len(notices)}@{urlsplit(context['base']).hostname}>",
    }
    mail = EmailMultiAlternatives(subject, text, None, [recipient.email], connection=connection, headers=headers)
    mail.attach_alternative(html, "text/html")
    return mail


def _subject(notices: list[Notice], is_digest: bool) -> str:
    if is_digest:
        count = len(notices)
        return ngettext("%(count)s notice from the PR work", "%(count)s notices from the PR work", count) % {
            "count": count
        }
    subject = one_line(notices[0].subject)
    return _("Urgent: %(subject)s") % {"subject": subject} if notices[0].is_urgent else subject
