"""The app. Its folder may be called `search` or `pr_search`: the label, tables and templates stay the same."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """Search that finds Thai words inside unspaced text, on SQLite and PostgreSQL alike (R61)."""

    name = __name__.rpartition(".")[0]
    label = "pr_search"
    verbose_name = _("Thai search")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks, receivers  # noqa: F401

        receivers.connect()
