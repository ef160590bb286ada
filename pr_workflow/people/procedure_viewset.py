"""The register of procedures: heads keep it, what has been in force stays as it was (R17)."""

from django.forms import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column

from ..editor_forms import RowsPanel, SafeChoosers
from ..thai_time import ThaiDateField, bangkok_date, thai_date
from .procedures import FIRST_YEAR_BE, LAST_YEAR_BE, Procedure, ProcedureRevision, Scope
from .register_views import FOREIGN_FILE, FixedAgencyForm, PeopleViewSet, ScopedIndexView

#: What of a revision stays once it is in force; a better scan may still replace the document.
FIXED = {"number", "year_be", "effective_on"}


class RevisionForm(SafeChoosers, WagtailAdminModelForm):
    """One revision; the day is typed in B.E."""

    effective_on = ThaiDateField(
        label=gettext_lazy("In force from"), help_text=gettext_lazy("In B.E., for example 1/10/2570.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "number" in self.fields:
            self.fields["number"].label = gettext_lazy("Revision no.")

    def clean_year_be(self) -> int:
        """A plausible B.E. year."""
        year = self.cleaned_data["year_be"]
        if not FIRST_YEAR_BE <= year <= LAST_YEAR_BE:
            raise ValidationError(_("Give the year in B.E., for example 2570. The C.E. year 2027 is 2570 B.E."))
        return year


class RevisionsPanel(RowsPanel):
    """The revisions inside a procedure, each a `RevisionForm`."""

    row_model = ProcedureRevision
    row_form = RevisionForm


class ProcedureForm(FixedAgencyForm):
    """A procedure of one's own agency with its revisions."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for line in self.formsets["revisions"].forms:
            # A new line knows its procedure only after saving; its file is checked against the agency before that.
            line.instance.procedure = self.instance

    def clean(self):
        """Adds what the register does not allow, each reason as a sentence."""
        cleaned = super().clean()
        agency = cleaned.get("agency") or (self.instance.agency if self.instance.agency_id else None)
        others = Procedure.objects.filter(agency=agency).exclude(pk=self.instance.pk)
        if others.filter(code=cleaned.get("code")).exists():
            self.add_error("code", _("Another procedure has this document code already."))
        scope = cleaned.get("scope")
        if scope and scope != Scope.OTHER and (other := others.filter(scope=scope).first()):
            text = _("“%(title)s” counts for these items already. Add a revision to it.")
            self.add_error("scope", text % {"title": other.title})
        self._check_lines(agency)
        return cleaned

    def _check_lines(self, agency):
        today, seen = bangkok_date(timezone.now()), set()
        kept = {row.pk: row for row in ProcedureRevision.objects.filter(procedure=self.instance.pk)}
        for line in self.formsets["revisions"].forms:
            valid = line.is_valid()
            leaves = bool(line.cleaned_data.get("DELETE"))
            stored = kept.get(line.instance.pk)
            if stored and stored.effective_on <= today and (leaves or FIXED & set(line.changed_data)):
                text = _("The %(revision)s is in force and stays as it is. Add the next one.")
                self.add_error(None, text % {"revision": stored})
            document = line.cleaned_data.get("document")
            if document and agency and not agency.keeps(document):
                line.add_error("document", FOREIGN_FILE)
                valid = False
            if not valid or leaves or not (stored or line.has_changed()):
                continue
            key = (line.cleaned_data.get("number"), line.cleaned_data.get("year_be"))
            if key in seen:
                text = _("The revision %(number)s/%(year)s is there twice. Keep one.")
                self.add_error(None, text % {"number": key[0], "year": key[1]})
            seen.add(key)


class ProcedureIndexView(ScopedIndexView):
    """The procedures of the agency, each with the revision that counts today."""

    def get_base_queryset(self):
        return super().get_base_queryset().prefetch_related("revisions")


def in_force_text(procedure: Procedure) -> str:
    """The revision in force today and since when; the next one while there is none yet."""
    today = bangkok_date(timezone.now())
    running = [revision for revision in procedure.revisions.all() if revision.effective_on <= today]
    if not running:
        return _("none yet")
    newest = max(running, key=lambda revision: (revision.effective_on, revision.year_be, revision.number))
    return f"{newest} · {thai_date(newest.effective_on, 'short')}"


class ProcedureViewSet(PeopleViewSet):
    """Controlled procedures (R17)."""

    model = Procedure
    name = "pr_procedures"
    url_prefix = "pr_workflow/procedures"
    icon = "doc-full-inverse"
    menu_label = gettext_lazy("Procedures")
    index_view_class = ProcedureIndexView
    list_display = (
        "title",
        Column("code", label=gettext_lazy("Document code")),
        Column("scope", label=gettext_lazy("Counts for"), accessor="get_scope_display"),
        Column("revision", label=gettext_lazy("In force"), accessor=in_force_text),
    )
    search_fields = ("code", "title")
    edit_handler = ObjectList(
        [
            FieldPanel("agency"),
            FieldRowPanel([FieldPanel("code"), FieldPanel("scope")]),
            FieldPanel("title"),
            RevisionsPanel(
                "revisions",
                panels=[
                    FieldRowPanel([FieldPanel("number"), FieldPanel("year_be"), FieldPanel("effective_on")]),
                    FieldPanel("document"),
                ],
                heading=gettext_lazy("Revisions"),
                label=gettext_lazy("Revision"),
            ),
        ],
        base_form_class=ProcedureForm,
    )

    def get_form_class(self, for_update=False):
        return self._edit_handler.get_form_class()
