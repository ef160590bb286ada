"""``manage.py serve``: web, job worker and scheduler under one supervisor, in one terminal or one service unit."""

import os
import socket
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cms.settings.paths import BASE_DIR
from cms.supervisor import Child, Supervisor


class Command(BaseCommand):
    """Starts the installation and stays until Ctrl-C or SIGTERM (R70).

    A child that dies is started again with growing pauses. The worker's first act is a catch-up tick.
    """

    help = "Run web server, job worker and scheduler together. Ctrl-C stops all of them in order."

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

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_taken_port(options["address"], options["port"])
        children = [
            Child("web", web_command(options["address"], options["port"], options["web_workers"])),
            Child("worker", worker_command(options["job_threads"])),
            Child("beat", beat_command()),
        ]
        if options["fake_channels_port"]:
            refuse_taken_port("127.0.0.1", options["fake_channels_port"])
            children.append(Child("fake channels", fake_channels_command(options["fake_channels_port"])))
        supervisor = Supervisor(children, environment=child_environment(), say=self.say)
        code = supervisor.run()
        if code:
            sys.exit(code)

    def say(self, line: str) -> None:
        self.stderr.write(line)


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


def fake_channels_command(port: int) -> list[str]:
    """The bundled stand-in for Facebook and webhooks, which keeps a ledger of what it received."""
    return [sys.executable, "-m", "django", "fake_channels", "--port", str(port)]
