"""Office files are ZIP archives: what is looked at before any of their content is unpacked (S1 §2.5: safe files)."""

import zipfile
from io import BytesIO

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse
from django.utils.translation import gettext as _

from .sheets import FileRefused

#: Old Office files, and new ones with a password, are OLE containers.
OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
MAX_ENTRIES = 2_000
#: All XML of a workbook with 5,000 long lines is a quarter of this.
MAX_XML_BYTES = 64 * 1024 * 1024
#: What reading a damaged archive or its XML may raise.
DAMAGED = (
    zipfile.BadZipFile,
    ParseError,
    DefusedXmlException,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    EOFError,
    OSError,
    NotImplementedError,
)


def damaged() -> FileRefused:
    """The sentence for a file that cannot be read to its end."""
    return FileRefused(_("The file is damaged or not a real Office file. Open it, save it again and choose it anew."))


def opened(data: bytes) -> zipfile.ZipFile:
    """The archive of an Office file, found harmless by its table of contents alone. Raises `FileRefused`."""
    refuse_ole(data)
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        entries = archive.infolist()
    except DAMAGED as error:
        raise damaged() from error
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise encrypted()
    size = sum(entry.file_size for entry in entries if entry.filename.lower().endswith((".xml", ".rels")))
    if len(entries) > MAX_ENTRIES or size > MAX_XML_BYTES:
        raise FileRefused(
            _(
                "The file would unpack to far more than a plan needs, so it was not opened. "
                "Copy the table into a new, empty file and choose that one."
            )
        )
    if any("vbaproject" in entry.filename.lower() for entry in entries) or _says_macro(archive):
        raise with_macros()
    return archive


def _says_macro(archive: zipfile.ZipFile) -> bool:
    try:
        return b"macroenabled" in archive.read("[Content_Types].xml").lower()
    except DAMAGED as error:
        raise damaged() from error


def with_macros() -> FileRefused:
    """The sentence for files that bring programs with them."""
    return FileRefused(_("The file contains macros, so it was not opened. Save it without macros (.xlsx or .docx)."))


def encrypted() -> FileRefused:
    """The sentence for files with a password."""
    return FileRefused(_("The file is protected by a password. Remove the password, save the file and choose it anew."))


def refuse_ole(data: bytes) -> None:
    """Raises `FileRefused` for old Office formats and for files with a password."""
    if not data.startswith(OLE_MAGIC):
        return
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise encrypted()
    raise FileRefused(
        _("This is a file of an old Office version (.xls or .doc). Save it as .xlsx, .docx or .csv and choose it anew.")
    )


def refuse_doctype(archive: zipfile.ZipFile, name: str) -> None:
    """Raises `FileRefused` when an XML part declares a document type: only attacks do (entities, outside files)."""
    try:
        with archive.open(name) as part:
            next(iter(iterparse(part, events=("start",), forbid_dtd=True)), None)
    except DAMAGED as error:
        raise damaged() from error
