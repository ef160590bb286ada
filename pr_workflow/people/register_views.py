"""What registers of people are made of: rows of one's own agency, each save in the log, nothing deleted (I4, I5)."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Model
from django.forms import HiddenInput
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.views import generic
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.viewsets.model import ModelViewSet

from ..audit.services import audit_record
from ..editor_forms import SafeChoosers
from .models import StaffProfile, Unit
from .selectors import agency_of, rows_visible_to

#: Said where a file of another agency was chosen.
FOREIGN_FILE = gettext_lazy("This file is not in your agency's collection. Choose one of your own.")


class OwnAgencyForm(SafeChoosers, WagtailAdminModelForm):
    """Rows of one's own agency: the agency is fixed, and what can be chosen belongs to it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        agency = agency_of(self.for_user)
        if agency and "agency" in self.fields:
            self.initial["agency"] = agency.pk
            self.fields["agency"].disabled = True
            self.fields["agency"].widget = HiddenInput()
        for name in {"unit", "parent"} & set(self.fields):
            self.fields[name].queryset = rows_visible_to(self.for_user, Unit.objects.all())
        if "news_giver" in self.fields:
            people = StaffProfile.objects.in_office().filter(agency_id=self.instance.pk)
            self.fields["news_giver"].queryset = people
        if "user" in self.fields:
            self.fields["user"].queryset = self._accounts(agency)

        for name in {"order", "directory_order"} & set(self.fields):
            self.fields[name].required = False

    def clean_order(self) -> int:
        """The place of a unit; the first one when nothing was written."""
        return self.cleaned_data["order"] or 0

    def clean_directory_order(self) -> int:
        """The place of a person; the first one when nothing was written."""
        return self.cleaned_data["directory_order"] or 0

    def _accounts(self, agency):
        """Accounts without a place, and the own agency's: nobody can pull a person out of another agency."""
        accounts = get_user_model().objects.filter(is_active=True, is_superuser=False)
        free = accounts.filter(staff_profile=None)
        return free | accounts.filter(staff_profile__agency=agency) if agency else accounts


class FixedAgencyForm(OwnAgencyForm):
    """A row of one's own agency, for forms made of panels: only who serves several agencies is asked for it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        agency = agency_of(self.for_user)
        if agency is not None:
            self.fields.pop("agency", None)
            if self.instance.pk is None:
                self.instance.agency = agency


class _Scoped:
    """Rows of other agencies do not exist here."""

    agency_field = "agency"
    request: Any
    model: Any

    def rows(self):
        return rows_visible_to(self.request.user, self.model._default_manager.all(), field=self.agency_field)

    def get_object(self, *args, **kwargs):
        found = super().get_object(*args, **kwargs)  # type: ignore[misc]  # mixed into Wagtail's views
        if not self.rows().filter(pk=found.pk).exists():
            raise Http404
        return found

    def get_base_queryset(self):
        return self.rows()


class _Audited:
    """Saving names the changed fields in the log; not their values where they are personal data (I4, R55).

    A model says of which fields old and new values stand there as on the screen (`LOGS_VALUES`): True for rules of the
    office, which hold no personal data, or the names of the fields that are public facts of the office.
    """

    request: Any
    form: Any
    model: Any

    def save_instance(self):
        with transaction.atomic():
            before = self.model._default_manager.filter(pk=self.form.instance.pk).first()
            row = super().save_instance()  # type: ignore[misc]  # mixed into Wagtail's views
            verb = f"{row._meta.model_name}_save"
            names = sorted(self.form.changed_data)
            data: dict[str, Any] = {"changed": names}
            if logged := _logs_values_of(row, names):
                data["values"] = {name: {"old": _value(before, name), "new": _value(row, name)} for name in logged}
            audit_record(actor=self.request.user, verb=verb, target=row, now=timezone.now(), data=data)
        return row


def _logs_values_of(row: Model, names: list[str]) -> list[str]:
    """Of which of the changed fields the log keeps the values."""
    kept = getattr(row, "LOGS_VALUES", False)
    return names if kept is True else [name for name in names if name in (kept or ())]


def _value(row: Model | None, name: str) -> Any:
    """A value as the log keeps it; None for a row that was not there, another row by its name, an account by its number
    too: accounts are renamed."""
    value = getattr(row, name, None)
    if isinstance(value, AbstractBaseUser):
        return {"id": value.pk, "name": value.get_username()}
    return str(value) if isinstance(value, Model) else value


class ScopedIndexView(_Scoped, generic.IndexView):
    """The rows of the person's agency."""


class ScopedCreateView(_Audited, generic.CreateView):
    """A new row of the person's agency."""


class ScopedEditView(_Scoped, _Audited, generic.EditView):
    """A row of the person's agency."""


class ScopedHistoryView(_Scoped, HistoryView):
    """Who changed the row."""


class PeopleViewSet(ModelViewSet):
    """A register behind the agency wall. Rows are switched off, never deleted: records of the flow name them."""

    index_view_class = ScopedIndexView
    add_view_class = ScopedCreateView
    edit_view_class = ScopedEditView
    history_view_class = ScopedHistoryView
    add_to_reference_index = False
    copy_view_enabled = False
    search_backend_name = None
    list_per_page = 50

    def get_form_class(self, for_update=False):
        meta = type("Meta", (), {"model": self.model, "fields": self.form_fields})
        return type("Form", (OwnAgencyForm,), {"Meta": meta})

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(delete_url_name=None, usage_url_name=None, **kwargs)

    def get_urlpatterns(self):
        return [pattern for pattern in super().get_urlpatterns() if pattern.name not in ("delete", "usage")]
