"""Which problems stand and which are over: one row for each outage, whoever looks (I6)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from .models import Alarm

#: A problem that comes back within this time was never over: machinery that stumbles does not flood anybody.
CALM = timedelta(minutes=5)


@transaction.atomic
def alarms_note(*, problems: Iterable[str], now: datetime) -> list[Alarm]:
    """Write down what stands still at `now` (aware); returns the open alarm of each problem, in their order.

    Safe with several who look at once: of one problem there is one open alarm.
    """
    noted = []
    for problem in problems:
        alarm, _created = Alarm.objects.get_or_create(
            problem=problem, over_at=None, defaults={"since": now, "seen_at": now}
        )
        Alarm.objects.filter(pk=alarm.pk, seen_at__lt=now).update(seen_at=now)
        noted.append(alarm)
    return noted


def alarms_calmed(*, problems: Iterable[str], now: datetime) -> list[Alarm]:
    """Open alarms of what is no longer among the problems, and has not been for a while."""
    return list(Alarm.objects.filter(over_at=None, seen_at__lte=now - CALM).exclude(problem__in=list(problems)))


def alarm_close(*, alarm: Alarm, now: datetime) -> bool:
    """It is over; True for the one who closed it, when two try."""
    return bool(Alarm.objects.filter(pk=alarm.pk, over_at=None, seen_at=alarm.seen_at).update(over_at=now))
