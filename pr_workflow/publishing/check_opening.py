"""What begins and ends with a go-live: the check is opened, rounds of correction and take-downs are over (R44, R47)."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from wagtail.models import Revision

from ..audit.services import Act
from ..clocks.models import ClockStep
from ..clocks.services import clock_fields
from ..people.models import Agency
from .models import CorrectionRound, PublicationCheck, TakeDown


@transaction.atomic(savepoint=False)
def checks_open(*, gone_live: Sequence[tuple[Any, Revision]], agency: Agency, now: datetime) -> list[PublicationCheck]:
    """Open the checks of pages of one agency with the versions that have just gone live, in their order.

    Running correction rounds and take-downs of these pages end. Whoever calls logs `check_act` of each check.
    """
    again = [page.pk for page, _revision in gone_live if not getattr(page, "goes_live_first", False)]
    rounds: Counter[int] = Counter()
    if again:
        TakeDown.objects.filter(page_number__in=again, ended_at=None).update(ended_at=now)
        found = CorrectionRound.objects.filter(page_id__in=again)
        found.filter(closed_at=None).update(closed_at=now)
        PublicationCheck.objects.open().filter(page_id__in=again).update(closed_at=now)
        rounds.update(found.values_list("page_id", flat=True))
    clock = clock_fields(agency, ClockStep.VERIFICATION, now)
    checks = [
        PublicationCheck(
            agency=agency, page_id=page.pk, revision=revision, round=rounds[page.pk], opened_at=now, **clock
        )
        for page, revision in gone_live
    ]
    return PublicationCheck.objects.bulk_create(checks)


def check_act(check: PublicationCheck, page: Any) -> Act:
    """What the log says of a check that was opened."""
    data = {"revision": check.revision_id, "round": check.round, "due_at": check.due_at}
    return Act(actor=None, verb="check_open", target=page, data=data)
