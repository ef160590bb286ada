"""A line of the plan that something was made for is cancelled, not taken out: its items would forget the plan (R24)."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from .models import PlanActivity


def lines_in_use(lines: Iterable[PlanActivity]) -> list[PlanActivity]:
    """Of these lines those that rows of later steps point at; one question for each kind of row, whatever the site's
    news is called."""
    rows = {line.pk: line for line in lines if line.pk}
    used: set[int] = set()
    for relation in PlanActivity._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and relation.one_to_many and rows):
            continue
        name = relation.field.name
        found = relation.related_model._base_manager.filter(**{f"{name}__in": rows})
        used.update(found.values_list(name, flat=True))
    return [line for pk, line in rows.items() if pk in used]


def removal_refusal(lines: Iterable[PlanActivity]) -> str:
    """Why these lines may not be taken out of the plan, as a whole sentence; empty when they may."""
    used = lines_in_use(lines)
    if not used:
        return ""
    codes = ", ".join(line.code for line in used)
    return _("There are items for activity %(codes)s already. Cancel it, with a reason, instead of taking it out.") % {
        "codes": codes
    }
