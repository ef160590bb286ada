"""What a stage wrote, table by table, and how it is written again: rows with their keys, files with their bytes."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.files.storage import FileSystemStorage
from django.db import connection

Row = tuple[Any, ...]


@cache
def key_columns() -> dict[str, str]:
    """The primary key's column of every table that belongs to a model; those without a plain one are left out."""
    models = apps.get_models(include_auto_created=True)
    return {
        model._meta.db_table: model._meta.pk.column for model in models if model._meta.pk.column not in (None, "rowid")
    }


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)


@dataclass
class TableRows:
    """All rows of a table at one moment, by key."""

    columns: list[str]
    rows: dict[Any, Row]

    @classmethod
    def of(cls, table: str) -> "TableRows":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {quoted(table)}")  # noqa: S608
            columns = [column[0] for column in cursor.description]
            key = columns.index(key_columns()[table])
            return cls(columns, {row[key]: tuple(map(storable, row)) for row in cursor.fetchall()})


def storable(value: Any) -> Any:
    """SQLite keeps moments as text."""
    return str(value) if isinstance(value, date) and connection.vendor == "sqlite" else value


@dataclass
class TableChange:
    """The difference a stage made to one table."""

    table: str
    columns: list[str]
    added: list[Row]
    changed: list[tuple[Any, dict[str, Any]]]
    removed: list[Any]
    #: The last number SQLite gave out here; PostgreSQL never takes a number back.
    number: int | None

    @classmethod
    def between(cls, table: str, before: TableRows, after: TableRows) -> "TableChange":
        old, new = before.rows, after.rows
        changed = [
            (key, {name: value for name, value, was in zip(after.columns, row, old[key], strict=True) if value != was})
            for key, row in new.items()
            if key in old and row != old[key]
        ]
        added = [row for key, row in new.items() if key not in old]
        return cls(table, after.columns, added, changed, [key for key in old if key not in new], last_number(table))

    def write(self) -> None:
        """Make the same difference again, past the services that made it first."""
        table, key = quoted(self.table), quoted(key_columns()[self.table])
        with connection.cursor() as cursor:
            for gone in self.removed:
                cursor.execute(f"DELETE FROM {table} WHERE {key} = %s", [gone])  # noqa: S608
            for row_key, values in self.changed:
                sets = ", ".join(f"{quoted(name)} = %s" for name in values)
                cursor.execute(f"UPDATE {table} SET {sets} WHERE {key} = %s", [*values.values(), row_key])  # noqa: S608
            if self.added:
                names = ", ".join(quoted(name) for name in self.columns)
                marks = "(" + ", ".join(["%s"] * len(self.columns)) + ")"
                together = max(1, 900 // len(self.columns))
                for start in range(0, len(self.added), together):
                    rows = self.added[start : start + together]
                    values = [value for row in rows for value in row]
                    cursor.execute(f"INSERT INTO {table} ({names}) VALUES {', '.join([marks] * len(rows))}", values)  # noqa: S608
            if self.number is not None:
                cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [self.number, self.table])


def last_number(table: str) -> int | None:
    """The last automatic key of a table on SQLite, which a rollback takes back."""
    if connection.vendor != "sqlite":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
    return found[0] if found else None


@dataclass
class Recording:
    """What happens while a stage is made for the first time."""

    before: dict[str, TableRows] = field(default_factory=dict)
    files: list[tuple[FileSystemStorage, str]] = field(default_factory=list)
    #: Files of stages that were put back meanwhile.
    put_back: dict[Path, bytes] = field(default_factory=dict)
    #: Something happened that rows and files do not show.
    spoiled: bool = False

    def about_to_write(self, table: str) -> None:
        if table in self.before or self.spoiled or table == "sqlite_sequence":
            return
        if table not in key_columns():
            self.spoiled = True
            return
        self.before[table] = TableRows.of(table)

    def changes(self) -> list[TableChange]:
        return [TableChange.between(table, before, TableRows.of(table)) for table, before in self.before.items()]

    def contents(self) -> dict[Path, bytes]:
        paths = [Path(storage.path(name)) for storage, name in self.files]
        return self.put_back | {path: path.read_bytes() for path in paths if path.exists()}


def files_write(contents: dict[Path, bytes]) -> None:
    """Put back the files of a stage that a test has changed or removed meanwhile."""
    for path, content in contents.items():
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
