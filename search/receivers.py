"""When a page may have become public, changed or private: look again, after the transaction has committed."""

from functools import partial
from typing import Any

import swapper
from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from wagtail import hooks
from wagtail.models import PageViewRestriction, Site
from wagtail.signals import page_published, page_unpublished, post_page_move

from .services import entries_assign, page_refresh, subtree_refresh

Page = swapper.load_model("wagtailcore", "Page")


def connect() -> None:
    """Connect every receiver once; called when the app is ready."""
    page_published.connect(on_page_changed, dispatch_uid="pr_search.page_published")
    hooks.register("page_index_due", on_page_index_due)
    page_unpublished.connect(on_page_changed, dispatch_uid="pr_search.page_unpublished")
    post_save.connect(on_page_saved, dispatch_uid="pr_search.page_saved")
    post_page_move.connect(on_page_moved, dispatch_uid="pr_search.page_moved")
    post_save.connect(on_privacy_changed, sender=PageViewRestriction, dispatch_uid="pr_search.privacy_saved")
    post_delete.connect(on_privacy_changed, sender=PageViewRestriction, dispatch_uid="pr_search.privacy_deleted")
    post_save.connect(on_site_changed, sender=Site, dispatch_uid="pr_search.site_saved")
    post_delete.connect(on_site_changed, sender=Site, dispatch_uid="pr_search.site_deleted")


def on_page_changed(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """Published, scheduled or unpublished: only the primary key is used, the text is read from the live row.

    A publisher of many pages sets `index_follows` on each and calls the hook `page_index_due` later.
    """
    if getattr(instance, "index_follows", False):
        return  # whoever publishes calls the hook `page_index_due` when it is done
    # robust: publishing never fails because search did.
    transaction.on_commit(partial(page_refresh, page_pk=instance.pk), robust=True)


def on_page_index_due(page_pk: int) -> None:
    """A page that went live a moment ago may be looked at now."""
    page_refresh(page_pk=page_pk)


def on_page_saved(sender: type[Model], instance: Any, update_fields: Any = None, raw: bool = False, **kw: Any) -> None:
    """A page saved as a whole, without a revision: created live by a script, an import or as an alias."""
    if isinstance(instance, Page) and update_fields is None and not raw:
        on_page_changed(sender, instance)


def on_page_moved(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """A page and everything below it may have come under, or out of, a private section."""
    transaction.on_commit(partial(subtree_refresh, page_pk=instance.pk), robust=True)


def on_privacy_changed(sender: type[Model], instance: PageViewRestriction, **kwargs: Any) -> None:
    """A section became private or public."""
    transaction.on_commit(partial(subtree_refresh, page_pk=instance.page_id), robust=True)


def on_site_changed(sender: type[Model], instance: Site, **kwargs: Any) -> None:
    """A site was created, deleted or given another root page."""
    transaction.on_commit(entries_assign, robust=True)
