"""Copies of archived files, stored by their SHA-256 in a private folder (R49)."""

import hashlib
from pathlib import Path

from ..conf import archive_root


class ArchiveFileMissing(Exception):
    """A file of the item could not be read, so the archive would not be complete."""


def stored_path(sha256: str) -> Path:
    """Where the bytes with this SHA-256 are kept."""
    return archive_root() / sha256[:2] / sha256


def file_keep(row) -> dict:
    """Copy the file of an image or document row into the archive; returns its name, size in bytes and SHA-256.

    Raises `ArchiveFileMissing` when the bytes cannot be read. The same bytes are stored once.
    """
    try:
        with row.file.storage.open(row.file.name, "rb") as source:
            data = source.read()
    except OSError as error:
        raise ArchiveFileMissing(f"{row.file.name}: {error}") from error
    digest = hashlib.sha256(data).hexdigest()
    path = stored_path(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(data)
        part.replace(path)
    return {
        "kind": row._meta.model_name,
        "name": Path(row.file.name).name,
        "title": row.title,
        "size": len(data),
        "sha256": digest,
    }


def file_is_whole(entry: dict) -> bool:
    """Do the kept bytes still have the SHA-256 the record names?"""
    path = stored_path(entry["sha256"])
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]
