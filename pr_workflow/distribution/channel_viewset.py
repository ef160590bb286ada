"""Channels in the admin: an agency's own, their secrets written but never shown."""

from django import forms
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.viewsets.model import ModelViewSet

from ..audit.services import audit_record
from ..people.selectors import agency_of
from ..thai_moment import ThaiMomentField
from ..thai_time import BANGKOK, thai_datetime
from .models import Channel
from .selectors import channels_visible_to


class ChannelForm(WagtailAdminModelForm):
    """One channel. An empty secret keeps the stored one; what is stored never travels to the browser."""

    secret = forms.CharField(
        label=_("Secret"),
        required=False,
        max_length=1000,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
        help_text=_("Page token or signing secret. It is never shown. Leave empty to keep the stored one."),
    )

    token_expires_at = ThaiMomentField(label=_("token expires at"), required=False, zone=BANGKOK)

    class Meta:
        model = Channel
        fields = ("agency", "kind", "name", "active", "config", "secret", "token_expires_at")
        widgets = {"config": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "config": _(
                "As JSON. Website: {}; e-mail: recipients; webhook: url, lookup_url; Facebook Page: base_url, page_id."
            )
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        agency = agency_of(self.for_user)
        self.initial.pop("secret", None)
        if agency:
            # Kept as a field, so that the name is checked against the agency's other channels.
            self.initial["agency"] = agency.pk
            self.fields["agency"].disabled = True
            self.fields["agency"].widget = forms.HiddenInput()
        if self.instance.pk:
            # The ledger rows of a channel belong to its agency and its kind.
            self.fields["agency"].disabled = self.fields["kind"].disabled = True

    def clean_secret(self):
        """The new secret, or the stored one when none was entered."""
        return self.cleaned_data["secret"].strip() or self.instance.secret


def own_channel_or_404(user, channel: Channel) -> Channel:
    """A channel of another agency does not exist here (I5)."""
    if not channels_visible_to(user).filter(pk=channel.pk).exists():
        raise Http404
    return channel


def audit_saved(*, actor, verb: str, form: ChannelForm, channel: Channel) -> None:
    """Name the changed fields in the audit log, never their values (I4)."""
    facts = {"changed": sorted(form.changed_data), "kind": channel.kind, "active": channel.active}
    audit_record(actor=actor, verb=verb, target=channel, now=timezone.now(), data=facts)


class ChannelIndexView(generic.IndexView):
    """The channels of the person's agency."""

    def get_base_queryset(self):
        return channels_visible_to(self.request.user)


class ChannelCreateView(generic.CreateView):
    """A new channel."""

    @transaction.atomic
    def save_instance(self):
        channel = super().save_instance()
        audit_saved(actor=self.request.user, verb="channel_create", form=self.form, channel=channel)
        return channel


class ChannelEditView(generic.EditView):
    """An existing channel."""

    def get_object(self, *args, **kwargs):
        return own_channel_or_404(self.request.user, super().get_object(*args, **kwargs))

    @transaction.atomic
    def save_instance(self):
        channel = super().save_instance()
        audit_saved(actor=self.request.user, verb="channel_change", form=self.form, channel=channel)
        return channel


class ChannelHistoryView(HistoryView):
    """Who changed the channel and when."""

    def get_object(self, *args, **kwargs):
        return own_channel_or_404(self.request.user, super().get_object(*args, **kwargs))


def _expiry(channel: Channel) -> str:
    return thai_datetime(channel.token_expires_at) if channel.token_expires_at else ""


class ChannelViewSet(ModelViewSet):
    """Channels of an agency (R56). Not a snippet: it has no drafts, and no chooser may list other agencies' channels.

    There is no way to delete, copy or inspect one; a channel that is not used any more is switched off.
    """

    model = Channel
    name = "pr_channels"
    url_prefix = "pr/channels"
    icon = "site"
    menu_label = _("Channels")
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = ChannelIndexView
    add_view_class = ChannelCreateView
    edit_view_class = ChannelEditView
    history_view_class = ChannelHistoryView
    add_to_admin_menu = True
    list_display = (
        "name",
        "kind",
        BooleanColumn("active", label=_("active"), sort_key="active"),
        Column("token_expires_at", label=_("token expires at"), accessor=_expiry, sort_key="token_expires_at"),
    )
    list_filter = ("kind", "active")
    search_fields = ("name",)
    search_backend_name = None

    def get_form_class(self, for_update=False):
        return ChannelForm

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(delete_url_name=None, usage_url_name=None, **kwargs)

    def get_urlpatterns(self):
        return [pattern for pattern in super().get_urlpatterns() if pattern.name not in ("delete", "usage")]
