"""Addresses of the public site outside Wagtail's page tree; listed in docs/reference/public-site.md."""

from django.urls import path

from .feeds import NewsFeed
from .views import plan_page, privacy_page, robots, sitemap

app_name = "home"

urlpatterns = [
    path("plan/<int:fiscal_year_be>/", plan_page, name="plan"),
    path("privacy/", privacy_page, name="privacy"),
    path("feed/", NewsFeed(), name="feed"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("robots.txt", robots, name="robots"),
]
