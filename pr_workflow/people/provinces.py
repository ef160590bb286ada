"""The 77 provinces of Thailand by their ISO 3166-2 code: where an agency sits, where a local holiday holds (R25)."""

import csv
from pathlib import Path

PROVINCE_FILE = Path(__file__).parent / "data" / "provinces.csv"


def _read() -> dict[str, str]:
    with PROVINCE_FILE.open(encoding="utf-8", newline="") as file:
        return {line["code"]: line["name_th"] for line in csv.DictReader(file)}


#: Thai name by code (`TH-50`), Bangkok first, the others in Thai alphabetical order.
PROVINCES = _read()


class Province:
    """What a field that takes provinces offers; an enum would be a table written twice."""

    choices = list(PROVINCES.items())


def provinces_in_words(codes: list[str]) -> str:
    """The names of the provinces, in the order of the list."""
    return ", ".join(name for code, name in PROVINCES.items() if code in codes)
