"""Every address of the installation, from the narrow to the wide: Wagtail's page tree takes what nobody else wants."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.module_loading import import_string
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
]

if find_spec("pr_workflow.health"):
    urlpatterns.append(path("healthz", import_string("pr_workflow.health.healthz"), name="healthz"))
if find_spec("pr_workflow.api.api"):
    urlpatterns.append(path("api/pr/v1/", import_string("pr_workflow.api.api.api").urls))
if find_spec("home.api"):
    urlpatterns.append(path("api/v2/", import_string("home.api.api_router").urls))

if settings.PRAKAT_SERVE_MEDIA:
    media_prefix = settings.MEDIA_URL.lstrip("/")
    urlpatterns += [re_path(rf"^{media_prefix}(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT})]

if find_spec("home.urls"):
    urlpatterns.append(path("", include("home.urls")))
urlpatterns.append(path("", include(wagtail_urls)))
