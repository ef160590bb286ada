"""The gate for news that is saved as a plain page (I3)."""

import swapper

from ..gate import require_permit
from .disclosure import Disclosure, withheld_refused
from .models import NewsPageMixin

Page = swapper.load_model("wagtailcore", "Page")


def on_plain_page_saving(sender, instance, raw=False, **kwargs):
    """Code that loads news as a plain page and saves it does not meet the mixin's `save()`; it meets this.

    Moving a live page is such a save and stays possible; making it live or renaming it is not. Rows that are restored
    from a dump (`raw`) come as they are: whoever restores a database has all of it in hand.
    """
    if raw:
        return
    news_class = instance.specific_class
    if not instance.live or news_class is None or not issubclass(news_class, NewsPageMixin):
        return
    if news_class.objects.filter(pk=instance.pk, disclosure=Disclosure.WITHHELD).exists():
        withheld_refused()
    unchanged = Page.objects.filter(pk=instance.pk, live=True, title=instance.title, slug=instance.slug)
    if not unchanged.exists():
        require_permit(instance.pk)
