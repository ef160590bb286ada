"""The demo's channels. Outside ones point at the bundled fake server on this machine, never at a real network."""

import base64
import secrets

from pr_workflow.distribution.models import Channel
from pr_workflow.people.models import Agency
from pr_workflow.people.network import NetworkContact

#: How far the fake server's port lies above the port of the site.
FAKE_PORT_OFFSET = 901
WEBSITE = "เว็บไซต์หน่วยงาน"


def channels_rest(agency: Agency) -> None:
    """While the past is loaded nothing leaves: the website only compares our records, the others are off.

    They exist already when a load was interrupted, or was made without news at first.
    """
    Channel.objects.get_or_create(agency=agency, kind=Channel.Kind.WEBSITE, name=WEBSITE)
    own = Channel.objects.filter(agency=agency)
    own.filter(kind=Channel.Kind.WEBSITE).update(config={"verify": "record"})
    own.exclude(kind=Channel.Kind.WEBSITE).update(active=False)


def channels_open(agency: Agency, *, fake_port: int) -> None:
    """The present begins: the website looks at the page itself, and the outside channels take what comes."""
    Channel.objects.filter(agency=agency, kind=Channel.Kind.WEBSITE).update(config={})
    outside_channels_load(agency, fake_port=fake_port)
    Channel.objects.filter(agency=agency).update(active=True)


def outside_channels_load(agency: Agency, *, fake_port: int) -> None:
    """E-mail, webhook and Facebook. Made after the past was loaded: a channel never receives news older than itself.

    So old news stands only on the website, and nothing is sent anywhere while the demo loads.
    """
    addresses = NetworkContact.objects.filter(agency=agency, active=True, channels__icontains="email").exclude(email="")
    recipients = sorted(set(addresses.values_list("email", flat=True)))
    _channel(agency, Channel.Kind.EMAIL, "อีเมลถึงเครือข่าย", {"recipients": recipients})
    _channel(agency, Channel.Kind.WEBHOOK, "ระบบข่าวของเครือข่าย (จำลอง)", {}, secret=signing_secret())
    _channel(agency, Channel.Kind.FACEBOOK, "เพจ Facebook (จำลอง)", {}, secret=secrets.token_urlsafe(24))
    fake_channels_on_port(agency, fake_port)


def fake_channels_on_port(agency: Agency, port: int) -> None:
    """The fake server may listen elsewhere than last time; the channels that use it follow."""
    server = f"http://127.0.0.1:{port}"
    hook = f"{server}/hooks/{agency.code}"
    _point(agency, Channel.Kind.WEBHOOK, {"url": hook, "lookup_url": hook})
    _point(agency, Channel.Kind.FACEBOOK, {"base_url": f"{server}/graph", "page_id": f"{agency.code}-demo"})


def signing_secret() -> str:
    """A fresh secret in the form of the Standard Webhooks specification."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


def _channel(agency: Agency, kind: str, name: str, config: dict, *, secret: str = "") -> None:
    Channel.objects.get_or_create(agency=agency, kind=kind, name=name, defaults={"config": config, "secret": secret})


def _point(agency: Agency, kind: str, config: dict) -> None:
    """Only channels that still point at this machine's fake server are moved, never one a person set up."""
    for channel in Channel.objects.filter(agency=agency, kind=kind):
        address = channel.config.get("url") or channel.config.get("base_url") or "http://127.0.0.1:"
        if address.startswith("http://127.0.0.1:") and channel.config != config:
            channel.config = config
            channel.save(update_fields=["config"])
