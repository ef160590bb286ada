"""In the editor of the plan: what it leaves out, before it is submitted (R21)."""

from wagtail.admin.panels import Panel

from .gaps import plan_gaps


class GapsPanel(Panel):
    """The gaps of the version on the screen; there only when it has any. Blocks nothing."""

    def clean_name(self):
        return "plan_gaps"

    class BoundPanel(Panel.BoundPanel):
        template_name = "pr_workflow/plan/gaps_in_editor.html"

        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            known = self.instance is not None and self.instance.pk is not None
            self.gaps = plan_gaps(self.instance) if known else []

        def is_shown(self):
            return bool(self.gaps)

        def get_context_data(self, parent_context=None):
            return {**super().get_context_data(parent_context), "gaps": self.gaps, "plan": self.instance}
