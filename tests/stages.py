"""Stages: a draft, an approved item, a whole office. Services make each once a process; later tests get its rows back.

A factory marked `@kept` runs for real the first time. What it wrote is kept under everything it depended on: the state
of the database it began from, its arguments, the clock, the language and the settings. When another test calls it from
exactly there, the same rows and files are written back, which costs a fiftieth. Whenever anything is different or
unknown (a patched function, somebody listening to signals, a write this file cannot follow) the factory just runs.

The state of the database has a name: that of the migrated database, lengthened by every write since. A savepoint that
is rolled back takes its part of the name away again.
"""

import copy
import hashlib
import inspect
import os
import re
import uuid
import weakref
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
import time_machine
import wagtail.signals
from django.conf import UserSettingsHolder, settings
from django.core import mail
from django.core.cache import caches
from django.core.files.storage import FileSystemStorage
from django.db import connection, models, transaction
from django.db.models import signals as model_signals
from django.dispatch import Signal
from django.utils import timezone, translation

from tests.stage_rows import Recording, TableChange, files_write

WRITE = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
READ = re.compile(r"[\s(]*(?:SELECT|SAVEPOINT|RELEASE|PRAGMA|EXPLAIN|SET CONSTRAINTS)", re.IGNORECASE)
SAVEPOINT = re.compile(r'(ROLLBACK TO )?SAVEPOINT "?(\w+)"?', re.IGNORECASE)
PLAIN = (str, int, float, bool, bytes, date, datetime, timedelta, Decimal, uuid.UUID, type(None))
#: `PRAKAT_TEST_STAGES=anew`: every test makes its own, at more than twice the time.
KEEPING = os.environ.get("PRAKAT_TEST_STAGES") != "anew"
#: Who is logged in changes nothing a stage stands on.
LOGIN = re.compile(r'\s*(?:\w+ )+"django_session"|\s*UPDATE "home_user" SET "last_login" = %s WHERE', re.IGNORECASE)


class Unknown(Exception):
    """What a stage depends on cannot be told."""


@dataclass
class Stage:
    """One kept call of a factory."""

    result: Any
    changes: list[TableChange]
    files: dict[Path, bytes]
    on_commit: list[tuple[Callable[[], object], bool]]

    def put_back(self) -> Any:
        for change in self.changes:
            change.write()
        files_write(self.files)
        for recording in the_place.recordings:
            recording.put_back.update(self.files)
        for act, robust in self.on_commit:
            transaction.on_commit(act, robust=robust)
        # Cached answers of before know nothing of these rows.
        caches["default"].key_prefix = caches.settings["default"]["KEY_PREFIX"] = f"test-{uuid.uuid4().hex}"
        return fresh(self.result)


class Place:
    """Where the database of this process stands, and what happens to it."""

    def __init__(self) -> None:
        self.name: str | None = None
        self._savepoints: dict[str, str | None] = {}
        self.recordings: list[Recording] = []
        self.stages: dict[str, Stage | None] = {}
        self.patches: list[pytest.MonkeyPatch] = []
        self.listeners: tuple[int, ...] = ()
        #: A test that wrote for good may have left other numbers than the migrations.
        self.committed = False
        self._following = True

    def begin(self, name: str | None) -> None:
        """A test begins here; None: nothing is known of its beginning."""
        self.name = None if self.committed else name
        self._savepoints.clear()

    def follow(self, execute, sql, params, many, context):
        """Sees every statement of this connection before it is executed."""
        text = sql if isinstance(sql, str) else str(sql)
        if write := WRITE.match(text):
            for recording in self.recordings:
                recording.about_to_write(write[1])
            self._wrote(text, params)
        elif point := SAVEPOINT.match(text):
            if point[1]:
                self.name = self._savepoints.get(point[2])
            else:
                self._savepoints[point[2]] = self.name
        elif not READ.match(text):
            self.name = None
            for recording in self.recordings:
                recording.spoiled = True
        return execute(sql, params, many, context)

    def _wrote(self, text: str, params: Any) -> None:
        if not self._following or LOGIN.match(text) or self.name is None:
            return
        # On PostgreSQL a new row gets another number each time.
        numbered = text.lstrip()[:6].upper() == "INSERT" and connection.vendor != "sqlite"
        self.name = None if numbered else digest(self.name, text, repr(params))

    @contextmanager
    def not_following(self):
        """Writes in here are known as a whole."""
        before, self._following = self._following, False
        try:
            yield
        finally:
            self._following = before


the_place = Place()


