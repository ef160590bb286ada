"""What a delegation must keep to, who may order one, and how it reads on paper (R06)."""

from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from ..thai_time import bangkok_date, thai_date_range
from .models import Agency, Delegation, StaffProfile
from .roles import CHAIN, DELEGABLE, Role
from .selectors import holds_seat, network_only


def may_delegate(user, *, delegator: StaffProfile, role: Role | str) -> bool:
    """Who orders that somebody acts for this person: the person, their director, or a superuser."""
    if user is None or user.is_superuser:
        return user is not None
    return delegator.user_id == user.pk or holds_seat(user, Role.DIRECTOR, delegator.agency)


def roles_to_delegate(user, agency: Agency) -> list[Role]:
    """The roles for which this account may order a delegation in an agency, in the order of the chain."""
    if user.is_superuser or holds_seat(user, Role.DIRECTOR, agency):
        return list(DELEGABLE)
    return [role for role in DELEGABLE if holds_seat(user, role, agency)]


def delegation_guard(delegation: Delegation, *, now: datetime) -> None:
    """Refuse a delegation that could not work, each reason at its field. Raises `ValidationError` (R06)."""
    problems: dict[str, str] = {}
    for name, message in (
        *_people_problems(delegation),
        *_administrator_problems(delegation),
        *_period_problems(delegation, today=bangkok_date(now)),
    ):
        problems.setdefault(name, message)
    if not problems:
        problems.update(_clash_problems(delegation))
    if problems:
        raise ValidationError(problems)


def _people_problems(delegation: Delegation):
    giver, actor = delegation.delegator, delegation.delegate
    if delegation.role not in DELEGABLE:
        yield "role", _("Only heads, the director and IT officers delegate. Choose one of these roles.")
    if giver.agency_id != delegation.agency_id:
        yield "delegator", _("This person belongs to another agency.")
    elif not giver.can_act:
        yield "delegator", _not_in_office(giver)
    elif not holds_seat(giver.user, delegation.role, delegation.agency):
        text = _("%(name)s does not hold the role “%(role)s”, so nobody can act in it for them.")
        yield "delegator", text % {"name": giver.display_name, "role": delegation.get_role_display()}
    if problem := _delegate_problem(delegation, actor):
        yield "delegate", problem
    if not delegation.order_number.strip():
        yield "order_number", _("Write the number of the order; it is printed beside the signature.")


def _delegate_problem(delegation: Delegation, actor: StaffProfile) -> str:
    """Why this person cannot act for the other one; empty when they can."""
    words = {"name": actor.display_name, "role": delegation.get_role_display()}
    if actor.pk == delegation.delegator.pk:
        return _("Nobody acts for themself. Choose another person.")
    if actor.agency_id != delegation.agency_id:
        return _("This person belongs to another agency.")
    if not actor.can_act:
        return _not_in_office(actor)
    if actor.user_id in network_only(delegation.agency):
        text = _("%(name)s belongs to the network outside the office and acts for nobody in it. Choose somebody else.")
        return text % words
    if holds_seat(actor.user, delegation.role, delegation.agency):
        return _("%(name)s holds the role “%(role)s” already and needs no delegation.") % words
    return ""


def _administrator_problems(delegation: Delegation):
    """A system administrator holds no step of a chain, whatever group the account is in (I3)."""
    for name, person in (("delegator", delegation.delegator), ("delegate", delegation.delegate)):
        if delegation.role in CHAIN and person.user and person.user.is_superuser:
            text = _("%(name)s is a system administrator and signs nothing, neither here nor through somebody else.")
            yield name, text % {"name": person.display_name}


def _not_in_office(person: StaffProfile) -> str:
    text = _("%(name)s is not in office or has no open account. Choose somebody else.")
    return text % {"name": person.display_name}


def _period_problems(delegation: Delegation, *, today: date):
    if delegation.ends_on < delegation.starts_on:
        yield "ends_on", _("The last day lies before the first. Choose a later day.")
    elif delegation.ends_on < today:
        yield "ends_on", _("This period is over. A delegation counts from today on at the earliest.")


def _clash_problems(delegation: Delegation) -> dict[str, str]:
    """A second delegation of the same person and role in the same days, or people who would act for each other."""
    same_days = Delegation.objects.filter(agency_id=delegation.agency_id)
    same_days = same_days.overlapping(delegation.starts_on, delegation.ends_on)
    twin = same_days.filter(delegator=delegation.delegator, role=delegation.role).select_related("delegate").first()
    if twin:
        text = _("%(name)s acts in this role already (%(period)s). Revoke that delegation first, or choose other days.")
        period = thai_date_range(twin.starts_on, twin.ends_on, style="short")
        return {"starts_on": text % {"name": twin.delegate.display_name, "period": period}}
    if _leads_back(delegation, list(same_days.select_related("delegate"))):
        text = _("%(delegate)s has delegated in the same days, and it leads back to %(delegator)s: a circle.")
        names = {"delegate": delegation.delegate.display_name, "delegator": delegation.delegator.display_name}
        return {"delegate": text % names}
    return {}


def _leads_back(delegation: Delegation, others: list[Delegation]) -> bool:
    """Whether, on one and the same day, people would act for each other in a ring, over any number of links."""
    ways = [(delegation.delegate_id, delegation.starts_on, delegation.ends_on)]
    seen = set(ways)
    while ways:
        person, first, last = ways.pop()
        if person == delegation.delegator_id:
            return True
        for link in others:
            shared = (link.delegate_id, max(first, link.starts_on), min(last, link.ends_on))
            if link.delegator_id == person and shared[1] <= shared[2] and shared not in seen:
                seen.add(shared)
                ways.append(shared)
    return False


def capacity_text(delegation: Delegation | None) -> str:
    """In whose place somebody signs, as it is printed beside the name; empty for who signs in an own role.

    In the language of the site, because it is kept with the signature and printed years later.
    """
    if delegation is None:
        return ""
    with translation.override(settings.LANGUAGE_CODE):
        return _("%(wording)s the %(role)s (%(name)s), by order %(order)s") % {
            "wording": delegation.get_capacity_display(),
            "role": delegation.get_role_display(),
            "name": delegation.delegator.display_name,
            "order": delegation.order_number,
        }
