"""The screens of holds and disposals (R49): one form each, one verb each. All behind the agency wall (I5)."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from ..people.selectors import rows_visible_to
from .disposal import (
    DisposalRefused,
    already_decided,
    asking_refusal,
    decision_refusal,
    disposal_ask,
    disposal_confirm,
    disposal_hindrance,
    disposal_refuse,
)
from .forms import DecisionForm, DisposalForm, HoldForm, LiftForm
from .holding import hold_lift, hold_place, hold_refusal
from .models import ArchiveRecord, DisposalRequest, LegalHold
from .selectors import is_record_keeper, open_disposal
from .views import record_for

REGISTER = "pr_workflow_archiverecord_modeladmin_index"
DOSSIER = "pr_workflow_archiverecord_modeladmin_inspect"


class KeepingView(WagtailAdminTemplateMixin, FormView):
    """Base: a form about one record. What the person typed is never lost; a mistake answers 422."""

    model: type = ArchiveRecord
    template_name = "pr_workflow/archive/act.html"
    header_icon = "folder-open-inverse"
    button: str | Promise = gettext_lazy("Save")
    explanation: str | Promise = ""
    is_dangerous = False
    record: ArchiveRecord

    def dispatch(self, request, *args, **kwargs):
        self.record = self.find_record(kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def find_record(self, pk: int) -> ArchiveRecord:
        return record_for(self.request.user, pk)

    def get_page_subtitle(self):
        return self.record.title

    def get_breadcrumbs_items(self):
        register = {"url": reverse(REGISTER), "label": _("Archive")}
        dossier = {"url": reverse(DOSSIER, args=[self.record.pk]), "label": _("Archive record")}
        return [*super().get_breadcrumbs_items(), register, dossier, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            record=self.record,
            button=self.button,
            explanation=self.explanation,
            is_dangerous=self.is_dangerous,
            refusal=self.refusal(),
            back=reverse(DOSSIER, args=[self.record.pk]),
            **kwargs,
        )

    def refusal(self) -> str:
        """Why the form is not offered; the service asks again."""
        return ""

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def form_valid(self, form):
        try:
            return self.done(self.act(form))
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)

    def act(self, form) -> str:
        """Do it; returns the sentence that says so."""
        raise NotImplementedError

    def done(self, sentence: str) -> HttpResponseRedirect:
        messages.success(self.request, sentence)
        return HttpResponseRedirect(reverse(DOSSIER, args=[self.record.pk]))


class HoldView(KeepingView):
    """Place a hold."""

    page_title = gettext_lazy("Legal hold")
    form_class = HoldForm
    button = gettext_lazy("Hold the record")
    explanation = gettext_lazy("While the hold stands, nobody can delete the record, whatever its retention says.")

    def refusal(self):
        return hold_refusal(self.request.user, self.record.agency)

    def act(self, form):
        now = timezone.now()
        hold = hold_place(actor=self.request.user, record=self.record, now=now, **form.cleaned_data)
        if hold.placed_at != now:
            return _("The record is held for this reason already. Nothing was changed.")
        return _("The record is held.")


class LiftView(KeepingView):
    """Lift one hold; the number in the address is that of the hold."""

    model = LegalHold
    page_title = gettext_lazy("Lift the legal hold")
    form_class = LiftForm
    button = gettext_lazy("Lift the hold")

    def find_record(self, pk):
        self.hold = get_object_or_404(rows_visible_to(self.request.user, LegalHold.objects.all()), pk=pk)
        return record_for(self.request.user, get_object_or_404(ArchiveRecord, uuid=self.hold.record_uuid).pk)

    def refusal(self):
        if self.hold.lifted_at is not None:
            return _("This hold has already been lifted.")
        return hold_refusal(self.request.user, self.record.agency)

    def act(self, form):
        hold_lift(actor=self.request.user, hold=self.hold, now=timezone.now(), **form.cleaned_data)
        return _("The hold was lifted.")


class DisposalAskView(KeepingView):
    """Ask for the deletion of a record whose retention has passed."""

    page_title = gettext_lazy("Ask for disposal")
    form_class = DisposalForm
    button = gettext_lazy("Ask for disposal")
    explanation = gettext_lazy("The director decides. Only then are the record and its kept files deleted.")

    def refusal(self):
        if refusal := asking_refusal(self.request.user, self.record):
            return refusal
        if open_disposal(self.record):
            return _("Somebody has already asked for the disposal of this record.")
        return disposal_hindrance(self.record, timezone.now())

    def act(self, form):
        disposal_ask(actor=self.request.user, record=self.record, now=timezone.now(), **form.cleaned_data)
        return _("The disposal was asked for. The director decides.")


class DisposalDecisionView(KeepingView):
    """Delete the record, or keep it; for a second person. The number in the address is that of the request."""

    model = DisposalRequest
    page_title = gettext_lazy("Decide on a disposal")
    form_class = DecisionForm
    button = gettext_lazy("Save the decision")
    explanation = gettext_lazy("A deleted record cannot be brought back. The request stays as the proof.")
    is_dangerous = True

    def find_record(self, pk):
        requests = DisposalRequest.objects.select_related("asked_by__staff_profile", "agency")
        self.disposal = get_object_or_404(rows_visible_to(self.request.user, requests), pk=pk)
        record = ArchiveRecord.objects.filter(uuid=self.disposal.record_uuid).first()
        if self.disposal.decided_at is not None or record is None:
            # A second click, or a tab left open: told what has happened, by the same rule as everybody.
            raise DisposalRefused(decision_refusal(self.disposal, self.request.user) or already_decided())
        return record_for(self.request.user, record.pk)

    def refusal(self):
        return decision_refusal(self.disposal, self.request.user)

    def get_context_data(self, **kwargs):
        hindrance = disposal_hindrance(self.record, timezone.now())
        return super().get_context_data(disposal=self.disposal, hindrance=hindrance, **kwargs)

    def act(self, form):
        comment = form.cleaned_data["comment"]
        verb = disposal_confirm if form.cleaned_data["decision"] == "confirm" else disposal_refuse
        verb(actor=self.request.user, request=self.disposal, comment=comment, now=timezone.now())
        if verb is disposal_confirm:
            return _("The record was deleted. The request stays as the proof.")
        return _("The record is kept.")

    def done(self, sentence):
        messages.success(self.request, sentence)
        return HttpResponseRedirect(reverse("pr_admin:disposals"))


class DisposalListView(WagtailAdminTemplateMixin, TemplateView):
    """Open requests, and what was decided: for those who keep the agency's records."""

    page_title = gettext_lazy("Disposals")
    header_icon = "bin"
    template_name = "pr_workflow/archive/disposals.html"
    SHOWN_DECISIONS = 50

    def dispatch(self, request, *args, **kwargs):
        rows = rows_visible_to(request.user, DisposalRequest.objects.all())
        self.rows = rows.select_related("agency", "asked_by__staff_profile", "decided_by__staff_profile")
        profile = getattr(request.user, "staff_profile", None)
        if not request.user.is_superuser and (profile is None or not is_record_keeper(request.user, profile.agency)):
            raise PermissionDenied(_("Only those who keep the records of the agency see its disposals."))
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        register = {"url": reverse(REGISTER), "label": _("Archive")}
        return [*super().get_breadcrumbs_items(), register, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        decided = self.rows.filter(decided_at__isnull=False).order_by("-decided_at")[: self.SHOWN_DECISIONS]
        open_rows = list(self.rows.filter(decided_at__isnull=True))
        for row in open_rows:
            row.refusal = decision_refusal(row, self.request.user)
        return super().get_context_data(open_rows=open_rows, decided_rows=decided, **kwargs)
