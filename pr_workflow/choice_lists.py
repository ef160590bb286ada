"""A field for 'any of these': stored as a JSON list of keys, edited as check boxes."""

from django import forms
from django.db import models
from django.utils.text import capfirst


class ChoiceListFormField(forms.TypedMultipleChoiceField):
    """Check boxes for a list of keys; an empty choice is an empty list."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        kwargs.setdefault("coerce", str)
        kwargs.setdefault("empty_value", [])
        super().__init__(**kwargs)

    def has_changed(self, initial, data):
        return sorted(initial or []) != sorted(data or [])


class ChoiceListField(models.JSONField):
    """A list of keys out of `choices_enum`, kept in the order of the enum."""

    def __init__(self, *args, choices_enum=None, **kwargs):
        self.choices_enum = choices_enum
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def formfield(self, **kwargs):
        options = {
            "choices": self.choices_enum.choices,
            "required": not self.blank,
            "label": kwargs.get("label") or capfirst(self.verbose_name),
            "help_text": self.help_text,
        }
        return ChoiceListFormField(**options)
