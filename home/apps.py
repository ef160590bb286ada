from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    """The site that uses the plugin; another site would have an app of its own in this place."""

    name = "home"
    verbose_name = _("Website")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from pr_workflow.audit.wording import acts_name

        acts_name({"demo_load": _("Loaded the demo data")})
