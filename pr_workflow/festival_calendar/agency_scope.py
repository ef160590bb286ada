"""The agency wall (I5) of registers that hold national rows beside each agency's own.

Wagtail's snippet views ask for permission by model, not by row, and find rows by id alone. Here every door of a viewset
looks the row up among those the user may see (else 404) and asks before it is changed (else 403).
"""

from datetime import date, datetime
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from wagtail.admin.views import generic
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.chooser import (
    ChooseResultsView,
    ChooseView,
    SnippetChooserViewSet,
    SnippetChosenMultipleView,
    SnippetChosenView,
)
from wagtail.snippets.views.snippets import IndexView, InspectView, SnippetViewSet

from ..thai_time import thai_date, thai_datetime
from .selectors import entries_visible_to, entry_may_change

CHANGING_VIEWS = (generic.EditView, generic.DeleteView)


class AgencyPermissionPolicy(ModelPermissionPolicy):
    """Model permissions, narrowed by row: see national and own rows, change own ones, delete none that was seeded.

    A deleted seeded row would come back with the next import; it is switched off instead.
    """

    def user_has_permission_for_instance(self, user, action, instance):
        if not super().user_has_permission_for_instance(user, action, instance):
            return False
        if action == "view":
            return entries_visible_to(user, self.model._default_manager.filter(pk=instance.pk)).exists()
        if action == "delete" and getattr(instance, "seeded_hash", ""):
            return False
        return entry_may_change(user, instance.agency_id)

    def user_has_any_permission_for_instance(self, user, actions, instance):
        return any(self.user_has_permission_for_instance(user, action, instance) for action in actions)

    def instances_user_has_any_permission_for(self, user, actions):
        if not self.user_has_any_permission(user, actions):
            return self.model._default_manager.none()
        visible = entries_visible_to(user, self.model._default_manager.all())
        if "view" in actions or user.is_superuser:
            return visible
        changeable = [row.pk for row in visible if self.user_has_any_permission_for_instance(user, actions, row)]
        return visible.filter(pk__in=changeable)


class ScopedIndexView(IndexView):
    """The list of visible rows; only rows the user may change lead to the form, the others are inspected."""

    def user_has_permission_for_instance(self, action, instance):
        """As the policy says, asked once for each kind of row: it looks at nothing else of a row that is listed."""
        answers = self.__dict__.setdefault("pr_answers", {})
        key = (action, instance.agency_id, bool(instance.seeded_hash))
        if key not in answers:
            answers[key] = super().user_has_permission_for_instance(action, instance)
        return answers[key]

    def get_edit_url(self, instance):
        if self.user_has_permission_for_instance("change", instance):
            return super().get_edit_url(instance)
        return None

    def get_delete_url(self, instance):
        if self.user_has_permission_for_instance("delete", instance):
            return super().get_delete_url(instance)
        return None


class BuddhistInspectView(InspectView):
    """What a reader of national rows sees; dates in B.E., nothing for an empty field."""

    def get_field_display_value(self, field_name, field):
        value = getattr(self.object, field_name)
        if isinstance(value, datetime):
            return thai_datetime(value)
        if isinstance(value, date):
            return thai_date(value)
        return "" if value is None else super().get_field_display_value(field_name, field)


class ScopedChoices:
    """Choosers offer and accept visible rows only."""

    request: Any
    model_class: Any

    def get_object_list(self):
        return entries_visible_to(self.request.user, self.model_class.objects.all())

    def get_object(self, pk):
        return self.get_object_list().get(pk=pk)

    def get_objects(self, pks):
        return self.get_object_list().filter(pk__in=pks)


class ScopedChooserViewSet(SnippetChooserViewSet):
    choose_view_class = type("ScopedChooseView", (ScopedChoices, ChooseView), {})
    choose_results_view_class = type("ScopedChooseResultsView", (ScopedChoices, ChooseResultsView), {})
    chosen_view_class = type("ScopedChosenView", (ScopedChoices, SnippetChosenView), {})
    chosen_multiple_view_class = type("ScopedChosenMultipleView", (ScopedChoices, SnippetChosenMultipleView), {})


class ScopedViewSet(SnippetViewSet):
    """A snippet register behind the agency wall. Register an AgencyPermissionPolicy for the model as well."""

    index_view_class = ScopedIndexView
    inspect_view_class = BuddhistInspectView
    chooser_viewset_class = ScopedChooserViewSet
    # Plans and news are indexed as users of these rows; the rows themselves use nothing worth a task on every save.
    add_to_reference_index = False
    inspect_view_enabled = True
    copy_view_enabled = False

    def get_queryset(self, request):
        return entries_visible_to(request.user, self.model._default_manager.all())

    def construct_view(self, view_class, **kwargs):
        view = super().construct_view(view_class, **kwargs)
        action = "delete" if issubclass(view_class, generic.DeleteView) else "change"

        @wraps(view)
        def behind_the_wall(request, *args, **view_kwargs):
            if "pk" in view_kwargs:
                row = self.get_queryset(request).filter(pk=view_kwargs["pk"]).first()
                if row is None:
                    raise Http404
                if issubclass(view_class, CHANGING_VIEWS) and not self._may(request.user, action, row):
                    raise PermissionDenied
            return view(request, *args, **view_kwargs)

        return behind_the_wall

    def _may(self, user, action, row) -> bool:
        return self.permission_policy.user_has_permission_for_instance(user, action, row)
