"""Factories whose writes are kept and written again: half of the time went into approvals that were all the same.

A remembered factory runs for real once in a process. Its statements are kept with what it returned; called again with
the same arguments, where the database stands as it stood then, the statements are run again and nothing else. It works
where it is known how the database stands, from the start of a test that does not commit (`tests.shared_office`):
whatever a test writes by itself ends that for the rest of the test, and the next factory runs for real.
"""

import copy
import functools
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import time_machine
from django.conf import UserSettingsHolder, settings
from django.db import connection, transaction
from django.db.models import Model
from django.db.models import signals as model_signals
from django.dispatch import Signal
from django.utils import timezone

from pr_workflow import signals

#: Statements that leave the database as it is.
READING = ("SELECT", "BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA", "SHOW", "EXPLAIN")
#: What logging in writes: no factory reads it.
LOGIN = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM) "django_session"|UPDATE "home_user" SET "last_login"')
PLAIN = (str, int, float, bool, bytes, date, datetime, time, timedelta, type(None))
#: Whoever listens to one of these wants to hear what a factory does.
SIGNALS = (
    *(model_signals.pre_save, model_signals.post_save, model_signals.pre_delete, model_signals.post_delete),
    *(each for each in vars(signals).values() if isinstance(each, Signal)),
)
#: The number of the state in which the database holds what the migrations wrote.
EMPTY = 0
#: The last number each table gave.
NUMBERS = {
    "sqlite": "SELECT name, seq FROM sqlite_sequence ORDER BY name",
    "postgresql": """SELECT format('%I.%I', schemaname, sequencename), coalesce(last_value, 1), last_value IS NOT NULL
        FROM pg_sequences ORDER BY 1""",
}
#: How many memories a process keeps, the last used ones.
KEPT = 400


class NotRemembered(Exception):
    """An argument that cannot be compared with that of another call."""


@dataclass(frozen=True)
class Memory:
    """What one call of a factory did."""

    statements: list[tuple[str, Any, bool]]
    on_commit: list[tuple[Callable, bool]]
    files: dict[Path, bytes]
    result: Any


