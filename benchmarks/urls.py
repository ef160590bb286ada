"""The site's own addresses, and Wagtail's API v2 exactly as it comes beside them."""

from django.urls import include, path
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet

stock_router = WagtailAPIRouter("stockapi")
stock_router.register_endpoint("pages", PagesAPIViewSet)

urlpatterns = [path("stock/api/v2/", stock_router.urls), path("", include("cms.urls"))]
