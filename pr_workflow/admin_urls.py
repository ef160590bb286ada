"""The addresses of our screens in the admin, all below `pr/`, under the one name `pr_admin`."""

from django.urls import include, path

from .approval import urls as approval
from .archive import urls as archive
from .clocks import urls as clocks
from .currency import urls as currency
from .distribution import removal_views as removals
from .editorial_calendar import urls as editorial_calendar
from .festival_calendar import days_views as days
from .festival_calendar import holiday_views as holidays
from .news import urls as news
from .notifications import urls as notifications
from .people import urls as people
from .progress import urls as progress
from .publishing import urls as publishing
from .views import NewsListView, TimelineView
from .working_group import views as working_group

app_name = "pr_admin"

urlpatterns = [
    path("", include(news.urlpatterns)),
    path("", include(approval.urlpatterns)),
    path("", include(people.urlpatterns)),
    path("", include(publishing.urlpatterns)),
    path("", include(removals.urlpatterns)),
    path("", include(clocks.urlpatterns)),
    path("", include(notifications.urlpatterns)),
    path("", include(archive.urlpatterns)),
    path("", include(progress.urlpatterns)),
    path("", include(currency.urlpatterns)),
    path("", include(working_group.urlpatterns)),
    path("", include(holidays.urlpatterns)),
    path("", include(editorial_calendar.urlpatterns)),
    path("", include(days.urlpatterns)),
    path("news/", NewsListView.as_view(), name="news_list"),
    path("news/<int:pk>/", TimelineView.as_view(), name="news_timeline"),
]
