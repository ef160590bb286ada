"""Development and ``make run``: nothing to configure, everything under ``var/``, reachable as ``*.localhost``."""

from pathlib import Path

from django.core.management.utils import get_random_secret_key

from .base import *
from .base import DATA_DIR, STATIC_ROOT
from .environment import env_flag, env_text, env_words


def persistent_secret_key(path: Path) -> str:
    """A random key, made at the first start and kept in ``path``: sessions outlive a restart, no key is shared."""
    try:
        with path.open("x") as new_file:
            path.chmod(0o600)
            new_file.write(get_random_secret_key())
    except FileExistsError:
        pass
    return path.read_text().strip()


DEBUG = env_flag("PRAKAT_DEBUG", True)
SECRET_KEY = env_text("PRAKAT_SECRET_KEY") or persistent_secret_key(DATA_DIR / "secret_key")
ALLOWED_HOSTS = env_words("PRAKAT_ALLOWED_HOSTS", (".localhost", "127.0.0.1", "[::1]"))

# Static files come straight from the apps: no collectstatic before the first start.
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

# Without a mail server each message becomes a file that can be read.
if not env_text("PRAKAT_EMAIL_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"
