"""Working groups and their orders in the admin (R01): drafts are edited, appointed groups are read."""

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column

from ..people.register_views import PeopleViewSet, ScopedCreateView, ScopedEditView, ScopedIndexView
from .forms import MembersPanel, WorkingGroupForm
from .models import WorkingGroup
from .notices import group_path
from .rules import term_in_words
from .services import draft_begin


class WorkingGroupIndexView(ScopedIndexView):
    """The groups of the agency, the newest first."""

    def get_base_queryset(self):
        return super().get_base_queryset().select_related("agency").prefetch_related("members")

    def get_edit_url(self, instance):
        """The screen of the group; its draft is edited from there."""
        return group_path(instance)


class WorkingGroupCreateView(ScopedCreateView):
    """A draft; its clock begins now (R02)."""

    def save_instance(self):
        draft_begin(self.form.instance, actor=self.request.user, now=timezone.now())
        return super().save_instance()

    def get_success_url(self):
        return group_path(self.object)


class WorkingGroupEditView(ScopedEditView):
    """A draft. What has been appointed stays as the order says it; its address leads to the screen to read."""

    def dispatch(self, request, *args, **kwargs):
        group = self.get_object()
        if not group.is_draft:
            return HttpResponseRedirect(group_path(group))
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self):
        return group_path(self.object)


class WorkingGroupViewSet(PeopleViewSet):
    """Working groups (คำสั่งแต่งตั้งคณะทำงาน, S2 §3.1)."""

    model = WorkingGroup
    name = "pr_working_groups"
    url_prefix = "pr_workflow/working-groups"
    icon = "group"
    menu_label = _("Working groups")
    index_view_class = WorkingGroupIndexView
    add_view_class = WorkingGroupCreateView
    edit_view_class = WorkingGroupEditView
    list_display = (
        "title",
        Column("order_number", label=_("Order number")),
        Column("term", label=_("Term"), accessor=term_in_words),
        Column("standing", label=_("Standing"), accessor=lambda group: group.standing.label),
        Column("members", label=_("Members"), accessor=lambda group: len(group.members.all())),
    )
    list_filter = ("kind",)
    search_fields = ("title", "order_number")
    edit_handler = ObjectList(
        [
            FieldPanel("agency"),
            FieldPanel("title"),
            FieldPanel("kind"),
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("order_number"), FieldPanel("order_date")]), FieldPanel("scan")],
                heading=_("Order"),
            ),
            MultiFieldPanel([FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")])], heading=_("Term")),
            MembersPanel(
                "members",
                panels=[FieldRowPanel([FieldPanel("staff"), FieldPanel("role")])],
                heading=_("Members"),
                label=_("Member"),
            ),
        ],
        base_form_class=WorkingGroupForm,
    )

    def get_form_class(self, for_update=False):
        return self._edit_handler.get_form_class()


def edit_url(group: WorkingGroup) -> str:
    """Where a draft is edited."""
    return reverse("pr_working_groups:edit", args=[group.pk])
