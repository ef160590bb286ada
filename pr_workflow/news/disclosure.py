"""How the Official Information Act B.E. 2540 treats an item, and the gate for what must be withheld (R12)."""

from typing import NoReturn

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..gate import PublicationRefused


class Disclosure(models.TextChoices):
    """How the Official Information Act B.E. 2540 treats the content (R12)."""

    PUBLIC = "public", gettext_lazy("May be published")
    GAZETTE = "gazette", gettext_lazy("To be published in the Government Gazette (section 7)")
    INSPECTION = "inspection", gettext_lazy("Open for public inspection (section 9)")
    WITHHELD = "withheld", gettext_lazy("Withheld (sections 14 and 15)")


def withheld_sentence() -> str:
    """Why withheld information goes no further."""
    return _("Information withheld under sections 14 and 15 of the Official Information Act is never published.")


def withheld_refused() -> NoReturn:
    """Refuse to make it public, whoever asks. Raises `PublicationRefused` (403)."""
    raise PublicationRefused(withheld_sentence())
