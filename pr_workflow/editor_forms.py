"""Editor forms that answer anything that is sent to them: choosers, and rows inside a form.

Wagtail reads the number of a chosen row, and of a row inside a form, as whatever was sent, and fails with an error 500
on what cannot be one. Here that is an error at the field, and a refused choice is not shown again: it may be another
agency's, whose name is nobody's business (I5).
"""

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.panels import InlinePanel
from wagtail.admin.panels.base import get_form_for_model
from wagtail.admin.widgets import BaseChooser


class SafeChoosers:
    """Mixed into a form of Wagtail's: its choosers show only what may be chosen."""

    fields: dict[str, Any]
    errors: dict[str, Any]
    is_bound: bool

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field.widget, BaseChooser):
                field.widget.get_value_data = partial(self._shown, name, field.widget.get_value_data)

    def _shown(self, name: str, read: Any, value: Any) -> Any:
        if self.is_bound and name in self.errors:
            return None
        return read(value)


class OwnRowsFormSet(BaseChildFormSet):
    """The rows of one record; a number that is none of theirs is refused as a whole, and nothing is written."""

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(data, *args, **kwargs)
        self.strangers: list[int] = []
        if data is not None:
            self.data = self._without_strangers(data)

    def _without_strangers(self, data: Any) -> Any:
        known = {str(row.pk) for row in self.get_queryset() if row.pk is not None}
        cleaned = data.copy()
        known_rows = min(self.initial_form_count(), self.total_form_count())
        for place in range(self.total_form_count()):
            key = f"{self.add_prefix(place)}-{self.model._meta.pk.name}"
            # A row that was there when the form was opened names itself; a new one has no number yet.
            if cleaned.get(key, "") not in ({"", *known} if place < known_rows else {""}):
                self.strangers.append(place)
            if place >= known_rows or cleaned.get(key, "") not in known:
                cleaned[key] = ""
        return cleaned

    def clean(self, *args, **kwargs):
        if self.strangers:
            number = self.strangers[0] + 1
            raise ValidationError(
                _("Row %(number)s of the form is not one of this record. Open the form again and repeat the change.")
                % {"number": number}
            )
        return super().clean(*args, **kwargs)


class RowsPanel(InlinePanel):
    """Rows inside an editor, each a form of one's own class; `row_kwargs` are read from the form around them."""

    row_model: type
    row_form: type
    row_formset: type[OwnRowsFormSet] = OwnRowsFormSet
    row_kwargs: tuple[str, ...] = ()

    def get_form_options(self):
        options = super().get_form_options()
        formset = options["formsets"][self.relation_name]
        base = formset.pop("form", None)
        deferred = base._meta.defer_required_on_fields if base else []
        formset["form"] = get_form_for_model(
            self.row_model, form_class=self.row_form, defer_required_on_fields=deferred
        )
        formset["formset"] = self.row_formset
        if self.row_kwargs:
            formset["inherit_kwargs"] = ["for_user", *self.row_kwargs]
        return options
