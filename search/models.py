"""What is searched: the text of public pages, and nothing else. A projection; `rebuild_search` makes it again."""

import swapper
from django.db import models
from django.utils.translation import gettext_lazy as _

from .querysets import SearchEntryQuerySet


class SearchEntry(models.Model):
    """The searchable text of one live, public page (R61, promise I5).

    Exists only while the page is live and not private. `title` and `body` are what a visitor sees; `title_text` and
    `body_text` are the same, normalised, as queries are compared with them. `published_at` (UTC) is the first go-live.
    """

    page = models.OneToOneField(
        swapper.get_model_name("wagtailcore", "Page"),
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("page"),
    )
    title = models.TextField(_("title"))
    body = models.TextField(_("text"), blank=True)
    title_text = models.TextField(_("normalised title"))
    body_text = models.TextField(_("normalised text"), blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")

    def __str__(self) -> str:
        return self.title


class SearchGram(models.Model):
    """One three-character piece of an entry (see `grams`): the inverted index, portable to every database."""

    pk = models.CompositePrimaryKey("gram", "entry_id")
    gram = models.IntegerField()
    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, related_name="grams")
    impact = models.SmallIntegerField()
    in_title = models.BooleanField()

    def __str__(self) -> str:
        return f"{self.gram} in {self.entry_id}"