def kept(make: Callable) -> Callable:
    """Keep what a factory makes. It returns an object of a model, an office or nothing, and changes no argument."""
    signature = inspect.signature(make)

    @wraps(make)
    def made(*args, **kwargs):
        begun = the_place.name if KEEPING else None
        try:
            name = stage_name(begun, make, signature.bind(*args, **kwargs)) if begun else None
        except Unknown:
            name = None
        if name is None or the_place.stages.get(name, ...) is None:
            return make(*args, **kwargs)
        if stage := the_place.stages.get(name):
            with the_place.not_following():
                result = stage.put_back()
        else:
            result = first_made(name, lambda: make(*args, **kwargs))
        the_place.name = name
        return result

    return made


def first_made(name: str, make: Callable[[], Any]) -> Any:
    """Make a stage by the services and keep it, unless rows and files are not all of it."""
    recording = Recording()
    waiting, mails = len(connection.run_on_commit), len(getattr(mail, "outbox", []))
    the_place.recordings.append(recording)
    try:
        result = make()
    finally:
        the_place.recordings.pop()
    if recording.spoiled or len(getattr(mail, "outbox", [])) != mails:
        the_place.stages[name] = None
        return result
    acts = [(act, robust) for _savepoints, act, robust in connection.run_on_commit[waiting:]]
    the_place.stages[name] = Stage(fresh(result, copied=True), recording.changes(), recording.contents(), acts)
    return result


def fresh(result: Any, *, copied: bool = False) -> Any:
    """The object as a test may change it: read again, or copied."""
    if isinstance(result, models.Model):
        return result if copied else type(result)._base_manager.get(pk=result.pk)
    return copy.deepcopy(result)


def stage_name(begun: str, make: Callable, call: inspect.BoundArguments) -> str:
    """Raises Unknown."""
    if any(patch._setattr or patch._setitem for patch in the_place.patches):
        raise Unknown("something is patched")
    if listeners() != the_place.listeners:
        raise Unknown("somebody listens")
    arguments = [(name, told(value)) for name, value in sorted(call.arguments.items())]
    surroundings = (moment(), translation.get_language(), timezone.get_current_timezone_name(), settings_changed())
    return digest(begun, make.__module__, make.__qualname__, repr(arguments), repr(surroundings))


def told(value: Any) -> Any:
    """A value in words that are the same in every test. Raises Unknown."""
    if isinstance(value, PLAIN):
        return f"{type(value).__name__} {value!r}"
    if isinstance(value, list | tuple):
        return [told(item) for item in value]
    if isinstance(value, dict):
        return [(told(name), told(item)) for name, item in value.items()]
    if isinstance(value, models.Model) and value.pk is not None:
        return f"{value._meta.label} {value.pk!r}"
    if is_dataclass(value):
        return [(field.name, told(getattr(value, field.name))) for field in fields(value)]
    raise Unknown(repr(type(value)))


def moment() -> str:
    """The hour a stopped clock shows. Raises Unknown for a travelled clock that goes on."""
    if not time_machine.traveller_stack:
        return "now"
    traveller = time_machine.traveller_stack[-1]
    if traveller._tick:
        raise Unknown("the clock ticks")
    return f"at {traveller.time_ns()}"


def settings_changed() -> list[tuple[str, str]]:
    """Settings a test has set otherwise."""
    changed, holder = [], settings._wrapped
    while isinstance(holder, UserSettingsHolder):
        changed += [(name, repr(value)) for name, value in sorted(vars(holder).items()) if name.isupper()]
        holder = holder.default_settings
    return changed


def listeners() -> tuple[int, ...]:
    """How many listen to each signal a stage sends."""
    from pr_workflow import signals

    known = [signal for module in (model_signals, wagtail.signals, signals) for signal in vars(module).values()]
    return tuple(
        sum(not isinstance(heard[1], weakref.ReferenceType) or heard[1]() is not None for heard in signal.receivers)
        for signal in known
        if isinstance(signal, Signal)
    )


def digest(*parts: str | None) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()


def noted_save(self: FileSystemStorage, name: str, content: Any, max_length: int | None = None) -> str:
    """A file saved while a stage is made belongs to it."""
    saved = real_save(self, name, content, max_length=max_length)
    for recording in the_place.recordings:
        recording.files.append((self, saved))
    return saved


real_save = FileSystemStorage.save


def watch() -> None:
    """Follow the database connection of this thread from now on."""
    if the_place.follow not in connection.execute_wrappers:
        connection.execute_wrappers.append(the_place.follow)
        FileSystemStorage.save = noted_save
        the_place.listeners = listeners()
