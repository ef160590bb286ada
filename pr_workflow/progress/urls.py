"""Addresses of the progress of the plan inside the admin (below `pr/`)."""

from django.urls import path

from .views import ActivityCancelView, ActivityResumeView, ProgressExportView, ProgressOfTheYearView, ProgressView

urlpatterns = [
    path("plan-progress/", ProgressOfTheYearView.as_view(), name="progress"),
    path("plan-progress/<int:pk>/", ProgressView.as_view(), name="plan_progress"),
    path("plan-progress/<int:pk>/export/", ProgressExportView.as_view(), name="plan_progress_export"),
    path("activities/<int:pk>/cancel/", ActivityCancelView.as_view(), name="activity_cancel"),
    path("activities/<int:pk>/resume/", ActivityResumeView.as_view(), name="activity_resume"),
]
