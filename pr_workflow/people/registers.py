"""A register nobody edits and no other agency reads: the base of the archive, delivery and audit registers."""

from collections.abc import Callable
from datetime import datetime

from django.contrib.admin import AllValuesFieldListFilter, RelatedFieldListFilter
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.http import QueryDict
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import IndexView, InspectView

from ..thai_time import thai_datetime
from .selectors import rows_visible_to


class ReadOnlyPermission(PermissionHelper):
    """Look, search and export with the view permission; nobody adds, changes or deletes, superusers included."""

    def user_can_list(self, user):
        return self.user_has_specific_permission(user, self.get_perm_codename("view"))

    def user_can_inspect_obj(self, user, obj):
        return self.inspect_view_enabled and self.user_can_list(user)

    def user_has_any_permissions(self, user):
        return self.user_can_list(user)

    def user_can_create(self, user):
        return False

    def user_can_edit_obj(self, user, obj):
        return False

    def user_can_delete_obj(self, user, obj):
        return False

    def user_can_copy_obj(self, user, obj):
        return False


class RegisterIndex(IndexView):
    """The list. Only the declared filters count: any other field in the address could be used to guess a secret.

    A value that a filter cannot look for is said and left out: the whole list is shown, not an error.
    """

    def get_queryset(self, request=None):
        request = request or self.request
        try:
            return super().get_queryset(request)
        except (IncorrectLookupParameters, OverflowError):
            self.params = QueryDict(mutable=True)
            text = _("A filter in the address has a value that cannot be looked for. It was left out.")
            messages.warning(request, text)
            return super().get_queryset(request)

    def get_filters(self, request):
        specs, has_filters, remaining, use_distinct = super().get_filters(request)
        if remaining:
            raise DisallowedModelAdminLookup(f"Filtering by {', '.join(sorted(remaining))} is not allowed.")
        return specs, has_filters, remaining, use_distinct


class RegisterInspect(InspectView):
    """One row with all its fields, moments in B.E."""

    def get_field_display_value(self, field_name, field=None):
        value = super().get_field_display_value(field_name, field)
        return thai_datetime(value) if isinstance(value, datetime) else value


def values_in_words(words: Callable[[str], str]) -> type[AllValuesFieldListFilter]:
    """A filter over the values that occur, shown by what `words` makes of each instead of by the stored code."""

    class ValuesInWords(AllValuesFieldListFilter):
        def choices(self, changelist):
            everything, *values = super().choices(changelist)
            yield everything
            yield from ({**value, "display": words(str(value["display"]))} for value in values)

    return ValuesInWords


class RowsThatOccur(RelatedFieldListFilter):
    """A filter over related rows. Django's own asks its admin, which is not installed, how to order them."""

    def field_admin_ordering(self, field, request, model_admin):
        return ()


class ReadOnlyRegister(ModelAdmin):
    """A plain register in the admin, limited to the rows of the user's own agency (I5)."""

    index_view_class = RegisterIndex
    inspect_view_class = RegisterInspect
    inspect_view_enabled = True
    permission_helper_class = ReadOnlyPermission
    list_per_page = 50

    def get_queryset(self, request):
        return rows_visible_to(request.user, super().get_queryset(request))
