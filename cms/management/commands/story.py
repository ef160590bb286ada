"""`manage.py story` (`make story`): the main job over real HTTP, against an installation that exists only for it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from cms.settings.paths import BASE_DIR
from cms.story.installation import Ports, free_ports, story_environment
from cms.story.play import play
from cms.supervisor import die_with_parent

#: Seconds until a play that does not end is asked again: a request that meets it inside a library's callback is lost.
ASK_AGAIN = 5


class Command(BaseCommand):
    """Plays the story in a process of its own, because the settings of this one belong to another installation.

    Exit code 0 when every promise holds, 1 when one does not or the story broke off. The folder is deleted and
    everything stopped in any case; `--keep` leaves the folder for a look.
    """

    help = "Play the main job from plan to weekly report over HTTP on a fresh installation, and check the promises."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", type=Path, metavar="FILE", help="Also write the story for machines.")
        parser.add_argument("--keep", action="store_true", help="Keep the folder with database, uploads and logs.")
        parser.add_argument("--inside", type=Path, metavar="FOLDER", help="Used by the command itself.")
        parser.add_argument("--ports", type=int, nargs=2, default=None, help="Used by the command itself.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["inside"]:
            # A polite end unwinds the play, which stops everything it started.
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
            ports = Ports(*options["ports"])
            sys.exit(0 if play(options["inside"], ports, self.say, options["json"]) else 1)
        folder = Path(tempfile.mkdtemp(prefix="prakat-story-"))
        try:
            code = self.play_in(folder, options)
        finally:
            if options["keep"]:
                self.say(f"Kept: {folder}")
            else:
                shutil.rmtree(folder, ignore_errors=True)
        sys.exit(code)

    def play_in(self, folder: Path, options: dict[str, Any]) -> int:
        """Run this command again with the environment of the story's own installation."""
        ports = free_ports()
        command = [
            *(sys.executable, str(BASE_DIR / "manage.py"), "story", "--inside", str(folder)),
            *("--ports", str(ports.site), str(ports.fake_channels)),
            *(("--json", str(options["json"].resolve())) if options["json"] else ()),
        ]
        environment = story_environment(folder, ports, os.environ)
        process = subprocess.Popen(  # noqa: S603  the command line is ours
            command,
            env=environment,
            preexec_fn=die_with_parent,  # noqa: PLW1509  nothing else runs in this process
        )
        ending = threading.Event()

        def end(*_: Any) -> None:
            ending.set()
            process.terminate()

        signal.signal(signal.SIGTERM, end)
        while True:
            try:
                return process.wait(ASK_AGAIN)
            except subprocess.TimeoutExpired:
                if ending.is_set():
                    process.terminate()
            except KeyboardInterrupt:
                self.say("Stopping ...")  # Ctrl-C has reached the play too; it stops its processes first.

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
