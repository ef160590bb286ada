"""``manage.py serve``: web, job worker, scheduler and watch under one supervisor, in one terminal or service unit."""

import os
import socket
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from cms.settings.paths import BASE_DIR, DATA_DIR
from cms.supervisor import Child, Supervisor
from home.demo.banner import banner
from home.demo.channels import FAKE_PORT_OFFSET

#: Seconds between the start of the web server and that of the others.
WEB_HEAD_START = 2.5


class Command(BaseCommand):
    """Starts the installation and stays until Ctrl-C or SIGTERM (R70).

    A child that dies is started again with growing pauses. The worker's first act is a catch-up tick.
    """

    help = "Run web server, job worker, scheduler and watch together. Ctrl-C stops all of them in order."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--address", default="127.0.0.1", help="Address to listen on (default: this machine only).")
        parser.add_argument("--port", type=int, default=8000, help="Port of the web server.")
        parser.add_argument("--web-workers", type=int, default=2, help="Web server processes, each with 4 threads.")
        parser.add_argument("--job-threads", type=int, default=2, help="Threads of the job worker.")
        parser.add_argument(
            "--fake-channels-port",
            type=int,
            default=0,
            help="Also start the bundled stand-in for outside channels on this port (demonstrations and tests only).",
        )
        parser.add_argument(
            "--demo",
            action="store_true",
            help="First bring the database up to date and load the demo agencies; also start the fake channels.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        address, port = options["address"], options["port"]
        fake_port = options["fake_channels_port"] or (port + FAKE_PORT_OFFSET if options["demo"] else 0)
        refuse_taken_port(address, port)
        commands = {
            "web": web_command(address, port, options["web_workers"]),
            "worker": worker_command(options["job_threads"]),
            "beat": beat_command(),
            "watch": watch_command(),
        }
        if fake_port:
            refuse_taken_port("127.0.0.1", fake_port)
            commands["fake channels"] = fake_channels_command(fake_port)
        welcome = f"Prakat answers at http://{address}:{port}/. Ctrl-C stops it."
        if options["demo"]:
            welcome = self.prepare_demo(port, fake_port)
        announce = Announcement(address, port, lambda: self.stdout.write(welcome))
        supervisor = Supervisor(
            in_turn(commands), environment=child_environment(), say=self.stderr.write, each_turn=announce
        )
        code = supervisor.run()
        if code:
            sys.exit(code)

    def prepare_demo(self, port: int, fake_port: int) -> str:
        """Migrate if needed, load what is missing of the demo; returns the banner with addresses and logins."""
        if migrations_pending():
            self.stdout.write("Preparing the database ...")
            call_command("migrate", verbosity=0)
        self.stdout.write("Loading the demo agencies (only the first time) ...")
        call_command("load_demo", port=port, fake_channels_port=fake_port, stdout=StringIO())
        text = banner(port=port)
        connections.close_all()
        return text


class Announcement:
    """Calls ``say`` once, as soon as something listens on the web server's port."""

    def __init__(self, address: str, port: int, say: Callable[[], Any]) -> None:
        self.target = ("127.0.0.1" if address == "0.0.0.0" else address, port)  # noqa: S104
        self.say = say
        self.made = False

    def __call__(self) -> None:
        if self.made:
            return
        with socket.socket() as probe:
            probe.settimeout(0.1)
            self.made = probe.connect_ex(self.target) == 0
        if self.made:
            self.say()


def in_turn(commands: dict[str, list[str]]) -> list[Child]:
    """The web server gets the processors to itself for its start: people wait for the first page, jobs do not mind."""
    later = time.monotonic() + WEB_HEAD_START
    return [Child(name, argv, start_after=0.0 if name == "web" else later) for name, argv in commands.items()]


def migrations_pending() -> bool:
    """Whether the database lacks a migration; far quicker than running ``migrate`` to find out."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def refuse_taken_port(address: str, port: int) -> None:
    """Raises CommandError when something already listens there: better one clear sentence than an endless restart."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} on {address} cannot be used ({error.strerror}). Stop the program that holds it, "
                "or choose another port: make run PORT=8010."
            ) from error


def child_environment() -> dict[str, str]:
    """The children use the same settings module as this command, whatever their own default is."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(BASE_DIR), os.environ.get("PYTHONPATH", "")])),
        "PYTHONUNBUFFERED": "1",
    }


def web_command(address: str, port: int, workers: int) -> list[str]:
    """gunicorn with threads; the application is loaded once and shared by the processes."""
    return [
        *(sys.executable, "-m", "gunicorn", "cms.wsgi:application"),
        *("--bind", f"{address}:{port}", "--workers", str(workers)),
        *("--worker-class", "gthread", "--threads", "4", "--preload"),
        *("--graceful-timeout", "10", "--log-level", "warning", "--no-control-socket"),
    ]


def worker_command(threads: int) -> list[str]:
    """One worker process; its jobs mostly wait for the database or for a channel, so threads are enough."""
    return [
        *(sys.executable, "-m", "celery", "--quiet", "-A", "cms", "worker"),
        *("--pool", "threads", "--concurrency", str(threads), "--loglevel", "WARNING"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]


def beat_command() -> list[str]:
    """The scheduler as a process of its own: inside the worker it would outlive a killed worker and tick twice."""
    return [
        *(sys.executable, "-m", "celery", "--quiet", "-A", "cms", "beat"),
        *("--loglevel", "WARNING", "--pidfile", ""),
    ]


def watch_command() -> list[str]:
    """The watch mails what stands still; a process of its own, because a dead worker tells nobody (I6)."""
    return [sys.executable, "-m", "django", "alarm_watch"]


def fake_channels_command(port: int) -> list[str]:
    """The bundled stand-in for Facebook and webhooks, which keeps a ledger of what it received."""
    ledger = DATA_DIR / "fake-channels.jsonl"
    return [sys.executable, "-m", "django", "fake_channels", "--port", str(port), "--ledger", str(ledger)]
