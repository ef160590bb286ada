"""The address of the search page: `path("search/", include("search.urls"))`, or `pr_search.urls` from the wheel."""

from django.urls import path

from .views import search_page

app_name = "pr_search"

urlpatterns = [path("", search_page, name="search")]
