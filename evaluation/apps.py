from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvaluationConfig(AppConfig):
    """Reads the records of the flow and reports on them once a week."""

    name = "evaluation"
    label = "pr_evaluation"
    verbose_name = _("PR evaluation")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from pr_workflow.audit.wording import acts_name
        from pr_workflow.signals import roles_ensured

        from .receivers import on_roles_ensured

        acts_name({"weekly_report_build": _("Built the weekly report")})
        roles_ensured.connect(on_roles_ensured, dispatch_uid="evaluation_roles")
