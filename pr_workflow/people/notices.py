"""Both people of a delegation read that it counts, or no more (R06)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from ..notifications.services import in_house_language, notice_write
from ..thai_time import thai_date_range


def on_delegation_changed(sender, *, delegation, revoked, now, **kwargs) -> None:
    """Who gave the role and who acts in it; in the transaction of the order."""
    words = {
        "delegate": delegation.delegate.display_name,
        "delegator": delegation.delegator.display_name,
        "order": delegation.order_number,
        "period": thai_date_range(delegation.starts_on, delegation.ends_on, "short"),
    }
    with in_house_language():
        words["role"] = str(delegation.get_role_display())
        subject = _("Delegation revoked: %(role)s") if revoked else _("Delegation: %(role)s")
        text = _("%(delegate)s acts in place of %(delegator)s, %(period)s, by order %(order)s.")
        if revoked:
            text = _("%(delegate)s no longer acts in place of %(delegator)s (order %(order)s).")
        notice_write(
            recipients=[delegation.delegator.user, delegation.delegate.user],
            key=f"delegation:{delegation.pk}:{'revoked' if revoked else 'granted'}",
            subject=subject % words,
            text=text % words,
            path=reverse("pr_admin:delegation", args=[delegation.pk]),
            agency=delegation.agency,
            now=now,
        )
