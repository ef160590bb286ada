"""Addresses of the posting step inside the admin (below `pr/`)."""

from django.urls import path

from .views import CheckListView, CheckView, PostingPostView, PostingQueueView, PostingRecallView

urlpatterns = [
    path("posting/", PostingQueueView.as_view(), name="posting"),
    path("posting/<int:pk>/post/", PostingPostView.as_view(), name="posting_post"),
    path("posting/<int:pk>/recall/", PostingRecallView.as_view(), name="posting_recall"),
    path("checks/", CheckListView.as_view(), name="checks"),
    path("checks/<int:pk>/", CheckView.as_view(), name="check"),
]
