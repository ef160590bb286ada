"""The administrator's registers: which chain an item takes, and which level a rule leaves out (R05, R34)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.models import Workflow

from ..people.models import AgencyGroup
from ..people.register_views import OwnAgencyForm, PeopleViewSet
from .chain_rules import foreign_step_sentence, foreign_steps, nobody_signs_sentence
from .models import ChainRule, Lane, StepSkipRule
from .selectors import chain_tasks


def workflow_refusal(workflow: Workflow, agency) -> str:
    """Why news of this agency cannot go through a workflow, as a sentence; empty when it can (I3, I5)."""
    tasks = list(chain_tasks(workflow))
    if not tasks:
        return nobody_signs_sentence(workflow)
    if foreign := foreign_steps(workflow):
        return foreign_step_sentence(workflow, foreign[0])
    groups = [group for task in tasks for group in task.specific.groups.all()]
    if AgencyGroup.objects.filter(group__in=groups).exclude(agency=agency).exists():
        return _("A step of this chain is filled by people of another agency. Choose a chain of this agency.")
    return ""


class ChainRuleForm(OwnAgencyForm):
    """A choice whose section and chain belong to the agency it is for."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["workflow"].queryset = Workflow.objects.filter(active=True)
        self.fields["workflow"].help_text = _("Made under Settings > Workflows, with our steps “approval by a level”.")
        self.fields["news_types"].help_text = _("None chosen: all types.")
        self.fields["lane"].help_text = _(
            "In the fast lane shorter limits count and posting is urgent. The small correction is chosen by the flow, "
            "when an open correction round is a small one; then order, section and types do not matter."
        )

    def clean(self):
        cleaned = super().clean()
        agency, section, workflow = (cleaned.get(name) for name in ("agency", "section", "workflow"))
        if agency and section and not section.path.startswith(agency.site.root_page.path):
            self.add_error("section", ValidationError(_("This page lies outside the site of the agency.")))
        if agency and workflow and (refusal := workflow_refusal(workflow, agency)):
            self.add_error("workflow", ValidationError(refusal))
        return cleaned


class StepSkipRuleForm(OwnAgencyForm):
    """A rule for leaving a level out, said in plain words."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["when"].help_text = _(
            "Asked when an item is submitted, and never again for this version. At least one person always signs."
        )
        self.fields["news_types"].help_text = _("None chosen: all types.")
        self.fields["reason"].help_text = _(
            "Printed on the form and kept in the log, for example the order that says so."
        )


def _types(row) -> str:
    words = dict(row._meta.get_field("news_types").choices_enum.choices)
    return ", ".join(str(words.get(name, name)) for name in row.news_types) or _("all")


class _RuleViewSet(PeopleViewSet):
    """Rows are switched off instead of deleted, so that setting up the agency again does not bring them back."""

    form_base: type[OwnAgencyForm]

    def get_form_class(self, for_update=False):
        meta = type("Meta", (), {"model": self.model, "fields": self.form_fields})
        return type("Form", (self.form_base,), {"Meta": meta})


class ChainRuleViewSet(_RuleViewSet):
    """Which chain an item of a section or type goes through; the lowest order that fits decides."""

    model = ChainRule
    name = "pr_chain_rules"
    url_prefix = "pr_workflow/chain-rules"
    icon = "clipboard-list"
    menu_label = gettext_lazy("Choice of a chain")
    form_base = ChainRuleForm
    form_fields = ("agency", "name", "order", "section", "news_types", "workflow", "lane", "active")
    list_display = (
        "name",
        "agency",
        "order",
        "section",
        Column("news_types", label=gettext_lazy("types of news"), accessor=_types),
        "workflow",
        Column("lane", label=gettext_lazy("lane"), accessor=lambda rule: Lane(rule.lane).label),
        BooleanColumn("active", label=gettext_lazy("in use")),
    )
    list_filter = ("agency", "lane", "active")
    search_fields = ("name",)


class StepSkipRuleViewSet(_RuleViewSet):
    """When a level is left out, and why."""

    model = StepSkipRule
    name = "pr_skip_rules"
    url_prefix = "pr_workflow/skip-rules"
    icon = "arrow-right-full"
    menu_label = gettext_lazy("Levels left out")
    form_base = StepSkipRuleForm
    form_fields = ("agency", "role", "when", "news_types", "reason", "active")
    list_display = (
        "role",
        "agency",
        "when",
        Column("news_types", label=gettext_lazy("types of news"), accessor=_types),
        "reason",
        BooleanColumn("active", label=gettext_lazy("in use")),
    )
    list_filter = ("agency", "role", "active")
    search_fields = ("reason",)


class ChainRegisters(ViewSetGroup):
    """One entry of the menu for both; for those who hold the permission, which no role of the manuals does."""

    menu_label = gettext_lazy("Chains of approval")
    menu_icon = "clipboard-list"
    menu_order = 795
    items = (ChainRuleViewSet, StepSkipRuleViewSet)
