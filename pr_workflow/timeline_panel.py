"""Where the item stands, first in its editor (R38)."""

from wagtail.admin.panels import Panel


class StandingPanel(Panel):
    """One line with the way to the whole course; shown once the item is saved. A site puts it before its fields."""

    def clean_name(self):
        return "standing"

    class BoundPanel(Panel.BoundPanel):
        template_name = "pr_workflow/timeline/in_editor.html"

        def is_shown(self):
            return self.instance is not None and self.instance.pk is not None

        def get_context_data(self, parent_context=None):
            return {**super().get_context_data(parent_context), "page": self.instance, "request": self.request}
