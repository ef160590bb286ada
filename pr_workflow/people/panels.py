"""Panels about people in the editors of later steps."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _
from wagtail.admin.panels import Panel

from .models import StaffProfile


def lacking_it_skill(officers: Iterable[StaffProfile | None]) -> list[StaffProfile]:
    """The responsible officers without IT skills, each once; S1 §4.1.4 asks for them (R04)."""
    return [person for person in dict.fromkeys(officers) if person is not None and not person.it_skill]


def it_skill_warning(officers: Iterable[StaffProfile | None]) -> str:
    """Who of the responsible officers has no IT skills on record, as a sentence; empty when all have."""
    names = [person.display_name for person in lacking_it_skill(officers)]
    if not names:
        return ""
    text = _(
        "No IT skills are on record for %(names)s. The manual asks that responsible officers have them. You can go on; "
        "choose another officer, or have the staff directory brought up to date."
    )
    return text % {"names": ", ".join(names)}


class ItSkillPanel(Panel):
    """Says which responsible officers lack IT skills; there only when somebody does. Blocks nothing (R04).

    `officers` tells the responsible officers of what is being edited.
    """

    def __init__(self, officers: Callable[[Any], Iterable[StaffProfile | None]], **kwargs):
        super().__init__(**kwargs)
        self.officers = officers

    def clone_kwargs(self):
        return {**super().clone_kwargs(), "officers": self.officers}

    def clean_name(self):
        return "it_skill"

    class BoundPanel(Panel.BoundPanel):
        template_name = "pr_workflow/people/it_skill.html"

        def is_shown(self):
            return bool(self.warning)

        @property
        def warning(self) -> str:
            if self.instance is None or self.instance.pk is None:
                return ""
            return it_skill_warning(self.panel.officers(self.instance))

        def get_context_data(self, parent_context=None):
            return {**super().get_context_data(parent_context), "warning": self.warning}
