"""ครบถ้วน: is what went out complete, and is it kept (R64)."""

from pr_workflow.archive.models import ArchiveRecord
from pr_workflow.news.readiness import news_problems
from pr_workflow.publishing.models import Posting, PublicationCheck

from .measure import Measure, Week


def complete(week: Week) -> Measure:
    """Items that went live this week without a missing part, of all that went live.

    Looks at the sealed content as it is now, so a picture deleted since then shows. Details: verified items and how
    many of them are in the archive.
    """
    postings = Posting.objects.filter(agency=week.agency, **week.within("went_live_at")).select_related("revision")
    whole = sum(1 for posting in postings if not news_problems(posting.revision.as_object()))
    verified = PublicationCheck.objects.filter(
        agency=week.agency, result=PublicationCheck.Result.CORRECT, **week.within("answered_at")
    ).values_list("revision_id", flat=True)
    return Measure(
        "complete",
        good=whole,
        total=len(postings),
        details={
            "verified": len(verified),
            "archived": ArchiveRecord.objects.filter(revision_number__in=list(verified)).count(),
        },
    )
