"""One action for a holiday that is called off or moved (R25)."""

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from ..thai_time import ThaiDateField, thai_date
from .forms import DATE_HINT
from .holiday_changes import LONGEST_REFERENCE, holiday_cancel, holiday_move
from .models import Holiday
from .selectors import entries_visible_to, entry_may_change

CANCEL, MOVE = "cancel", "move"


class HolidayChangeForm(forms.Form):
    """What happens to the holiday, by which announcement."""

    act = forms.ChoiceField(
        label=gettext_lazy("What happens"),
        choices=[
            (MOVE, gettext_lazy("It is moved to another date")),
            (CANCEL, gettext_lazy("It is cancelled: offices work on its date")),
        ],
        initial=MOVE,
        widget=forms.RadioSelect,
    )
    to = ThaiDateField(label=gettext_lazy("New date"), required=False, help_text=DATE_HINT)
    reference_no = forms.CharField(
        label=gettext_lazy("Reference number"),
        max_length=LONGEST_REFERENCE,
        help_text=gettext_lazy("Cabinet resolution or announcement."),
    )

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("act") == MOVE and cleaned.get("to") is None and not self.has_error("to"):
            self.add_error("to", _("Give the date it is moved to."))
        return cleaned


class HolidayChangeView(WagtailAdminTemplateMixin, FormView):
    """For who may change the row; 404 for rows of other agencies, 403 for national ones without the right (I5)."""

    page_title = gettext_lazy("Move or cancel a holiday")
    header_icon = "calendar-alt"
    template_name = "pr_workflow/festival_calendar/holiday_change.html"
    form_class = HolidayChangeForm

    def dispatch(self, request, pk: int):
        rows = entries_visible_to(request.user, Holiday.objects.select_related("agency"))
        self.holiday = get_object_or_404(rows, pk=pk)
        if not may_change(request.user, self.holiday):
            raise PermissionDenied(_("Only who keeps this entry of the calendar moves or cancels it."))
        return super().dispatch(request, pk)

    def get_page_subtitle(self):
        return str(self.holiday)

    def get_breadcrumbs_items(self):
        register = {"url": register_address(), "label": _("Holidays")}
        return [*super().get_breadcrumbs_items(), register, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            holiday=self.holiday,
            date=thai_date(self.holiday.date, "full_with_weekday"),
            back=register_address(),
            **kwargs,
        )

    def form_valid(self, form):
        cleaned = form.cleaned_data
        given = {"holiday": self.holiday, "reference_no": cleaned["reference_no"], "now": timezone.now()}
        try:
            if cleaned["act"] == MOVE:
                moved = holiday_move(actor=self.request.user, to=cleaned["to"], **given)
                text = _("“%(name)s” was moved to %(date)s. Open deadlines have followed.")
                words = {"name": moved.name_th, "date": thai_date(moved.date)}
            else:
                row = holiday_cancel(actor=self.request.user, **given)
                text = _("“%(name)s” on %(date)s was cancelled. Open deadlines have followed.")
                words = {"name": row.name_th, "date": thai_date(row.date)}
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        messages.success(self.request, text % words)
        return HttpResponseRedirect(register_address())

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


def is_changeable(holiday: Holiday) -> bool:
    """Whether a row closes offices now, so that it can be moved or cancelled."""
    return holiday.active and holiday.kind != Holiday.Kind.CANCELLED


def may_change(user, holiday: Holiday) -> bool:
    """Whether this account may move or cancel the row as it stands."""
    kept = user.has_perm("pr_workflow.change_holiday") and entry_may_change(user, holiday.agency_id)
    return kept and is_changeable(holiday)


def register_address() -> str:
    """The list of holidays."""
    return reverse("wagtailsnippets_pr_workflow_holiday:list")


urlpatterns = [path("holidays/<int:pk>/change/", HolidayChangeView.as_view(), name="holiday_change")]
