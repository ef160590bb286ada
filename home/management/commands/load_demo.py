"""`manage.py load_demo`: two fictional agencies with people, plans and news, made through the real services."""

import logging
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from home.demo.banner import banner
from home.demo.channels import FAKE_PORT_OFFSET
from home.demo.loading import Ports, demo_load


class Command(BaseCommand):
    """Safe to repeat: what is there stays as people left it, only the addresses follow the ports (R70)."""

    help = "Load the demo agencies. A second run keeps everything and only follows the ports."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="Port of the demo's sites.")
        parser.add_argument(
            "--fake-channels-port",
            type=int,
            help=f"Port of the fake channels (default: the site's port + {FAKE_PORT_OFFSET}).",
        )
        parser.add_argument("--without-news", action="store_true", help="Only agencies, people and plans.")
        parser.add_argument("--banner", action="store_true", help="Print addresses and logins.")

    def handle(self, *args: Any, **options: Any) -> None:
        ports = Ports(options["port"], options["fake_channels_port"] or options["port"] + FAKE_PORT_OFFSET)
        # A year of office life in a few seconds: its log lines would hide what the command itself says.
        logging.disable(logging.INFO)
        try:
            loaded = demo_load(ports=ports, now=timezone.now(), with_news=not options["without_news"])
        finally:
            logging.disable(logging.NOTSET)
        if options["banner"]:
            self.stdout.write(banner(port=options["port"]))
        else:
            self.stdout.write("The demo was loaded." if loaded else "The demo is there already; nothing was changed.")
