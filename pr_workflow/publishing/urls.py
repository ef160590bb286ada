"""Addresses of the posting step inside the admin (below `pr/`)."""

from django.urls import path

from .emergency_views import EmergencyDecisionView, EmergencyPublishView
from .giving_up_views import ApprovalWithdrawView
from .take_down_views import TakeDownView
from .verification_views import CheckListView, CheckView, PageNowView, SnapshotView
from .views import (
    PostingPackageView,
    PostingPostView,
    PostingQueueView,
    PostingRecallView,
    PostingReceiveView,
)

urlpatterns = [
    path("posting/", PostingQueueView.as_view(), name="posting"),
    path("posting/<int:pk>/receive/", PostingReceiveView.as_view(), name="posting_receive"),
    path("posting/<int:pk>/package/", PostingPackageView.as_view(), name="posting_package"),
    path("posting/<int:pk>/post/", PostingPostView.as_view(), name="posting_post"),
    path("posting/<int:pk>/recall/", PostingRecallView.as_view(), name="posting_recall"),
    path("posting/<int:pk>/withdraw/", ApprovalWithdrawView.as_view(), name="posting_withdraw"),
    path("news/<int:pk>/emergency/", EmergencyPublishView.as_view(), name="news_emergency"),
    path("emergencies/<int:pk>/", EmergencyDecisionView.as_view(), name="emergency"),
    path("news/<int:pk>/take-down/", TakeDownView.as_view(), name="news_take_down"),
    path("checks/", CheckListView.as_view(), name="checks"),
    path("checks/<int:pk>/", CheckView.as_view(), name="check"),
    path("checks/<int:pk>/now/", PageNowView.as_view(), name="check_page_now"),
    path("checks/<int:pk>/snapshot/", SnapshotView.as_view(), name="check_snapshot"),
]
