"""Wagtail's screens of pages and the API behind its admin, naming the own agency's people and media only (I5)."""

from django.contrib.auth import get_user_model
from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import MultipleUserFilter
from wagtail.admin.views.pages.history import PageHistoryView
from wagtail.admin.views.pages.listing import (
    EditedByFilter,
    ExplorableIndexView,
    GenericPageFilterSet,
    PageFilterSet,
)
from wagtail.admin.views.pages.preview import PreviewOnEditView
from wagtail.admin.views.pages.usage import ContentTypeUseView, UsageView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet

from .agency_wall import agency_behind_the_wall, own_media


def colleagues(request):
    """The accounts of the own agency; all for a superuser."""
    agency = agency_behind_the_wall(request)
    accounts = get_user_model().objects.all()
    return accounts if agency is None else accounts.filter(staff_profile__agency=agency)


def _owner_filter() -> MultipleUserFilter:
    return MultipleUserFilter(label=_("Owner"), queryset=colleagues, widget=CheckboxSelectMultiple)


def _editor_filter() -> EditedByFilter:
    return EditedByFilter(label=_("Edited by"), queryset=colleagues, widget=CheckboxSelectMultiple)


class OwnPageFilterSet(PageFilterSet):
    """The filters of a list of pages of one type."""

    owner = _owner_filter()
    edited_by = _editor_filter()
    site = None


class OwnExplorerFilterSet(GenericPageFilterSet):
    """The filters of the explorer."""

    owner = _owner_filter()
    edited_by = _editor_filter()
    site = None


class OwnExplorerView(ExplorableIndexView):
    """The explorer."""

    base_filterset_class = OwnExplorerFilterSet


class OwnTypeUseView(ContentTypeUseView):
    """The pages of one type."""

    base_filterset_class = OwnPageFilterSet


# Who signs a step holds no permission on pages, but reads the item that waits at it, in the editor. What the editor
# links to asks Wagtail's general question first, whether the account may change pages at all, and then the right one:
# may this person open this page (I5)? The second one stands.


class OwnHistoryView(PageHistoryView):
    """The versions of an item, for whoever may open it."""

    any_permission_required = None


class OwnUsageView(UsageView):
    """Where an item is used, for whoever may open it."""

    permission_required = None


class OwnPreview(PreviewOnEditView):
    """The preview beside the editor, for whoever may open the item."""

    permission_required = None


class OwnPageViewSet(PageViewSet):
    """Stands in for Wagtail's viewset of all pages."""

    history_view_class = OwnHistoryView
    usage_view_class = OwnUsageView
    preview_on_edit_view_class = OwnPreview
    index_view_class = OwnExplorerView
    content_type_use_view_class = OwnTypeUseView
    filterset_class = OwnExplorerFilterSet


class OwnImagesAPI(ImagesAdminAPIViewSet):
    """The pictures behind the admin: of the own collection and of nobody's."""

    def get_queryset(self):
        return own_media(super().get_queryset(), self.request)


class OwnDocumentsAPI(DocumentsAdminAPIViewSet):
    """The files behind the admin: of the own collection and of nobody's."""

    def get_queryset(self):
        return own_media(super().get_queryset(), self.request)
