"""Periods of mourning as a register: who sets them, in B.E., with their reference number (R20)."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.permissions import register_permission_policy

from ..audit.services import audit_record
from ..thai_time import ThaiDateField, bangkok_date
from .agency_scope import AgencyPermissionPolicy, ScopedViewSet
from .dating import plausible_days_guard
from .forms import DATE_HINT, CalendarForm
from .mourning import MourningPeriod
from .selectors import entry_may_change
from .viewsets import BuddhistDateColumn

LOGGED = ("first", "last", "reason", "reference_no", "active")


@transaction.atomic
def mourning_period_save(*, actor, period: MourningPeriod, now: datetime) -> MourningPeriod:
    """Keep a period of mourning; a national one is set by the administrator, an agency's by its officers and heads.

    Raises PermissionDenied, and ValidationError at a day whose year nobody means.
    """
    codename = "add" if period._state.adding else "change"
    allowed = actor is None or (
        actor.has_perm(f"pr_workflow.{codename}_mourningperiod") and entry_may_change(actor, period.agency_id)
    )
    if not allowed:
        raise PermissionDenied(_("You cannot set this period of mourning: it is national or of another agency."))
    plausible_days_guard(period, "first", "last", today=bangkok_date(now))
    before = MourningPeriod.objects.filter(pk=period.pk).values(*LOGGED).first()
    period.save()
    after = {name: getattr(period, name) for name in LOGGED}
    data = {"old": before, "new": after}
    audit_record(actor=actor, verb="mourning_period_save", target=period, now=now, agency=period.agency, data=data)
    return period


class MourningPolicy(AgencyPermissionPolicy):
    """Nobody deletes a period: an early end is a new last day, a mistake is taken out of use."""

    def user_has_permission(self, user, action):
        return action != "delete" and super().user_has_permission(user, action)

    def user_has_permission_for_instance(self, user, action, instance):
        return action != "delete" and super().user_has_permission_for_instance(user, action, instance)


register_permission_policy(MourningPeriod, MourningPolicy(MourningPeriod))


class MourningForm(CalendarForm):
    named_field = "first"

    first = ThaiDateField(label=gettext_lazy("First day"), help_text=DATE_HINT)
    last = ThaiDateField(label=gettext_lazy("Last day"), help_text=DATE_HINT)

    def guard(self, today):
        plausible_days_guard(self.instance, "first", "last", today=today)

    def keep(self, instance):
        return mourning_period_save(actor=self.for_user, period=instance, now=timezone.now())


class MourningFilterSet(WagtailFilterSet):
    class Meta:
        model = MourningPeriod
        fields = ["active"]


class MourningViewSet(ScopedViewSet):
    """Periods of mourning: festive days that fall into one are warned about, and nothing is blocked."""

    model = MourningPeriod
    icon = "warning"
    menu_label = gettext_lazy("Periods of mourning")
    list_display = [
        "reason",
        BuddhistDateColumn("first", label=gettext_lazy("First day")),
        BuddhistDateColumn("last", label=gettext_lazy("Last day")),
        "reference_no",
        Column("agency", label=gettext_lazy("Agency")),
        BooleanColumn("active", label=gettext_lazy("In use")),
    ]
    list_per_page = 50
    filterset_class = MourningFilterSet
    search_fields = ["reason", "reference_no"]
    inspect_view_fields = ["first", "last", "reason", "reference_no", "active"]
    edit_handler = ObjectList(
        [
            FieldPanel("agency", permission="superuser"),
            FieldRowPanel([FieldPanel("first"), FieldPanel("last")]),
            FieldPanel("reason"),
            FieldPanel("reference_no"),
            FieldPanel("active"),
        ],
        base_form_class=MourningForm,
    )

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("agency")
