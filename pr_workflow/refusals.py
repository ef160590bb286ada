"""A refused attempt in the admin is answered as 403 with its reason, and stands in the audit log (R36, R71).

Wagtail answers a refusal with a redirect to its start page and one sentence for all cases. Whoever was refused should
read why, a program should see a 403, and the log should know. Both are done here, for our refusals and for Wagtail's.
"""

import sys
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin import auth

from .audit.models import AuditEntry
from .audit.services import audit_record
from .people.models import StaffProfile


def in_admin(request: HttpRequest) -> bool:
    """Is this an address of the admin?"""
    return request.path.startswith(reverse("wagtailadmin_home"))


def refusal_reason(error: BaseException | None) -> str:
    """The sentence the refusing code wrote for the person, or the general one when it wrote none."""
    if isinstance(error, PermissionDenied) and error.args:
        return str(error.args[0])
    return _("You do not have permission for this. If you need it for your work, ask the system administrator.")


def _wants_json(request: HttpRequest) -> bool:
    accepts = request.headers.get("accept", "")
    by_script = request.headers.get("x-requested-with") == "XMLHttpRequest"
    return by_script or ("application/json" in accepts and "text/html" not in accepts)


def refusal_answer(request: HttpRequest, reason: str) -> HttpResponse:
    """A 403 that says why: a page for people, JSON for scripts. `RefusalAnswers` sees it pass and logs it."""
    response: HttpResponse
    if _wants_json(request):
        response = JsonResponse({"success": False, "error_code": "refused", "error_message": reason}, status=403)
    else:
        response = render(request, "pr_workflow/refused.html", {"reason": reason}, status=403)
    response.refusal_reason = reason  # type: ignore[attr-defined]
    return response


def absence_answer(request: HttpRequest) -> HttpResponse:
    """A 404 for what belongs to another agency, the same as for what does not exist; logged like a refusal (I5)."""
    response: HttpResponse
    if _wants_json(request):
        response = JsonResponse({"success": False, "error_code": "not_found"}, status=404)
    else:
        response = render(request, "wagtailadmin/404.html", status=404)
    response.refusal_reason = _("This belongs to another agency.")  # type: ignore[attr-defined]
    return response


def permission_denied(request: HttpRequest) -> HttpResponse:
    """Takes the place of Wagtail's function of this name: answers the refusal that is being handled."""
    return refusal_answer(request, refusal_reason(sys.exception()))


@transaction.atomic
def refusal_record(*, request: HttpRequest, reason: str, now: datetime) -> AuditEntry:
    """Write the attempt into the log of the person's own agency: who, where, why not (I4).

    An object of the person's own agency is named (`request.refused_target`); one of another agency never is (I5).
    """
    user: Any = request.user
    profile = StaffProfile.objects.select_related("agency").filter(user=user).first()
    return audit_record(
        actor=user,
        verb="refused",
        target=getattr(request, "refused_target", None) or user,
        now=now,
        agency=profile.agency if profile else None,
        data={"path": request.path, "method": request.method, "reason": reason},
    )


class RefusalAnswers:
    """Middleware, after authentication and messages: answers and logs every refusal of the admin.

    A verb that has logged the refusal itself, item by item, says so (`is_refusal_logged`).
    """

    def __init__(self, get_response):
        self.get_response = get_response
        # Wagtail calls this one function wherever its admin refuses, and offers no setting to choose another answer.
        auth.permission_denied = permission_denied

    def __call__(self, request):
        response = self.get_response(request)
        if getattr(response, "is_refusal_logged", False):
            return response
        reason = getattr(response, "refusal_reason", None) or self._reason_by_script(request, response)
        if reason and request.user.is_authenticated:
            refusal_record(request=request, reason=reason, now=timezone.now())
        return response

    @staticmethod
    def _reason_by_script(request, response) -> str:
        """What the API behind the admin says when it refuses; it answers by itself."""
        if response.status_code != 403 or not in_admin(request):
            return ""
        data = getattr(response, "data", None)
        return str(data["detail"]) if isinstance(data, dict) and "detail" in data else refusal_reason(None)

    def process_exception(self, request, exception):
        """Refusals that no admin view caught: those asked for by scripts."""
        if isinstance(exception, PermissionDenied) and in_admin(request):
            return refusal_answer(request, refusal_reason(exception))
        return None
