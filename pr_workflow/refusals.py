"""A refused attempt in the admin is answered as 403 with its reason, and stands in the audit log (R36, R71).

Wagtail answers a refusal with a redirect to its start page and one sentence for all cases. Whoever was refused should
read why, a program should see a 403, and the log should know. Both are done here, for our refusals and for Wagtail's.
"""

import sys
from datetime import datetime
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin import auth

from .attempts import account_behind, attempt_reason, is_broken_form
from .audit.models import AuditEntry
from .audit.services import audit_record
from .people.models import StaffProfile
from .token_api_words import in_words, said_in_words

#: How much of a reason the log keeps; a sentence of ours is never as long, what it repeats could be.
LONGEST_REASON = 2000


def in_admin(request: HttpRequest) -> bool:
    """Is this an address of the admin?"""
    return request.path.startswith(reverse("wagtailadmin_home"))


def refusal_reason(error: BaseException | None, user: Any = None) -> str:
    """The sentence the refusing code wrote for the person, or the general one when it wrote none.

    An administrator is not sent to the administrator.
    """
    if isinstance(error, PermissionDenied) and error.args:
        return str(error.args[0])
    if getattr(user, "is_superuser", False):
        return _("This cannot be done in this way, by anybody, or not as things stand now. Nothing was changed.")
    return _("You do not have permission for this. If you need it for your work, ask the system administrator.")


def _wants_json(request: HttpRequest) -> bool:
    accepts = request.headers.get("accept", "")
    by_script = request.headers.get("x-requested-with") == "XMLHttpRequest"
    return by_script or ("application/json" in accepts and "text/html" not in accepts)


def refusal_answer(request: HttpRequest, reason: str, *, status: int = 403) -> HttpResponse:
    """An answer that says why: a page for people, JSON for scripts. `RefusalAnswers` sees it pass and logs it."""
    response: HttpResponse
    if _wants_json(request):
        response = JsonResponse({"success": False, "error_code": "refused", "error_message": reason}, status=status)
    else:
        heading = _("Not permitted") if status == 403 else _("Not accepted")
        context = {"reason": reason, "heading": heading}
        response = render(request, "pr_workflow/refused.html", context, status=status)
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


def broken_form_answer(request: HttpRequest) -> HttpResponse:
    """A 400 for a form that did not arrive whole."""
    text = _(
        "The form did not arrive whole, so nothing was saved. Open the page again, repeat your changes, and save them."
    )
    return refusal_answer(request, text, status=400)


def unreadable_answer(request: HttpRequest) -> HttpResponse | None:
    """A 400 for a form that cannot be read: too much text, too many fields, no form at all; None for all others.

    Django would answer with one English line. What was typed was never read, so it cannot be shown again; the browser
    still has it.
    """
    if request.method != "POST" or not in_admin(request) or not request.user.is_authenticated:
        return None
    try:
        request.POST  # noqa: B018  (reading it is the trial; the view reads the same afterwards)
    except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
        text = _(
            "The form holds more text than can be taken in one go, so nothing was saved. Go back in the browser, where "
            "what you typed still stands, and shorten the longest field."
        )
        return refusal_answer(request, text, status=400)
    except (BadRequest, MultiPartParserError, UnicodeError):
        return broken_form_answer(request)
    return None


def permission_denied(request: HttpRequest) -> HttpResponse:
    """Takes the place of Wagtail's function of this name: answers the refusal that is being handled."""
    return refusal_answer(request, refusal_reason(sys.exception(), request.user))


@transaction.atomic
def refusal_record(*, request: HttpRequest, reason: str, now: datetime, actor=None) -> AuditEntry:
    """Write the attempt into the log of the person's own agency: who, where, why not (I4).

    `actor` is the account, when it is not the one that is logged in. An object of the person's own
    agency is named (`request.refused_target`); one of another agency never is (I5).
    """
    user: Any = actor or request.user
    profile = StaffProfile.objects.select_related("agency").filter(user=user).first()
    return audit_record(
        actor=user,
        verb="refused",
        target=getattr(request, "refused_target", None) or user,
        now=now,
        agency=profile.agency if profile else None,
        data={"path": request.path, "method": request.method, "reason": reason[:LONGEST_REASON]},
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
        response = unreadable_answer(request) or self.get_response(request)
        if in_admin(request):
            response = said_in_words(response)
        if getattr(response, "is_refusal_logged", False):
            return response
        if not in_admin(request) and not hasattr(response, "refusal_reason"):
            return response
        account = account_behind(request)
        reason = (
            getattr(response, "refusal_reason", None)
            or self._reason_by_script(response, account)
            or attempt_reason(request, response, account)
        )
        if reason and account is not None:
            refusal_record(request=request, reason=reason, now=timezone.now(), actor=account)
        return response

    @staticmethod
    def _reason_by_script(response, account) -> str:
        """What the API behind the admin says when it refuses; it answers by itself."""
        if response.status_code != 403:
            return ""
        data = getattr(response, "data", None)
        said = str(data["detail"]) if isinstance(data, dict) and "detail" in data else ""
        return in_words(said) or refusal_reason(None, account)

    def process_exception(self, request, exception):
        """Refusals that no admin view caught: those asked for by scripts; and forms with parts missing."""
        if isinstance(exception, PermissionDenied) and in_admin(request):
            return refusal_answer(request, refusal_reason(exception, request.user))
        if in_admin(request) and is_broken_form(request, exception):
            return broken_form_answer(request)
        return None
