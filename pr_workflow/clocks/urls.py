"""Addresses of the clocks inside the admin (below `pr/`)."""

from django.urls import path

from .views import ClockPauseView, ClockResumeView

urlpatterns = [
    path("clocks/<slug:kind>/<int:pk>/pause/", ClockPauseView.as_view(), name="clock_pause"),
    path("clocks/<slug:kind>/<int:pk>/resume/", ClockResumeView.as_view(), name="clock_resume"),
]
