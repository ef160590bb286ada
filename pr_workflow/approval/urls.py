"""Addresses of the approval step inside the admin (below `pr/`)."""

from django.urls import path

from .views import ReviewView, RevisionPreviewView

urlpatterns = [
    path("review/<int:task_state_id>/", ReviewView.as_view(), name="review"),
    path("preview/<int:revision_id>/", RevisionPreviewView.as_view(), name="preview"),
]
