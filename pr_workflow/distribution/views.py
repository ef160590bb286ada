"""What a person may do with one row of the ledger: a POST, one service call, a sentence about what happened."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from wagtail.admin import messages

from . import services
from .jobs import delivery_reconcile, delivery_send, enqueue
from .models import Delivery
from .selectors import deliveries_visible_to


class DeliveryActView(View):
    """POST ``act`` = retry, absent, confirm, cancel or look, for a row of the person's own agency.

    Needs ``pr_workflow.change_delivery``. A row of another agency does not exist here (404). ``register`` draws
    the row's own screen once more when the reason for cancelling is none.
    """

    http_method_names = ["post"]
    register: Any = None

    def post(self, request, instance_pk: int):
        if not request.user.has_perm("pr_workflow.change_delivery"):
            raise PermissionDenied(_("You may not change deliveries. Ask the IT officer of the agency."))
        delivery = deliveries_visible_to(request.user).filter(pk=instance_pk).first()
        act = self._acts().get(request.POST.get("act"))
        if delivery is None or act is None:
            raise Http404
        try:
            messages.success(request, act(delivery))
        except ValidationError as error:
            if wrong := getattr(error, "error_dict", {}).get("reason"):
                typed = request.POST.get("reason", "")
                return self.register.inspect_again(request, delivery, typed, ValidationError(wrong).messages)
            messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(reverse("pr_workflow_delivery_modeladmin_inspect", args=[delivery.pk]))

    def _acts(self):
        return {
            "retry": self._retry,
            "absent": self._absent,
            "confirm": self._confirm,
            "cancel": self._cancel,
            "look": self._look,
        }

    def _retry(self, delivery: Delivery) -> str:
        services.delivery_retry(actor=self.request.user, delivery_id=delivery.pk, now=timezone.now())
        enqueue(delivery_send, delivery.pk)
        return _("The delivery is tried again now.")

    def _absent(self, delivery: Delivery) -> str:
        services.delivery_retry(
            actor=self.request.user, delivery_id=delivery.pk, now=timezone.now(), surely_absent=True
        )
        enqueue(delivery_send, delivery.pk)
        return _("You found that the post is not in the channel. It is sent again now.")

    def _confirm(self, delivery: Delivery) -> str:
        services.delivery_confirm(
            actor=self.request.user,
            delivery_id=delivery.pk,
            external_url=self.request.POST.get("external_url", "").strip(),
            now=timezone.now(),
        )
        return _("The delivery is recorded as sent.")

    def _cancel(self, delivery: Delivery) -> str:
        services.delivery_cancel(
            actor=self.request.user,
            delivery_id=delivery.pk,
            reason=self.request.POST.get("reason", ""),
            now=timezone.now(),
        )
        return _("The delivery is cancelled.")

    def _look(self, delivery: Delivery) -> str:
        enqueue(delivery_reconcile, delivery.pk)
        return _("The channel is being asked. Reload this page in a moment.")
