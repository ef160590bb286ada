"""Addresses of the people step inside the admin (below `pr/`)."""

from django.urls import path

from .views import DelegationGrantView, DelegationListView, DelegationView

urlpatterns = [
    path("delegations/", DelegationListView.as_view(), name="delegations"),
    path("delegations/new/", DelegationGrantView.as_view(), name="delegation_grant"),
    path("delegations/<int:pk>/", DelegationView.as_view(), name="delegation"),
]
