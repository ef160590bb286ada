"""Another agency's Wagtail site, as ``wagtail start`` makes it, with the three plugin apps added.

It has apps called ``home`` and ``search`` of its own, Django's stock user and Wagtail's stock images and documents.
"""

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = Path(os.environ["OTHERSITE_STATE"])

DEBUG = False
SECRET_KEY = "the other site is only ever run by a test"
ALLOWED_HOSTS = ["*"]

INSTALLED_APPS = [
    "home",
    "search",
    # The plugin, before Wagtail.
    "pr_workflow",
    "evaluation",
    "pr_search",
    "wagtail_modeladmin",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "pr_workflow.audit.middleware.RequestAddress",
    "pr_workflow.refusals.RefusalAnswers",
    "pr_workflow.agency_wall.AgencyWall",
    "pr_workflow.draft_reading.DraftReading",
    "pr_workflow.side_doors.SideDoors",
    "pr_workflow.token_api.TokenApiDoors",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "othersite.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "othersite" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": STATE_DIR / "db.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
MEDIA_URL = "/media/"
MEDIA_ROOT = str(STATE_DIR / "media")

WAGTAIL_SITE_NAME = "othersite"
WAGTAILADMIN_BASE_URL = "http://othersite.test"

# The two settings the plugin asks for.
WAGTAIL_FINISH_WORKFLOW_ACTION = "pr_workflow.finish.finish_approved"
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_WORKFLOW_CANCEL_ON_PUBLISH = False
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # the editor of the largest plan

CELERY_TASK_ALWAYS_EAGER = True
