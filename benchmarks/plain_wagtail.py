"""Make this process a plain Wagtail site: none of our receivers, no gate. Only for measuring beside it.

The page class, its fields and its rows stay the same; what is left is what Wagtail itself does with them.
"""

from django.db.models import signals as models
from django.db.models.signals import post_save
from modelsearch.signal_handlers import post_save_signal_handler
from wagtail import signals as wagtail

from home.models import NewsPage
from pr_workflow.news import models as news

OURS = ("pr_workflow.", "search.", "evaluation.", "home.", "cms.")


def become_plain() -> None:
    """Disconnect everything of ours from the signals of Django and Wagtail, and open the gate."""
    for module in (models, wagtail):
        for signal in vars(module).values():
            if hasattr(signal, "receivers"):
                _disconnect(signal)
    news.require_permit = lambda page_pk: None
    if not getattr(NewsPage, "search_auto_update", True):
        post_save.connect(post_save_signal_handler, sender=NewsPage)


def _disconnect(signal) -> None:
    kept = []
    for entry in signal.receivers:
        reference = entry[1]
        receiver = reference() if hasattr(reference, "__self__") is False and callable(reference) else reference
        if not str(getattr(receiver, "__module__", "")).startswith(OURS):
            kept.append(entry)
    signal.receivers = kept
    signal.sender_receivers_cache.clear()
