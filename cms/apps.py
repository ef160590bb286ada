"""The assembly as an installed app, so that ``manage.py serve`` is found."""

from django.apps import AppConfig


class CmsConfig(AppConfig):
    """Holds management commands only; it has no models and no migrations."""

    name = "cms"
    verbose_name = "Prakat"
