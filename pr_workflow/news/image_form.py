"""The form of a picture: what cannot be read to its end is refused at the field, before anything is stored (R31)."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image as Pillow
from PIL import ImageSequence
from wagtail.images.forms import BaseImageForm

from .public_content import BROKEN_PICTURE

#: Formats Pillow decodes by itself; others are left to Wagtail.
DECODED = frozenset({"jpeg", "png", "gif", "webp", "bmp", "tiff"})


class ReadableImageForm(BaseImageForm):
    """Wagtail's image form, for the setting `WAGTAILIMAGES_IMAGE_FORM_BASE`.

    Wagtail looks at the beginning of a file only: a picture that was cut off on its way raises somewhere later.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            field = self.fields["file"]
            field.to_python = _reading_to_the_end(field.to_python)


def _reading_to_the_end(to_python: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def checked(data):
        try:
            file = to_python(data)
            if file is not None and file.image.format_name in DECODED:
                _decode(file)
        except BROKEN_PICTURE as error:
            raise ValidationError(
                _(
                    "The picture file is damaged or incomplete. Open it on your computer, save it again and choose it "
                    "anew."
                ),
                code="damaged_image",
            ) from error
        return file

    return checked


def _decode(file) -> None:
    file.seek(0)
    with Pillow.open(file) as picture:
        for frame in ImageSequence.Iterator(picture):
            frame.load()
    file.seek(0)
