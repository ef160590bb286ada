"""A register nobody edits and no other agency reads: the base of the archive, delivery and audit registers."""

from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin

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


class ReadOnlyRegister(ModelAdmin):
    """A plain register in the admin, limited to the rows of the user's own agency (I5)."""

    inspect_view_enabled = True
    permission_helper_class = ReadOnlyPermission
    list_per_page = 50

    def get_queryset(self, request):
        return rows_visible_to(request.user, super().get_queryset(request))
