"""The search page every ``wagtail start`` project has; it must go on working beside ours."""

from django.http import HttpRequest, JsonResponse
from wagtail.models import Page


def search(request: HttpRequest) -> JsonResponse:
    found = Page.objects.live().filter(title__contains=request.GET.get("query", ""))
    return JsonResponse({"titles": [page.title for page in found]})
