"""The search page and Wagtail's pages, nothing of our other apps."""

from django.urls import include, path
from wagtail import urls as wagtail_urls

urlpatterns = [
    path("find/", include("search.urls")),
    path("", include(wagtail_urls)),
]
