"""`manage.py alarm_watch`: look for what stands still and mail it, without queue and worker."""

import json
import signal
import threading
from dataclasses import asdict
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError

from pr_workflow.alarm_watch import Watch, watch_look


class Command(BaseCommand):
    """The watch of I6. `serve` runs it as a process of its own; elsewhere a service unit or a timer does."""

    help = "Watch the machinery and mail what stands still, independent of queue, worker and scheduler."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="Look once and end, for a timer (every minute).")
        parser.add_argument("--json", action="store_true", help="With --once: print what was found as JSON.")
        parser.add_argument("--interval", type=float, default=15, help="Seconds between two looks (default: 15).")
        parser.add_argument(
            "--grace", type=float, default=60, help="Seconds the others get to start before the first look."
        )

    def handle(self, *args, **options):
        if options["once"]:
            return self.once(as_json=options["json"])
        if options["interval"] <= 0 or options["grace"] < 0:
            raise CommandError("--interval must be above 0, and --grace not below it.")
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        interval, grace = (timedelta(seconds=options[name]) for name in ("interval", "grace"))
        Watch(stop=stopped.wait, interval=interval, grace=grace).run()

    def once(self, *, as_json: bool) -> None:
        """One look. Raises `CommandError` when a part of it failed, so that the timer's own alarm rings."""
        look = watch_look()
        if as_json:
            self.stdout.write(json.dumps({**asdict(look), "at": look.at.isoformat()}, ensure_ascii=False))
        else:
            self.stdout.write(f"Stuck: {', '.join(look.problems) or 'nothing'}. Mailed: {look.mails.get('mailed', 0)}.")
        if look.failed or "database_unusable" in look.problems:
            raise CommandError("The watch could not do all its parts; nobody may have been told. The log says more.")
