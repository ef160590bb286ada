"""The registers of people in the admin: agency, staff, contacts, working groups; each agency sees its own (I5)."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import HiddenInput
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from ..audit.services import audit_record
from .models import Agency, NetworkContact, StaffProfile, Unit, WorkingGroup
from .selectors import agency_of, rows_visible_to


class OwnAgencyForm(WagtailAdminModelForm):
    """Rows of one's own agency: the agency is fixed, and what can be chosen belongs to it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        agency = agency_of(self.for_user)
        if agency and "agency" in self.fields:
            self.initial["agency"] = agency.pk
            self.fields["agency"].disabled = True
            self.fields["agency"].widget = HiddenInput()
        if "unit" in self.fields:
            self.fields["unit"].queryset = rows_visible_to(self.for_user, Unit.objects.all())
        if "news_giver" in self.fields:
            people = StaffProfile.objects.filter(agency_id=self.instance.pk, active=True)
            self.fields["news_giver"].queryset = people
        if "user" in self.fields:
            self.fields["user"].queryset = self._accounts(agency)

    def _accounts(self, agency):
        """Accounts without a place, and the own agency's: nobody can pull a person out of another agency."""
        accounts = get_user_model().objects.filter(is_active=True, is_superuser=False)
        free = accounts.filter(staff_profile=None)
        return free | accounts.filter(staff_profile__agency=agency) if agency else accounts


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
    """Saving names the changed fields in the log, never their values: they are personal data (I4, R55)."""

    request: Any
    form: Any

    def save_instance(self):
        with transaction.atomic():
            row = super().save_instance()  # type: ignore[misc]  # mixed into Wagtail's views
            verb = f"{row._meta.model_name}_save"
            data = {"changed": sorted(self.form.changed_data)}
            audit_record(actor=self.request.user, verb=verb, target=row, now=timezone.now(), data=data)
        return row


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


class StaffViewSet(PeopleViewSet):
    """The staff directory (R03, R10). Roles are given with groups, under the settings of accounts."""

    model = StaffProfile
    name = "pr_staff"
    url_prefix = "pr_workflow/staff"
    icon = "user"
    menu_label = _("Staff directory")
    form_fields = ("agency", "display_name", "position", "unit", "user", "it_skill", "active")
    list_display = ("display_name", "position", "unit", BooleanColumn("active", label=_("in office")))
    list_filter = ("active", "it_skill")
    search_fields = ("display_name", "position")


class ContactViewSet(PeopleViewSet):
    """The contact network (R58): organisations, with the lawful basis of each entry."""

    model = NetworkContact
    name = "pr_contacts"
    url_prefix = "pr_workflow/contacts"
    icon = "mail"
    menu_label = _("Network contacts")
    form_fields = ("agency", "organisation", "contact_position", "group", "email", "consent_basis", "active")
    list_display = (
        "organisation",
        "contact_position",
        "group",
        "email",
        BooleanColumn("active", label=_("active")),
    )
    list_filter = ("group", "active")
    search_fields = ("organisation", "contact_position", "email")


class WorkingGroupViewSet(PeopleViewSet):
    """Working groups and their orders (R01)."""

    model = WorkingGroup
    name = "pr_working_groups"
    url_prefix = "pr_workflow/working-groups"
    icon = "group"
    menu_label = _("Working groups")
    form_fields = ("agency", "title", "order_number", "order_date")
    list_display = (
        "title",
        "order_number",
        Column("members", label=_("Members"), accessor=lambda group: group.members.count()),
    )
    search_fields = ("title", "order_number")


class _AgencyItself:
    # An agency has no field that names itself; it is the agency of its own site.
    agency_field = "site__agency"


class AgencyIndexView(_AgencyItself, ScopedIndexView):
    """The person's own agency; all of them for the administrator."""


class AgencyEditView(_AgencyItself, ScopedEditView):
    """Name, addresses and rules of an agency: posting by itself, several signatures at once, corrections (R38, R42)."""


class AgencyHistoryView(_AgencyItself, ScopedHistoryView):
    """Who changed the agency."""


class AgencyCreateView(ScopedCreateView):
    """Only an administrator founds agencies; `manage.py setup_roles` then gives it groups and a chain."""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class AgencyViewSet(PeopleViewSet):
    """Agencies of this installation (R60)."""

    model = Agency
    name = "pr_agencies"
    url_prefix = "pr_workflow/agencies"
    icon = "home"
    menu_label = _("Agencies")
    index_view_class = AgencyIndexView
    add_view_class = AgencyCreateView
    edit_view_class = AgencyEditView
    history_view_class = AgencyHistoryView
    form_fields = (
        "code",
        "name",
        "abbr",
        "ministry",
        "site",
        "doc_prefix",
        "email",
        "phone",
        "thai_digits",
        "news_giver",
        "auto_post",
        "bulk_approval",
        "correction_keeps_live",
    )
    list_display = ("name", "abbr", "ministry", "site")
    search_fields = ("name", "abbr", "code")


class PeopleRegisters(ViewSetGroup):
    """One entry of the menu for all of them; those without permission do not see it."""

    menu_label = _("People and network")
    menu_icon = "group"
    menu_order = 260
    items = (StaffViewSet, ContactViewSet, WorkingGroupViewSet, AgencyViewSet)
