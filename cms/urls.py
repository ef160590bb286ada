"""Every address of the installation, from the narrow to the wide: Wagtail's page tree takes what nobody else wants."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from home.api import api_router
from pr_workflow.api.api import api
from pr_workflow.health import healthz

#: The only uploads that are served as files: pictures in the sizes that pages use. Originals carry what the camera
#: recorded, and documents pass through Wagtail's view, which asks who may read them (I5).
PUBLIC_MEDIA = "images/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("api/pr/v1/", api.urls),
    path("api/v2/", api_router.urls),
    path("search/", include("search.urls")),
]

if settings.PRAKAT_SERVE_MEDIA:
    prefix = f"{settings.MEDIA_URL.lstrip('/')}{PUBLIC_MEDIA}"
    urlpatterns += [
        re_path(rf"^{prefix}(?P<path>.+)$", serve, {"document_root": f"{settings.MEDIA_ROOT}/{PUBLIC_MEDIA}"})
    ]

urlpatterns += [
    path("", include("home.urls")),
    path("", include(wagtail_urls)),
]
