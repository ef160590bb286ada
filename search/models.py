"""What is searched: the text of public pages, and nothing else. A projection; `rebuild_search` makes it again."""

import swapper
from django.db import models
from django.utils.translation import gettext_lazy as _

from .querysets import SearchEntryQuerySet


class SearchEntry(models.Model):
    """One live, public page in the index (R61, promise I5). Exists only while the page is live and not private.

    `site_root` is the root page of the site the page belongs to, the innermost where one site lies inside another.
    `published_at` (UTC) is the first go-live. The row is short on purpose: ranking reads thousands of them.
    """

    page = models.OneToOneField(
        swapper.get_model_name("wagtailcore", "Page"),
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("page"),
    )
    site_root = models.ForeignKey(
        swapper.get_model_name("wagtailcore", "Page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("root page of the site"),
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")

    def __str__(self) -> str:
        return f"page {self.pk}"


class SearchText(models.Model):
    """The words of an entry: `title` and `body` as a visitor reads them, the other two normalised for comparing."""

    entry = models.OneToOneField(SearchEntry, primary_key=True, on_delete=models.CASCADE, related_name="text")
    title = models.TextField(_("title"))
    body = models.TextField(_("text"), blank=True)
    title_text = models.TextField(_("normalised title"))
    body_text = models.TextField(_("normalised text"), blank=True)

    def __str__(self) -> str:
        return self.title


class SearchGram(models.Model):
    """One three-character piece of an entry (see `grams`): the inverted index, portable to every database.

    The primary key holds every column, so that ranking reads the index alone and never the table.
    """

    pk = models.CompositePrimaryKey("gram", "entry_id", "impact", "in_title")
    gram = models.IntegerField()
    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, related_name="grams")
    impact = models.SmallIntegerField()
    in_title = models.BooleanField()

    def __str__(self) -> str:
        return f"{self.gram} in {self.entry_id}"
