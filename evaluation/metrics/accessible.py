"""ง่ายต่อการเข้าถึง: can everybody read what went out (R64)."""

from pr_workflow.news.readiness import photos_of
from pr_workflow.publishing.models import Posting

from .measure import Measure, Week


def accessible(week: Week) -> Measure:
    """Photos with an alternative text, of all photos in the items that went live this week."""
    postings = Posting.objects.filter(agency=week.agency, **week.within("went_live_at")).select_related("revision")
    photos = [photo for posting in postings for _field, _number, photo in photos_of(posting.revision.as_object())]
    described = sum(1 for photo in photos if (photo.get("alt_text") or "").strip())
    return Measure("accessible", good=described, total=len(photos), details={"items": len(postings)})
