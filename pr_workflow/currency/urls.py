"""Addresses of currency inside the admin (below `pr/`)."""

from django.urls import path

from .views import CurrencyListView, PageReviewView

urlpatterns = [
    path("currency/", CurrencyListView.as_view(), name="currency"),
    path("news/<int:pk>/look-again/", PageReviewView.as_view(), name="news_review"),
]
