"""Addresses of the approval step inside the admin (below `pr/`)."""

from django.urls import path

from .bulk_views import BulkApprovalView
from .views import ReviewView, RevisionPreviewView

urlpatterns = [
    path("review/several/", BulkApprovalView.as_view(), name="review_several"),
    path("review/<int:task_state_id>/", ReviewView.as_view(), name="review"),
    path("preview/<int:revision_id>/", RevisionPreviewView.as_view(), name="preview"),
]
