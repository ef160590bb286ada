from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrWorkflowConfig(AppConfig):
    """The plugin: one Django app and one migration history for all steps of the flow."""

    name = "pr_workflow"
    verbose_name = _("PR workflow")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from . import checks, connections  # noqa: F401

        connections.connect()
