"""Make the search index again from the pages that are live now."""

from typing import Any

import swapper
from django.core.management.base import BaseCommand, CommandError

from ...models import SearchEntry
from ...services import entry_index, entry_remove

Page = swapper.load_model("wagtailcore", "Page")


class Command(BaseCommand):
    """Needed after the app is added to a site with pages, after an import past Wagtail, and after a restored backup.

    Can be repeated and interrupted at any time: each page is written in a transaction of its own, so searching goes on
    meanwhile. A page that fails is named, left out, and the command ends with an error after all the others are done.
    """

    help = "Write every live, public page to the search index and remove every other entry. Can be repeated safely."

    def handle(self, *args: Any, **options: Any) -> None:
        stale = SearchEntry.objects.exclude(page__live=True)
        removed = stale.delete()[1].get(SearchEntry._meta.label, 0)
        live = list(Page.objects.live().order_by("path").values_list("pk", flat=True))
        indexed, failed = 0, []
        for page_pk in live:
            try:
                indexed += entry_index(page_pk=page_pk, rewrite=True)
            except Exception as error:
                # One page with broken content must not keep the others out of the index.
                entry_remove(page_pks=[page_pk])
                failed.append(f"page {page_pk}: {type(error).__name__}: {error}")
        left_out = len(live) - indexed - len(failed)
        self.stdout.write(f"{indexed} pages indexed, {left_out} left out as private or unwanted, {removed} removed.")
        if failed:
            raise CommandError(f"{len(failed)} pages could not be indexed and are left out.\n" + "\n".join(failed))
