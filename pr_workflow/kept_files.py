"""Bytes that are kept for good by their SHA-256, in a private folder: archived files, snapshots of pages (R49)."""

import hashlib
import os
from pathlib import Path

from .conf import archive_root


def stored_path(sha256: str) -> Path:
    """Where the bytes with this SHA-256 are kept."""
    return archive_root() / sha256[:2] / sha256


def bytes_keep(data: bytes) -> str:
    """Keep these bytes and return their SHA-256. The same bytes are stored once; a half-written file never counts."""
    digest = hashlib.sha256(data).hexdigest()
    path = stored_path(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(data)
        part.replace(path)
    return digest


def bytes_are_whole(sha256: str) -> bool:
    """Are the bytes there, and still those of this SHA-256?"""
    path = stored_path(sha256)
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def bytes_read(sha256: str) -> bytes | None:
    """The kept bytes; None when they are gone or are not those of this SHA-256 any more."""
    return stored_path(sha256).read_bytes() if sha256 and bytes_are_whole(sha256) else None
