"""Addresses of the writing step inside the admin (below `pr/`)."""

from django.urls import path

from .views import ActivityListView, ActivityNewsCreateView

urlpatterns = [
    path("activities/", ActivityListView.as_view(), name="activities"),
    path("activities/<int:pk>/create/", ActivityNewsCreateView.as_view(), name="activity_news_create"),
]
