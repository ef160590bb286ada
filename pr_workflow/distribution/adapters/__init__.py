"""How each kind of channel is reached: one adapter a kind, one hierarchy of errors, chosen here."""

from django.conf import settings
from django.utils.translation import gettext as _

from .base import ChannelAdapter, ChannelError, ChannelRefused, ChannelUnclear, Message, Receipt
from .email import EmailAdapter
from .facebook import FacebookAdapter
from .webhook import WebhookAdapter
from .website import WebsiteAdapter

__all__ = [
    "ChannelAdapter",
    "ChannelError",
    "ChannelRefused",
    "ChannelUnclear",
    "Message",
    "Receipt",
    "adapter_for",
]


def _website(config, secret):
    return WebsiteAdapter(check_base_url=config.get("check_base_url", ""), verify=config.get("verify", "http"))


def _email(config, secret):
    return EmailAdapter(
        recipients=config["recipients"], from_email=config.get("from_email") or settings.DEFAULT_FROM_EMAIL
    )


def _webhook(config, secret):
    return WebhookAdapter(url=config["url"], secret=secret, lookup_url=config.get("lookup_url", ""))


def _facebook(config, secret):
    return FacebookAdapter(base_url=config["base_url"], page_id=str(config["page_id"]), token=secret)


_BUILDERS = {"website": _website, "email": _email, "webhook": _webhook, "facebook": _facebook}


def adapter_for(channel) -> ChannelAdapter:
    """The adapter of a Channel row. Raises ChannelRefused when its settings are incomplete."""
    try:
        return _BUILDERS[channel.kind](channel.config, channel.secret)
    except (KeyError, TypeError, AttributeError) as error:
        raise ChannelRefused(
            _("The settings of the channel are incomplete. Complete them, then try again."), permanent=True
        ) from error
