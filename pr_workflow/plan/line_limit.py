"""How many lines a plan holds: as many as its editor can send in one form, and so as many as a file may bring (R19).

The editor posts every line on every save. Django refuses a form of more fields than `DATA_UPLOAD_MAX_NUMBER_FIELDS`, so
a plan that grew beyond it by a file could never be saved by hand again.
"""

from django.utils.translation import gettext as _

#: Lines of one plan; a plan of one agency and one year has a few dozen.
MAX_LINES = 250
#: What one line posts at most: its fields with every box ticked, and its number, place and removal.
FIELDS_OF_A_LINE = 37
#: What the form posts beside its lines, rounded up.
FIELDS_BESIDE = 100
#: What `DATA_UPLOAD_MAX_NUMBER_FIELDS` has to allow.
FIELDS_NEEDED = MAX_LINES * FIELDS_OF_A_LINE + FIELDS_BESIDE


def too_many_lines(count: int) -> str:
    """Why a plan of so many lines is not kept, as a whole sentence; empty when it is."""
    if count <= MAX_LINES:
        return ""
    text = _(
        "The plan would have %(count)s activities, and a plan holds at most %(most)s. Leave activities out, or put "
        "those that belong together into one."
    )
    return text % {"count": f"{count:,}", "most": f"{MAX_LINES:,}"}
