"""Attempts no view reports by itself, told from a request of the admin and its answer (I4, R36, R71).

A closed account, an address that names nothing, a value the form never offered: the views answer these, each in its
way, and nobody meets them by working with the screens. `refusals.RefusalAnswers` asks here and writes the row.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user_model
from django.core.exceptions import ValidationError
from django.forms import BaseForm, BaseFormSet, IntegerField
from django.shortcuts import resolve_url
from django.utils.datastructures import MultiValueDictKeyError
from django.utils.translation import gettext as _

#: Methods that change nothing; with them a wrong address is a slip.
READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
#: What the editors of pages ask by themselves every few seconds; an item deleted meanwhile is no attempt.
BY_ITSELF = frozenset({"wagtailadmin_editing_sessions"})
#: What Django and Python say of a value that is taken for the number of a row and is none.
NO_NUMBERS = ("expected a number but got", "invalid literal for int()", "for integer string conversion")
#: Where Wagtail reads what its editor of formatted text sends.
RICH_TEXT = "wagtail.admin.rich_text"
#: How the numbers in the forms of blocks end.
BLOCK_NUMBERS = ("-count", "-order")
#: How the number of the rows of a formset ends, and where in a name the number of one row stands.
ROWS_COUNTED = "-TOTAL_FORMS"
ROW_NUMBER = re.compile(r"(?=-([0-9]{1,6})-)")
#: How far into a name rows are looked for; no screen comes near, and every place found costs a copy of what is before.
LONGEST_NAME = 300
#: What Django calls a value that is none of those on offer.
NOT_OFFERED = frozenset({"invalid_choice", "invalid_list", "invalid_pk_value"})
#: How Django calls it when a set of rows comes without their number.
COUNTS_LACKING = "missing_management_form"
#: Answers that show a form again: Wagtail's views say 200, ours 422.
SHOWN_AGAIN = frozenset({200, 422})


def account_behind(request) -> Any:
    """The account a request comes from, None for a visitor.

    Django takes an account that was closed since its tab was opened for a visitor; what is sent from that tab is still
    the account's, and the session names it.
    """
    if request.user.is_authenticated:
        return request.user
    key = None if request.method in READING else request.session.get(SESSION_KEY)
    return get_user_model()._default_manager.filter(pk=key).first() if key else None


def attempt_reason(request, response, account) -> str:
    """What was tried with this request, as a sentence; empty when it was ordinary work."""
    if request.method in READING or account is None:
        return ""
    if response.status_code == 404 and not _comes_by_itself(request):
        return _("What the address names does not exist.")
    if _leads_to_login(response) and not account.has_perm("wagtailadmin.access_admin"):
        return _("This account may not work in the admin any more.")
    return _no_screen_sends(response) if response.status_code in SHOWN_AGAIN else ""


def _comes_by_itself(request) -> bool:
    match = request.resolver_match
    return match is not None and bool(BY_ITSELF.intersection(match.namespaces))


def _leads_to_login(response) -> bool:
    login = resolve_url(getattr(settings, "WAGTAILADMIN_LOGIN_URL", "wagtailadmin_login"))
    return response.headers.get("Location", "").startswith(login)


def _no_screen_sends(response) -> str:
    """What in the forms of this answer no screen sends; empty when only something was forgotten or mistyped."""
    ours = response.status_code == 422
    parts = _parts_of((getattr(response, "context_data", None) or {}).values())
    return next((fault for part in parts if (fault := _fault_of(part, ours=ours))), "")


def _parts_of(values: Iterable[Any]) -> Iterator[BaseForm | BaseFormSet]:
    """The forms and sets of rows that were sent, each followed by what it consists of."""
    for value in values:
        if isinstance(value, BaseForm) and value.is_bound:
            yield value
            yield from _parts_of(getattr(value, "formsets", {}).values())
        elif isinstance(value, BaseFormSet) and value.is_bound:
            yield value
            yield from _parts_of(value.forms)


def _fault_of(part: BaseForm | BaseFormSet, *, ours: bool) -> str:
    """Names the first field with a value that is not among its choices or, in a form of ours, hidden and wrong.

    Wagtail's choosers are hidden fields as well, and leaving one empty is no attempt.
    """
    if isinstance(part, BaseFormSet):
        lacking = any(error.code == COUNTS_LACKING for error in part.non_form_errors().as_data())
        return _("The form did not arrive whole.") if lacking else ""
    for name, errors in part.errors.as_data().items():
        if name not in part.fields:
            continue
        if NOT_OFFERED.intersection(error.code for error in errors) or (ours and part[name].is_hidden):
            return _("The form held a value it does not offer, in “%(field)s”.") % {"field": part[name].label}
    return ""


def is_broken_form(request, error: BaseException) -> bool:
    """Whether a view failed because parts of its form were missing or no numbers; nothing is saved by then.

    Wagtail's forms of blocks count on the numbers their own script writes, and its editor of formatted text on the
    structure its script sends.
    """
    if request.method in READING:
        return False
    if isinstance(error, MultiValueDictKeyError | OverflowError | RecursionError):
        return True
    if isinstance(error, AttributeError | KeyError | TypeError | ValueError) and _arose_in(error, RICH_TEXT):
        return True
    if isinstance(error, ValueError) and any(words in str(error) for words in NO_NUMBERS):
        return True
    numbers = (value for name, value in request.POST.items() if name.endswith(BLOCK_NUMBERS))
    return isinstance(error, ValueError) and not all(value.isascii() and value.isdigit() for value in numbers)


def _arose_in(error: BaseException, package: str) -> bool:
    """Whether an error passed through the code of a package on its way."""
    step = error.__traceback__
    while step is not None:
        if step.tb_frame.f_globals.get("__name__", "").startswith(package):
            return True
        step = step.tb_next
    return False


def counts_more_rows_than_sent(posted: Any) -> bool:
    """Whether a formset says it has more rows than the request brings; a form is built for each one it names.

    Every row of a screen sends its fields, the empty and the removed ones too.
    """
    counts = {name.removesuffix(ROWS_COUNTED): posted[name] for name in posted if name.endswith(ROWS_COUNTED)}
    if not counts:
        return False
    sent = defaultdict(set)
    for name in posted:
        for found in ROW_NUMBER.finditer(name, 0, LONGEST_NAME):
            sent[name[: found.start()]].add(int(found[1]))
    return any(_number(said) > len(sent[prefix]) for prefix, said in counts.items())


def _number(text: str) -> int:
    """A count as the formset reads it; what is none is refused by the formset itself."""
    try:
        return IntegerField(required=False).clean(text[:20]) or 0
    except ValidationError:
        return 0
