"""Addresses of the notices inside the admin (below `pr/`)."""

from django.urls import path

from .views import NoticeListView, NoticeOpenView, PreferenceView

urlpatterns = [
    path("notices/", NoticeListView.as_view(), name="notices"),
    path("notices/settings/", PreferenceView.as_view(), name="notice_settings"),
    path("notices/<int:pk>/open/", NoticeOpenView.as_view(), name="notice_open"),
]
