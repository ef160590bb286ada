"""Production: everything from the environment, nothing guessed; refuses to start without a secret key."""

from .base import *
from .base import MIDDLEWARE
from .environment import env_flag, env_number, env_required, env_text, env_words

DEBUG = False
SECRET_KEY = env_required(
    "PRAKAT_SECRET_KEY",
    "Production needs its own long random secret key, for example from `openssl rand -base64 60`.",
)
ALLOWED_HOSTS = env_words("PRAKAT_ALLOWED_HOSTS")

SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = env_flag("PRAKAT_SSL_REDIRECT", True)
# The health check of a load balancer comes over plain HTTP from inside.
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = env_number("PRAKAT_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env_flag("PRAKAT_HSTS_INCLUDE_SUBDOMAINS", True)
SECURE_HSTS_PRELOAD = env_flag("PRAKAT_HSTS_PRELOAD", True)

# Only a proxy that sets these headers itself may be trusted with them, so it has to be named on purpose.
if env_flag("PRAKAT_BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    MIDDLEWARE = ["cms.proxy.ClientAddress", *MIDDLEWARE]

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

if env_text("PRAKAT_EMAIL_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
