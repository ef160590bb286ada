"""Copies of archived files (R49); their bytes are kept in `kept_files`."""

from pathlib import Path

from ..kept_files import bytes_are_whole, bytes_keep, stored_path

__all__ = ["ArchiveFileMissing", "file_forget", "file_is_whole", "file_keep", "stored_path"]


class ArchiveFileMissing(Exception):
    """A file of the item could not be read, so the archive would not be complete."""


def file_keep(row) -> dict:
    """Copy the file of an image or document row into the archive; returns its name, size in bytes and SHA-256.

    Raises `ArchiveFileMissing` when the bytes cannot be read. The same bytes are stored once.
    """
    try:
        with row.file.storage.open(row.file.name, "rb") as source:
            data = source.read()
    except OSError as error:
        raise ArchiveFileMissing(f"{row.file.name}: {error}") from error
    digest = bytes_keep(data)
    return {
        "kind": row._meta.model_name,
        "name": Path(row.file.name).name,
        "title": row.title,
        "size": len(data),
        "sha256": digest,
    }


def file_is_whole(entry: dict) -> bool:
    """Do the kept bytes still have the SHA-256 the record names?"""
    return bytes_are_whole(entry["sha256"])


def file_forget(sha256: str) -> None:
    """Delete kept bytes that no record needs any more; nothing happens when they are gone already."""
    stored_path(sha256).unlink(missing_ok=True)
