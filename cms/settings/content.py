"""Wagtail and the three plugin apps: which models, which languages, which rules of publication."""

from django.utils.translation import gettext_lazy as _

from .environment import env_flag, env_text

WAGTAIL_SITE_NAME = "Prakat"
WAGTAILADMIN_BASE_URL = env_text("PRAKAT_BASE_URL", "http://localhost:8000")
WAGTAILADMIN_PERMITTED_LANGUAGES = [("th", "ไทย"), ("en", "English")]
WAGTAIL_I18N_ENABLED = False
WAGTAILADMIN_USER_LOGIN_FORM = "cms.login.OfficerLoginForm"
# Nobody outside learns who works here or which version runs: no avatars, no update check, no banner.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_ALLOW_UNICODE_SLUGS = True

WAGTAILIMAGES_IMAGE_MODEL = "home.AgencyImage"
# A damaged picture is refused at its field; Wagtail alone would answer with an error page.
WAGTAILIMAGES_IMAGE_FORM_BASE = "pr_workflow.news.image_form.ReadableImageForm"
WAGTAILDOCS_DOCUMENT_MODEL = "home.AgencyDocument"
# Documents pass through Wagtail's view, never straight from disk, so that collection privacy holds (I5).
WAGTAILDOCS_SERVE_METHOD = "serve_view"

# Approval publishes the sealed revision itself: no human group holds the publish permission (I3).
WAGTAIL_FINISH_WORKFLOW_ACTION = "pr_workflow.finish.finish_approved"
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
# Posting one version must not end the consideration of the next one.
WAGTAIL_WORKFLOW_CANCEL_ON_PUBLISH = False
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False

WAGTAILAPI_BASE_URL = WAGTAILADMIN_BASE_URL
WAGTAILAPI_LIMIT_MAX = 100
WAGTAILAPI_RICH_TEXT_FORMAT = "html"
# Wagtail's writing API is a preview that may change in any release, so it is off unless somebody asks for it.
API_V3 = env_flag("PRAKAT_API_V3", False)

WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

LANGUAGES = [("th", _("Thai")), ("en", _("English"))]
