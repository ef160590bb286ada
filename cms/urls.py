"""Every address of the installation, from the narrow to the wide: Wagtail's page tree takes what nobody else wants."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from home.api import api_router
from pr_workflow.api.api import api
from pr_workflow.editorial_calendar.feed_views import calendar_feed
from pr_workflow.health import healthz
from pr_workflow.media_access import picture

#: The only uploads with an address of their own: pictures in the sizes that pages use. The view asks who may see them.
#: Originals carry what the camera recorded, and documents pass through Wagtail's view, which asks as well (I5).
PUBLIC_MEDIA = "images/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("api/pr/v1/", api.urls),
    path("api/v2/", api_router.urls),
    path("calendar-feed/<str:token>.ics", calendar_feed, name="calendar_feed"),
    path("search/", include("search.urls")),
]

if settings.API_V3:
    # Its views are made while it is imported, and need the app.
    from wagtail.api.v3.urls import api as token_api

    urlpatterns += [path("api/v3-preview/", token_api.urls)]

if settings.MEDIA_URL.startswith("/"):
    prefix = f"{settings.MEDIA_URL.lstrip('/')}{PUBLIC_MEDIA}"
    urlpatterns += [re_path(rf"^{prefix}(?P<path>.+)$", picture, name="picture")]

urlpatterns += [
    path("", include("home.urls")),
    path("", include(wagtail_urls)),
]
