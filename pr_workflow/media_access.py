"""Who may fetch a picture or file by its address (I5): everybody what a public page shows, the agency its own.

File names can be guessed, so a file of a draft is kept back like the draft itself.
"""

import mimetypes
from typing import Any

import swapper
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from django.views.static import serve
from wagtail.images import get_image_model
from wagtail.models import PageViewRestriction, ReferenceIndex

from .agency_wall import owner_of_collection
from .approval.reading import reading_refusal
from .people.directory import photo_is_public
from .people.selectors import agency_of, profile_of
from .people.standing import office_refusal

#: Seconds a picture of a public page may be kept by a browser or a proxy; so long it can outlive its page.
PUBLIC_SECONDS = 300


def page_paths_showing(row: Model) -> list[str]:
    """Tree paths of the live pages that use a file, of any class (Wagtail's reference index; two queries)."""
    page = swapper.load_model("wagtailcore", "Page")
    users = ReferenceIndex.get_references_to(row).filter(base_content_type=ContentType.objects.get_for_model(page))
    keys = {int(key) for key in users.values_list("object_id", flat=True)}
    return list(page.objects.filter(live=True, pk__in=keys).values_list("path", flat=True)) if keys else []


def restrictions_above(paths: list[str]) -> list[list[Any]]:
    """For each path the view restrictions of that page and of those above it (one query)."""
    restrictions = list(PageViewRestriction.objects.select_related("page")) if paths else []
    return [[each for each in restrictions if path.startswith(each.page.path)] for path in paths]


def may_read_drafts_with(row: Any, user) -> bool:
    """Whether this account sees the file before it is public: its own upload, or as a reader of its agency's drafts.

    Who is not in office sees neither.
    """
    if not user.is_authenticated or not user.is_active:
        return False
    if user.is_superuser:
        return True
    if row.uploaded_by_user_id == user.pk:
        return not office_refusal(profile_of(user))
    try:
        return not reading_refusal(user, owner_of_collection(row.collection) or agency_of(user))
    except PermissionDenied:
        return False


def is_public(row: Any) -> bool:
    """Whether everybody may see the file: a live page or the staff directory shows it, and nothing restricts it."""
    on_a_page = any(not above for above in restrictions_above(page_paths_showing(row)))
    if not on_a_page and not photo_is_public(row):
        return False
    return not row.collection.get_view_restrictions().exists()


def may_fetch(row: Any, request: HttpRequest) -> bool:
    """Whether this request may have a file that is not for everybody: staff, or a visitor the page lets in."""
    if may_read_drafts_with(row, request.user):
        return True
    if not all(each.accept_request(request) for each in row.collection.get_view_restrictions()):
        return False
    pages = restrictions_above(page_paths_showing(row))
    return any(all(each.accept_request(request) for each in above) for above in pages)


@require_safe
def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """A picture in one of its sizes, from `images/` of the media folder; 404 for whoever may not see it."""
    name = f"images/{path}"
    sizes = get_image_model().get_rendition_model().objects.select_related("image__collection")
    size: Any = sizes.filter(file=name).first()
    if size is None:
        raise Http404("no picture of this name")
    public = is_public(size.image)
    if not public and not may_fetch(size.image, request):
        raise Http404("not public")
    return _answer(request, size.file, public=public)


def _answer(request: HttpRequest, file, *, public: bool) -> HttpResponseBase:
    try:
        file.path  # noqa: B018  a storage elsewhere has no path
    except NotImplementedError:
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        response: HttpResponseBase = FileResponse(file.storage.open(file.name), content_type=kind)
    else:
        response = serve(request, file.name, document_root=settings.MEDIA_ROOT)
    if public:
        patch_cache_control(response, public=True, max_age=PUBLIC_SECONDS)
    else:
        patch_cache_control(response, private=True, no_cache=True)
    return response


def document_wall(document, request: HttpRequest) -> None:
    """Hook of Wagtail's document view: a document no public page shows does not exist for visitors.

    Raises `Http404`. Restrictions of its collection are asked by Wagtail's own hook, which offers the login.
    """
    pages = restrictions_above(page_paths_showing(document))
    if any(all(each.accept_request(request) for each in above) for above in pages):
        return
    if not may_read_drafts_with(document, request.user):
        raise Http404("not public")
