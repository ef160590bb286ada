"""The addresses of our screens in the admin, all below `pr/`, under the one name `pr_admin`."""

from django.urls import include, path

from .approval import urls as approval
from .news import urls as news
from .publishing import urls as publishing
from .views import NewsListView, TakeDownView, TimelineView

app_name = "pr_admin"

urlpatterns = [
    path("", include(news.urlpatterns)),
    path("", include(approval.urlpatterns)),
    path("", include(publishing.urlpatterns)),
    path("news/", NewsListView.as_view(), name="news_list"),
    path("news/<int:pk>/", TimelineView.as_view(), name="news_timeline"),
    path("news/<int:pk>/take-down/", TakeDownView.as_view(), name="news_take_down"),
]
