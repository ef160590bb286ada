"""The Thai catalogues: complete, compiled, and about the texts that are really in the source (R69)."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import django
import polib
import pytest
import taggit
import wagtail
import wagtail_modeladmin
from django.conf import settings
from django.utils import translation

pytestmark = pytest.mark.once

ROOT = Path(settings.BASE_DIR)
APPS = ["cms", "home", "pr_workflow", "evaluation", "search"]
#: Our Thai for texts that stand in the libraries, so that no makemessages strikes them out.
WAGTAIL = "cms/wagtail_texts"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
THAI = re.compile(r"[\u0e00-\u0e7f]")

needs_gettext = pytest.mark.skipif(
    not shutil.which("xgettext") and os.environ.get("PRAKAT_REQUIRE_SERVICES") != "1",
    reason="GNU gettext is not installed (`apt-get install gettext`).",
)


def catalogue(app: str, kind: str = "po", domain: str = "django") -> Path:
    return ROOT / app / "locale" / "th" / "LC_MESSAGES" / f"{domain}.{kind}"


def texts(file: Path) -> dict[tuple[str, str], polib.POEntry]:
    """Entries in use, by context and English text."""
    assert file.exists(), f"{file} is missing"
    reader = polib.mofile if file.suffix == ".mo" else polib.pofile
    return {(entry.msgctxt or "", entry.msgid): entry for entry in reader(str(file)) if not entry.obsolete}


def translations(entry: polib.POEntry) -> list[str]:
    return [*entry.msgstr_plural.values()] if entry.msgid_plural else [entry.msgstr]


@pytest.mark.parametrize("app", [*APPS, WAGTAIL])
def test_nothing_is_untranslated_or_only_guessed(app):
    entries = texts(catalogue(app)).values()
    assert [entry.msgid for entry in entries if entry.fuzzy or not all(translations(entry))] == []


@pytest.mark.parametrize("app", [*APPS, WAGTAIL])
def test_placeholders_survive_translation(app):
    wrong = [
        (entry.msgid, text)
        for entry in texts(catalogue(app)).values()
        for text in translations(entry)
        if set(PLACEHOLDER.findall(text)) - set(PLACEHOLDER.findall(entry.msgid + (entry.msgid_plural or "")))
        or (not entry.msgid_plural and set(PLACEHOLDER.findall(entry.msgid)) - set(PLACEHOLDER.findall(text)))
    ]
    assert wrong == []


@pytest.mark.parametrize("app", [*APPS, WAGTAIL])
def test_the_compiled_catalogue_says_the_same(app):
    """The compiled file is part of the repository, because a bare machine cannot compile it."""
    written = {key: translations(entry) for key, entry in texts(catalogue(app)).items()}
    compiled = {key: translations(entry) for key, entry in texts(catalogue(app, "mo")).items()}
    assert compiled == written


@needs_gettext
@pytest.mark.parametrize("app", ["home", "pr_workflow", "evaluation", "search", "cms"])
def test_every_text_of_the_source_is_in_the_catalogue(app, tmp_path):
    shutil.copytree(ROOT / app, tmp_path / app, ignore=shutil.ignore_patterns("locale", "__pycache__", "vendor"))
    (tmp_path / app / "locale").mkdir()
    command = [sys.executable, "-P", "-m", "django", "makemessages", "-l", "th", "--no-location", "-v0"]
    without_settings = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=tmp_path / app, env=without_settings, check=True, capture_output=True)
    extracted = tmp_path / app / "locale" / "th" / "LC_MESSAGES" / "django.po"
    needed = set(texts(extracted)) if extracted.exists() else set()
    assert sorted(needed - set(texts(catalogue(app)))) == []


def test_the_catalogues_are_thai():
    """Guards the others: an empty catalogue would pass them all."""
    entries = texts(catalogue("pr_workflow"))
    assert len(entries) > 200
    assert sum(bool(THAI.search(entry.msgstr or "")) for entry in entries.values()) > 0.9 * len(entries)


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_the_libraries_still_say_what_we_translate_for_them(domain):
    """A text that a new Wagtail has reworded would fall back to English without a word."""
    packages = [Path(package.__file__).parent for package in (django, wagtail, wagtail_modeladmin, taggit)]
    files = [file for package in packages for file in package.rglob(f"locale/en/LC_MESSAGES/{domain}.po")]
    said = {key: entry.msgid_plural for file in files for key, entry in texts(file).items()}
    ours = texts(catalogue(WAGTAIL, domain=domain))
    assert sorted(set(ours) - set(said)) == []
    compiled = texts(catalogue(WAGTAIL, "mo", domain=domain))
    assert {key: translations(entry) for key, entry in ours.items()} == {
        key: translations(entry) for key, entry in compiled.items()
    }


def test_our_words_win_over_those_of_the_libraries():
    """Wagtail leaves most texts in English, and some of its Thai means something else."""
    ours = texts(catalogue(WAGTAIL))
    with translation.override("th"):
        for text in ("Save draft", "Needs changes", "Show in Explorer"):
            assert translation.gettext(text) == ours["", text].msgstr
