"""What a PDF reader would copy out of a page: decodes the text of a PDF written by our own printer.

Small on purpose: it knows the one way WeasyPrint writes (Flate streams, hexadecimal glyphs, a ToUnicode map per font).
"""

import re
import zlib

OBJECT = re.compile(rb"(\d+) 0 obj\s*(.*?)endobj", re.DOTALL)
# No optional "\r" before the end: packed bytes may end with one.
STREAM = re.compile(rb"stream\n(.*?)\nendstream", re.DOTALL)


def objects_of(pdf: bytes) -> dict[int, bytes]:
    """The bodies of all objects by number, those packed into object streams too."""
    objects = {int(number): body for number, body in OBJECT.findall(pdf)}
    for body in list(objects.values()):
        if packed := re.search(rb"/ObjStm/N (\d+)/First (\d+)", body):
            count, first = int(packed[1]), int(packed[2])
            data = _stream(body)
            head = [int(word) for word in data[:first].split()[: 2 * count]]
            ends = [*head[3::2], len(data) - first]
            for number, start, end in zip(head[::2], head[1::2], ends, strict=True):
                objects[number] = data[first + start : first + end]
    return objects


def _stream(body: bytes) -> bytes:
    found = STREAM.search(body)
    data = found[1] if found else b""
    return zlib.decompress(data) if b"FlateDecode" in body else data


def _to_unicode(cmap: bytes) -> dict[str, str]:
    pairs = re.findall(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", cmap)
    return {glyph.decode().lower(): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in pairs}


def _fonts(objects: dict[int, bytes]) -> dict[str, dict[str, str]]:
    """Glyph maps by the name a content stream gives the font."""
    maps = {
        number: _to_unicode(_stream(objects[int(found[1])]))
        for number, body in objects.items()
        if (found := re.search(rb"/ToUnicode (\d+) 0 R", body))
    }
    named: dict[str, dict[str, str]] = {}
    for body in objects.values():
        for name, number in re.findall(rb"/([\w-]+) (\d+) 0 R", body):
            if int(number) in maps:
                named[name.decode()] = maps[int(number)]
    return named


def pdf_text(pdf: bytes) -> str:
    """All text of all pages, in the order it was written."""
    objects = objects_of(pdf)
    fonts = _fonts(objects)
    out, glyphs = [], {}
    for body in objects.values():
        if b" Tf" not in (content := _stream(body) if STREAM.search(body) else b""):
            continue
        for font, shown, newline in re.findall(rb"/([\w-]+) [\d.]+ Tf|\[(.*?)\]\s*TJ|(\bET\b)", content, re.DOTALL):
            if font:
                glyphs = fonts.get(font.decode(), {})
            elif newline:
                out.append("\n")
            for hexed in re.findall(rb"<([0-9a-fA-F]*)>", shown):
                text = hexed.decode().lower()
                out += [glyphs.get(text[at : at + 4], "?") for at in range(0, len(text), 4)]
    return "".join(out)
