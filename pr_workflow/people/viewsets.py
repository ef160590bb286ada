"""The registers of people in the admin: agency, units, staff, contacts, procedures; each agency its own (I5)."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.viewsets.base import ViewSetGroup

from .models import Agency, Unit
from .network import NetworkContact
from .procedure_viewset import ProcedureViewSet
from .register_views import PeopleViewSet, ScopedCreateView, ScopedEditView, ScopedHistoryView, ScopedIndexView
from .staff_viewset import StaffViewSet


class UnitViewSet(PeopleViewSet):
    """The units of the agency, in the order of the directory (R10)."""

    model = Unit
    name = "pr_units"
    url_prefix = "pr_workflow/units"
    icon = "folder-open-inverse"
    menu_label = _("Units")
    form_fields = ("agency", "name", "parent", "order", "is_school")
    list_display = (
        "name",
        Column("parent", label=_("Part of")),
        Column("order", label=_("Place in the directory")),
        BooleanColumn("is_school", label=_("School")),
    )
    search_fields = ("name",)


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


class _AgencyItself:
    # An agency has no field that names itself; it is the agency of its own site.
    agency_field = "site__agency"


class AgencyIndexView(_AgencyItself, ScopedIndexView):
    """The person's own agency; all of them for the administrator."""


class AgencyEditView(_AgencyItself, ScopedEditView):
    """Name, addresses and rules of an agency: signatures, corrections, target groups (R21, R38, R42)."""


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
        "province",
        "doc_prefix",
        "email",
        "phone",
        "thai_digits",
        "news_giver",
        "auto_post",
        "bulk_approval",
        "correction_keeps_live",
        "unserved_groups",
    )
    list_display = ("name", "abbr", "ministry", "site")
    search_fields = ("name", "abbr", "code")


class PeopleRegisters(ViewSetGroup):
    """One entry of the menu for all of them; those without permission do not see it."""

    menu_label = _("People and network")
    menu_icon = "group"
    menu_order = 260
    items: tuple[type, ...] = (StaffViewSet, UnitViewSet, ContactViewSet, ProcedureViewSet, AgencyViewSet)
