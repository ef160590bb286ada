"""The register of deliveries in the admin: read-only, one agency's rows, with the few acts people may do on a row."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import path
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.views import InspectView

from ..people.registers import ReadOnlyPermission, ReadOnlyRegister
from ..thai_time import thai_datetime
from .models import Delivery
from .selectors import deliveries_visible_to
from .views import DeliveryActView


class DeliveryPermission(ReadOnlyPermission):
    """Also a single row is only shown to its own agency: the inspect view asks nobody else (I5)."""

    def user_can_inspect_obj(self, user, obj):
        is_visible = deliveries_visible_to(user).filter(pk=obj.pk).exists()
        return is_visible and super().user_can_inspect_obj(user, obj)


class DeliveryInspectView(InspectView):
    """One row with everything the ledger knows, dates in B.E., and the acts that its state allows."""

    page_title = _("Delivery")
    #: The reason for cancelling as it was typed, and why it is none.
    typed = ""
    problems: Sequence[str] = ()

    def get_field_label(self, field_name, field=None):
        if field_name == "clock_seconds":
            return _("seconds after going live")
        return super().get_field_label(field_name, field)

    def get_field_display_value(self, field_name, field=None):
        value = super().get_field_display_value(field_name, field)
        if isinstance(value, float):
            return round(value)
        return thai_datetime(value) if isinstance(value, datetime) else value

    def get_context_data(self, **kwargs):
        may_act = self.request.user.has_perm("pr_workflow.change_delivery")
        state = self.instance.state
        return super().get_context_data(
            act_url=self.url_helper.get_action_url("act", self.pk_quoted),
            can_retry=may_act and state == Delivery.State.FAILED,
            is_unclear=may_act and state == Delivery.State.UNKNOWN,
            can_cancel=may_act and state in Delivery.CANCELLABLE,
            typed=self.typed,
            problems=self.problems,
            **kwargs,
        )


class DeliveryAgainView(DeliveryInspectView):
    """The same screen as the answer to a form that was refused."""

    def post(self, request):
        return self.render_to_response(self.get_context_data(), status=422)


class DeliveryAdmin(ReadOnlyRegister):
    """ทะเบียนการเผยแพร่: where each news item went and what became of it (R57)."""

    model = Delivery
    menu_label = _("Deliveries")
    menu_icon = "redirect"
    permission_helper_class = DeliveryPermission
    inspect_view_class = DeliveryInspectView
    inspect_template_name = "pr_workflow/distribution/delivery_inspect.html"
    history_view_enabled = False
    list_display = ("headline", "channel_name", "outcome", "went_live", "clock")
    list_filter = ("state", "channel__kind", "went_live_at")
    list_select_related = ("channel", "agency")
    search_fields = ("title", "channel__name", "external_id", "error")
    export_filename = "deliveries"
    list_export = (
        "uuid",
        "title",
        "channel_name",
        "state",
        "went_live",
        "out_at",
        "clock",
        "in_time",
        "attempts",
        "external_id",
        "external_url",
        "error",
    )
    inspect_view_fields = (
        "title",
        "channel",
        "state",
        "error",
        "went_live_at",
        "sent_at",
        "clock_seconds",
        "external_url",
        "external_id",
        "attempts",
        "lookups",
        "next_attempt_at",
        "lease_until",
        "planned_at",
        "due_at",
        "last_state_change",
        "idempotency_key",
        "uuid",
    )

    def inspect_again(self, request, delivery: Delivery, typed: str, problems: Sequence[str]):
        """The screen of one row with a reason that was refused (422)."""
        view = DeliveryAgainView(model_admin=self, instance_pk=str(delivery.pk))
        view.typed, view.problems = typed, problems
        view.setup(request)
        return view.dispatch(request)

    def headline(self, delivery):
        return delivery.title

    headline.short_description = _("headline")  # type: ignore[attr-defined]
    headline.admin_order_field = "title"  # type: ignore[attr-defined]

    def outcome(self, delivery):
        return " – ".join(filter(None, [delivery.get_state_display(), Truncator(delivery.error).chars(90)]))

    outcome.short_description = _("state")  # type: ignore[attr-defined]
    outcome.admin_order_field = "state"  # type: ignore[attr-defined]

    def channel_name(self, delivery):
        return str(delivery.channel)

    channel_name.short_description = _("distribution channel")  # type: ignore[attr-defined]
    channel_name.admin_order_field = "channel__name"  # type: ignore[attr-defined]

    def went_live(self, delivery):
        return thai_datetime(delivery.went_live_at)

    went_live.short_description = _("went live at")  # type: ignore[attr-defined]
    went_live.admin_order_field = "went_live_at"  # type: ignore[attr-defined]

    def out_at(self, delivery):
        return thai_datetime(delivery.sent_at) if delivery.sent_at else ""

    out_at.short_description = _("sent at")  # type: ignore[attr-defined]

    def clock(self, delivery):
        return "" if delivery.clock_seconds is None else round(delivery.clock_seconds)

    clock.short_description = _("seconds after going live")  # type: ignore[attr-defined]

    def in_time(self, delivery):
        return {True: _("yes"), False: _("no"), None: ""}[delivery.within_limit]

    in_time.short_description = _("within ten minutes")  # type: ignore[attr-defined]

    def get_admin_urls_for_registration(self):
        act = path(
            f"{self.url_helper.base_url_path}/act/<int:instance_pk>/",
            DeliveryActView.as_view(register=self),
            name=self.url_helper.get_action_url_name("act"),
        )
        return (*super().get_admin_urls_for_registration(), act)
