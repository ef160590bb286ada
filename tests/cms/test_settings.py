"""Settings from the environment: what starts, what refuses to start, and with which sentence."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from cms.settings.environment import env_flag, env_number, env_words

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("PRAKAT_", "DATABASE_URL", "REDIS_URL", "DJANGO_")
SAFE_KEY = "".join(chr(33 + (index * 7) % 90) for index in range(60))


def settings_in_a_new_process(module: str, names: list[str], folder: Path, **variables: str) -> dict:
    """Import a settings module with only ``variables`` set; returns the named settings, or {"refused": sentence}."""
    program = (
        "import importlib, json, sys\n"
        "from django.core.exceptions import ImproperlyConfigured\n"
        f"try: module = importlib.import_module('cms.settings.{module}')\n"
        "except ImproperlyConfigured as error: print(json.dumps({'refused': str(error)})); sys.exit()\n"
        f"print(json.dumps({{name: getattr(module, name, None) for name in {names!r}}}, default=str))\n"
    )
    clean = {key: value for key, value in os.environ.items() if not key.startswith(OURS)}
    environment = {**clean, "PRAKAT_DATA_DIR": str(folder), **variables}
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(result.stdout)


def test_production_refuses_to_start_without_a_secret_key(tmp_path):
    answer = settings_in_a_new_process("production", [], tmp_path)
    assert "PRAKAT_SECRET_KEY is not set" in answer["refused"]
    assert "docs/reference/settings.md" in answer["refused"]


@pytest.mark.parametrize("command", [["-c", "import cms.wsgi"], ["-m", "celery", "-A", "cms", "report"]])
def test_a_server_without_a_choice_of_settings_gets_those_of_production(tmp_path, command):
    clean = {key: value for key, value in os.environ.items() if not key.startswith(OURS)}
    environment = {**clean, "PRAKAT_DATA_DIR": str(tmp_path)}
    result = subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert result.returncode != 0
    assert "PRAKAT_SECRET_KEY is not set" in result.stdout + result.stderr


def test_production_is_closed_by_default(tmp_path):
    names = ["DEBUG", "ALLOWED_HOSTS", "SESSION_COOKIE_SECURE", "SECURE_SSL_REDIRECT"]
    answer = settings_in_a_new_process("production", names, tmp_path, PRAKAT_SECRET_KEY=SAFE_KEY)
    assert answer == {
        "DEBUG": False,
        "ALLOWED_HOSTS": [],
        "SESSION_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
    }


@pytest.mark.parametrize(("flag", "trusted"), [("0", False), ("1", True)])
def test_forwarded_headers_are_trusted_only_when_a_proxy_is_declared(tmp_path, flag, trusted):
    names = ["SECURE_PROXY_SSL_HEADER", "MIDDLEWARE"]
    variables = {"PRAKAT_SECRET_KEY": SAFE_KEY, "PRAKAT_BEHIND_PROXY": flag}
    answer = settings_in_a_new_process("production", names, tmp_path, **variables)
    assert bool(answer["SECURE_PROXY_SSL_HEADER"]) is trusted
    assert ("cms.proxy.ClientAddress" in answer["MIDDLEWARE"]) is trusted


def test_development_needs_nothing_and_keeps_its_key(tmp_path):
    first = settings_in_a_new_process("dev", ["SECRET_KEY", "DEBUG", "DATABASES", "CELERY_BROKER_URL"], tmp_path)
    second = settings_in_a_new_process("dev", ["SECRET_KEY"], tmp_path)
    assert len(first["SECRET_KEY"]) >= 50
    assert second["SECRET_KEY"] == first["SECRET_KEY"]
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
    assert first["DATABASES"]["default"]["NAME"] == str(tmp_path / "db.sqlite3")
    assert first["CELERY_BROKER_URL"].startswith("filesystem://")
    assert (tmp_path / "broker" / "queue").is_dir()


def test_two_installations_never_share_a_key(tmp_path):
    (tmp_path / "a").mkdir()
    keys = {settings_in_a_new_process("dev", ["SECRET_KEY"], tmp_path / name)["SECRET_KEY"] for name in ("a", "b")}
    assert len(keys) == 2


def test_servers_come_from_the_environment(tmp_path):
    urls = {"DATABASE_URL": "postgres://someone@db.test:5433/prakat", "REDIS_URL": "redis://cache.test:6380/2"}
    names = ["DATABASES", "CACHES", "CELERY_BROKER_URL"]
    answer = settings_in_a_new_process("dev", names, tmp_path, **urls)
    database = answer["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.test", 5433, "prakat")
    assert database["CONN_MAX_AGE"] == 600
    assert database["CONN_HEALTH_CHECKS"] is True
    assert answer["CACHES"]["default"]["LOCATION"] == urls["REDIS_URL"]
    assert answer["CELERY_BROKER_URL"] == urls["REDIS_URL"]
    assert not (tmp_path / "broker").exists()


def test_sqlite_waits_for_a_writer_instead_of_failing(settings, tmp_path):
    answer = settings_in_a_new_process("dev", ["DATABASES"], tmp_path)
    options = answer["DATABASES"]["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]
    assert "busy_timeout=10000" in options["init_command"]


@pytest.mark.parametrize(("word", "meaning"), [("1", True), ("ON", True), ("no", False), ("", True), (" ", True)])
def test_a_flag_is_read(monkeypatch, word, meaning):
    monkeypatch.setenv("PRAKAT_DEBUG", word)
    assert env_flag("PRAKAT_DEBUG", True) is meaning


@pytest.mark.parametrize(("reader", "word"), [(env_flag, "flase"), (env_number, "ten"), (env_number, "1.5")])
def test_a_malformed_variable_stops_the_start_and_is_named(monkeypatch, reader, word):
    monkeypatch.setenv("PRAKAT_THING", word)
    with pytest.raises(ImproperlyConfigured, match="PRAKAT_THING"):
        reader("PRAKAT_THING", 1)


def test_a_list_has_no_empty_entries(monkeypatch):
    monkeypatch.setenv("PRAKAT_ALLOWED_HOSTS", " a.go.th, ,b.go.th,")
    assert env_words("PRAKAT_ALLOWED_HOSTS") == ["a.go.th", "b.go.th"]
