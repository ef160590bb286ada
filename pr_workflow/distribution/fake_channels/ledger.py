"""What really arrived at the fake channels, independent of our own database."""

import json
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


class Ledger:
    """A list of arrivals, kept in memory and, when a path is given, as JSON lines that survive a restart."""

    def __init__(self, path: Path | None = None):
        self._path = path
        self._lock = threading.Lock()
        self._entries: list[dict[str, Any]] = []
        if path and path.exists():
            self._entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]

    def add(self, **facts: Any) -> dict[str, Any]:
        """Append one arrival; it gets its number and its time."""
        with self._lock:
            entry = {"number": len(self._entries) + 1, "at": datetime.now(UTC).isoformat(timespec="seconds"), **facts}
            self._entries.append(entry)
            if self._path:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                with self._path.open("a", encoding="utf-8") as lines:
                    lines.write(json.dumps(entry, ensure_ascii=False) + "\n")
        return entry

    def entries(self, **wanted: Any) -> list[dict[str, Any]]:
        """Arrivals whose facts equal the wanted ones, oldest first."""
        with self._lock:
            return [entry for entry in self._entries if all(entry.get(key) == wanted[key] for key in wanted)]
