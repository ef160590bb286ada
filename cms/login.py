"""The login of the admin, with every field named in the language of the site."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.auth import LoginForm


class OfficerLoginForm(LoginForm):
    """Wagtail's form; it leaves the password without a label, so Django would show the English name of the field."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Password")
