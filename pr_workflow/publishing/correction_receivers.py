"""What a running correction says when its item looks for a chain, is submitted, or is edited (R47)."""

from typing import Any

from django.utils.translation import gettext as _
from wagtail.admin import messages

from ..approval.models import Lane
from ..approval.setup import correction_workflow
from ..news.chain_choice import ChainChoice
from ..news.models import NewsPageMixin
from .corrections import OpenCorrection, correction_running, short_way_guard

#: Goes before every rule of the agency.
FIRST = -1


def on_chain_asked(sender, *, page, **kwargs) -> ChainChoice | None:
    """A small change in a running correction round needs owner and checker only."""
    running = correction_running(page)
    if running is None or not running.kind.is_small:
        return None
    return ChainChoice(workflow=correction_workflow(running.round.agency), lane=Lane.CORRECTION, rank=FIRST)


def on_news_submitted(sender, *, revision, **kwargs) -> None:
    """In the transaction: whatever chose the way, a material change does not set out on the short one."""
    short_way_guard(revision)


def way_in_words(running: OpenCorrection) -> str:
    """Which way the newest version will take, said before it is submitted."""
    if running.kind.is_small:
        return _("Correction round %(number)s: a small change. You submit it, one head checks it.") % {
            "number": running.round.number
        }
    return _("Correction round %(number)s: it goes through the whole chain, because %(reasons)s.") % {
        "number": running.round.number,
        "reasons": running.kind.sentence,
    }


def tell_the_way(request, page: Any) -> None:
    """Hook `before_edit_page`: the writer reads which way the version they see will take."""
    if request.method != "GET" or not issubclass(type(page), NewsPageMixin):
        return
    if page.current_workflow_state is None:
        running = correction_running(page)
        if running is not None:
            messages.info(request, way_in_words(running))
