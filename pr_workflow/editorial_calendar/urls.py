"""Addresses of the calendar inside the admin (below `pr/`). The names of the date screens say whose row they name."""

from django.urls import path

from .feed_views import CalendarFeedView
from .redate_views import ActivityDateView, DraftDateView, OccurrenceDateView, PostingDateView
from .views import CalendarEntriesView, CalendarPaperView, CalendarView

urlpatterns = [
    path("calendar/", CalendarView.as_view(), name="calendar"),
    path("calendar/entries/", CalendarEntriesView.as_view(), name="calendar_entries"),
    path("calendar/month.pdf", CalendarPaperView.as_view(), name="calendar_paper"),
    path("calendar/address/", CalendarFeedView.as_view(), name="calendar_feed"),
    path("calendar/drafts/<int:pk>/date/", DraftDateView.as_view(), name="news_wish"),
    path("calendar/postings/<int:pk>/date/", PostingDateView.as_view(), name="posting_date"),
    path("calendar/activities/<int:pk>/date/", ActivityDateView.as_view(), name="activity_date"),
    path("calendar/days/<int:pk>/date/", OccurrenceDateView.as_view(), name="occurrence_date"),
]