class Remembered:
    """The memories of this process, and how the database stands: a number for each known state, None when unknown."""

    def __init__(self) -> None:
        self._memories: dict[tuple, tuple[Memory, int]] = {}
        self._states: dict[tuple, int] = {}
        self._state: int | None = None
        self._office: int | None = None
        self._recording: list | None = None
        #: How many statements were run again so far.
        self.statements_run_again = 0
        self._replaying = False
        self._numbers: dict[int, list[tuple]] = {}

    @property
    def knows(self) -> bool:
        """Whether it is known how the database stands."""
        return self._state is not None

    # -- how the database stands

    def watch(self) -> None:
        """From here on every statement is seen. The database holds what the migrations wrote and nothing else."""
        self._numbers_set(EMPTY)
        connection.execute_wrappers.append(self._statement)
        self._state = EMPTY

    def begin_here(self) -> None:
        """The office was made: each test that shares it begins where the database stands now."""
        self._office = self._state
        if self._office is not None and connection.vendor == "postgresql":
            self._numbers_set(self._office)

    def begin(self) -> None:
        """A test begins with nothing but the shared office."""
        if self._office is not None and connection.vendor == "postgresql":
            self._numbers_set(self._office)
        self._state = self._office

    def forget(self) -> None:
        """What was written since `watch` is rolled back."""
        self._state = None
        if self._statement in connection.execute_wrappers:
            connection.execute_wrappers.remove(self._statement)

    def lose(self) -> None:
        """Until the next test begins the factories run for real."""
        self._state = None

    def _numbers_set(self, state: int) -> None:
        """New rows get the numbers they got before in this state: on PostgreSQL no rollback sets them back, and on
        SQLite not the emptying after a test that committed. The first time they are read."""
        with connection.cursor() as cursor:
            cursor.execute(NUMBERS[connection.vendor])
            now = cursor.fetchall()
            first = self._numbers.setdefault(state, now)
            if now == first:
                return
            if connection.vendor == "postgresql":
                calls = (f"setval('{name}', {last}, {called})" for name, last, called in first)
                cursor.execute(f"SELECT {', '.join(calls)}")
                return
            rows = ", ".join(f"('{name}', {last})" for name, last in first)
            cursor.execute("DELETE FROM sqlite_sequence")
            cursor.execute(f"INSERT INTO sqlite_sequence (name, seq) VALUES {rows}")  # noqa: S608

    def _statement(self, execute, sql, params, many, context):
        word = sql.lstrip()[:9].upper()
        if word.startswith("ROLLBACK"):
            self._state = self._recording = None
        elif not word.startswith(READING):
            if self._recording is not None:
                params = list(params) if many else params
                self._recording.append((sql, copy.copy(params), many))
            elif not self._replaying and not LOGIN.match(sql):
                self._state = None
        return execute(sql, params, many, context)

    # -- the factories

    def call(self, factory: Callable, args: tuple, kwargs: dict) -> Any:
        """Run a factory, or what it did when it was called like this before."""
        if self._state is None or self._recording is not None or isinstance(settings._wrapped, UserSettingsHolder):
            return factory(*args, **kwargs)
        try:
            key = (self._state, factory.__name__, _key(args), _key(kwargs), _moment(), _listeners())
        except NotRemembered:
            return factory(*args, **kwargs)
        if key in self._memories:
            memory, self._state = self._memories[key] = self._memories.pop(key)
            return self._replay(memory)
        return self._record(key, factory, args, kwargs)

    def _record(self, key: tuple, factory: Callable, args: tuple, kwargs: dict) -> Any:
        waiting, files = len(connection.run_on_commit), _files()
        self._recording = statements = []
        try:
            result = factory(*args, **kwargs)
            complete = self._recording is not None
        except BaseException:
            self._state = None
            raise
        finally:
            self._recording = None
        if not complete:
            return result
        promised = [(func, robust) for _sids, func, robust in connection.run_on_commit[waiting:]]
        new = {path: path.read_bytes() for path in _files() - files}
        self._state = self._states.setdefault(key, len(self._states) + 1)
        self._memories[key] = Memory(statements, promised, new, copy.deepcopy(result)), self._state
        if len(self._memories) > KEPT:
            del self._memories[next(iter(self._memories))]
        return result

    def _replay(self, memory: Memory) -> Any:
        for path, content in memory.files.items():
            if not path.exists() or path.read_bytes() != content:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        self._replaying = True
        try:
            with connection.cursor() as cursor:
                for sql, params, many in memory.statements:
                    (cursor.executemany if many else cursor.execute)(sql, params)
        finally:
            self._replaying = False
        self.statements_run_again += len(memory.statements)
        for func, robust in memory.on_commit:
            transaction.on_commit(func, robust=robust)
        return copy.deepcopy(memory.result)


the_memories = Remembered()


def remembered(factory: Callable) -> Callable:
    """Let a factory of tests be remembered. It depends on its arguments, the database and the clock alone."""

    @functools.wraps(factory)
    def call(*args, **kwargs):
        return the_memories.call(factory, args, kwargs)

    return call


def _key(value: Any) -> Any:
    """A value as part of a key. Raises `NotRemembered` for one that says nothing of itself."""
    if isinstance(value, PLAIN):
        return type(value).__name__, value
    if isinstance(value, Model) and not value._state.adding:
        return value._meta.label, value.pk
    if is_dataclass(value) and not isinstance(value, type):
        return type(value).__name__, tuple(_key(getattr(value, each.name)) for each in fields(value))
    if isinstance(value, dict):
        return tuple((name, _key(value[name])) for name in value)
    if isinstance(value, list | tuple):
        return type(value).__name__, tuple(_key(each) for each in value)
    raise NotRemembered


def _moment() -> datetime | None:
    return timezone.now() if time_machine.escape_hatch.is_travelling() else None


def _listeners() -> tuple[int, ...]:
    return tuple(len(signal.receivers) for signal in SIGNALS)


def _files() -> set[Path]:
    return {Path(folder, name) for folder, _folders, names in os.walk(settings.MEDIA_ROOT) for name in names}
