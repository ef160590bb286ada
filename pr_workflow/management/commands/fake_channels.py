"""Run the fake channels: a page feed and webhook receivers on this machine only."""

import signal
import threading
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ...distribution.fake_channels import FakeChannels


class Command(BaseCommand):
    """Serve until SIGINT or SIGTERM. Needs no database."""

    help = "Run a local server that plays the channels and keeps a ledger of what really arrived."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8901)
        parser.add_argument("--ledger", type=Path, default=None, help="JSON lines file that keeps the arrivals.")
        parser.add_argument(
            "--secret", action="append", default=[], metavar="NAME=SECRET", help="Check signatures at /hooks/NAME."
        )
        parser.add_argument(
            "--token", action="append", default=[], metavar="PAGE=TOKEN", help="Check the token at /graph/PAGE/feed."
        )

    def handle(self, *args, **options):
        try:
            server = FakeChannels(
                options["port"], options["ledger"], _pairs(options["secret"]), _pairs(options["token"])
            )
        except OSError as error:
            message = _("Port %(port)s is taken. Choose another with --port.") % {"port": options["port"]}
            raise CommandError(message) from error
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_signal: stop.set())
        with server:
            self.stdout.write(f"{server.base_url}/ledger")
            self.stdout.flush()
            stop.wait()


def _pairs(texts):
    pairs = {}
    for text in texts:
        name, separator, value = text.partition("=")
        if not separator:
            raise CommandError(_("“%(text)s” is not of the form NAME=VALUE.") % {"text": text})
        pairs[name] = value
    return pairs
