"""What every installation shares. Safe by itself: debugging is off, and no secret key is given here."""

from .content import *
from .content import API_V3
from .database import *
from .environment import env_flag, env_number, env_text, env_words
from .jobs import *
from .paths import BASE_DIR, DATA_DIR

DEBUG = False
ALLOWED_HOSTS = env_words("PRAKAT_ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env_words("PRAKAT_CSRF_TRUSTED_ORIGINS")

AUTH_USER_MODEL = "home.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"

# The plugin comes before Wagtail because it overrides some of its templates and commands (publish_scheduled).
INSTALLED_APPS = [
    "cms",
    "home",
    "pr_workflow",
    "evaluation",
    "search.apps.SearchConfig",
    "wagtail_modeladmin",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.sitemaps",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.api.v2",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "rest_framework",
    "axes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
]

if API_V3:
    INSTALLED_APPS.insert(INSTALLED_APPS.index("wagtail.api.v2"), "wagtail.api.v3")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "pr_workflow.null_characters.NoNullCharacters",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "pr_workflow.audit.middleware.RequestAddress",
    # In this order: the answers of the two after it pass through it and are logged.
    "pr_workflow.refusals.RefusalAnswers",
    "pr_workflow.agency_wall.AgencyWall",
    "pr_workflow.draft_reading.DraftReading",
    "pr_workflow.side_doors.SideDoors",
    "pr_workflow.token_api.TokenApiDoors",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "pr_workflow.gone_answers.GoneAnswers",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

LANGUAGE_CODE = "th"
TIME_ZONE = "Asia/Bangkok"
USE_I18N = True
USE_TZ = True
# Wagtail's own Thai is a third of its texts; ours stand beside, where makemessages does not strike them out.
LOCALE_PATHS = [BASE_DIR / "cms" / "locale", BASE_DIR / "cms" / "wagtail_texts" / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_URL = env_text("PRAKAT_MEDIA_URL", "/media/")
MEDIA_ROOT = env_text("PRAKAT_MEDIA_ROOT", str(DATA_DIR / "media"))

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "wagtailadmin_login"

# One person typing a wrong password locks that account from that address, not the whole office behind one router.
AXES_FAILURE_LIMIT = env_number("PRAKAT_LOGIN_FAILURE_LIMIT", 10)
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "cms/locked_out.html"
AXES_VERBOSE = False

# A news page with many blocks and images posts more fields than Django's limit of 1,000, the largest plan over 9,000.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

EMAIL_HOST = env_text("PRAKAT_EMAIL_HOST", "localhost")
EMAIL_PORT = env_number("PRAKAT_EMAIL_PORT", 25)
EMAIL_HOST_USER = env_text("PRAKAT_EMAIL_USER")
EMAIL_HOST_PASSWORD = env_text("PRAKAT_EMAIL_PASSWORD")
EMAIL_USE_TLS = env_flag("PRAKAT_EMAIL_TLS", False)
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = env_text("PRAKAT_FROM_EMAIL", "prakat@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env_text("PRAKAT_LOG_LEVEL", "INFO")},
    # Wagtail's index jobs announce their start and end with every save.
    "loggers": {"django_tasks": {"level": "WARNING"}},
}
