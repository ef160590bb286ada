"""A damaged picture is refused at its field, in every form that takes pictures; nothing is stored."""

import random
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import gettext as _
from PIL import Image

from home.models import AgencyImage
from tests.factories.office import make_image

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MESSAGE = "The picture file is damaged or incomplete. Open it on your computer, save it again and choose it anew."


def whole(kind: str) -> bytes:
    frames = [Image.frombytes("P", (200, 150), random.Random(seed).randbytes(30_000)) for seed in range(2)]
    for frame in frames:
        frame.putpalette(random.Random(2).randbytes(768))
    buffer = BytesIO()
    if kind == "gif":
        frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:], duration=100)
    else:
        frames[0].convert("RGB").save(buffer, kind.upper())
    return buffer.getvalue()


def upload(kind: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"photo.{kind}", content, f"image/{kind}")


@pytest.fixture
def office(client, shared_office):
    client.force_login(shared_office.writer)
    return shared_office


@pytest.mark.parametrize("kind", ["png", "gif", "jpeg"])
@pytest.mark.parametrize("part", [0.02, 0.5, 0.98])
def test_a_cut_off_picture_is_refused_at_its_field(client, office, kind, part):
    content = whole(kind)
    content = content[: max(int(len(content) * part), 12)]
    form = {"title": "ภาพเสีย", "collection": office.agency.collection_id, "tags": "", "credit": "ผู้ถ่าย", "source": ""}
    response = client.post(reverse("wagtailimages:add"), {**form, "file": upload(kind, content)})
    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["file"]
    assert response.context["form"]["credit"].value() == "ผู้ถ่าย"
    chosen = {f"image-chooser-upload-{name}": value for name, value in form.items()}
    chosen["image-chooser-upload-file"] = upload(kind, content)
    response = client.post(reverse("wagtailimages_chooser:create"), chosen)
    assert response.status_code == 200
    assert response.json()["step"] == "reshow_creation_form"
    answer = client.post(
        reverse("wagtailimages:add_multiple"),
        {"title": "ภาพเสีย", "collection": office.agency.collection_id, "files[]": upload(kind, content)},
        headers={"x-requested-with": "XMLHttpRequest"},
    )
    assert answer.status_code == 200
    assert answer.json()["success"] is False
    assert answer.json()["error_message"]
    assert not AgencyImage.objects.exists()


def test_the_message_says_what_to_do(client, office):
    content = whole("jpeg")
    form = {"title": "ภาพเสีย", "collection": office.agency.collection_id, "tags": ""}
    file = upload("jpeg", content[: len(content) // 2])
    response = client.post(reverse("wagtailimages:add"), {**form, "file": file})
    assert response.context["form"].errors["file"] == [_(MESSAGE)]


def test_a_damaged_replacement_leaves_the_old_picture(client, office):
    image = make_image(office)
    content = whole("png")
    form = {"title": image.title, "collection": image.collection_id, "tags": ""}
    address = reverse("wagtailimages:edit", args=[image.pk])
    response = client.post(address, {**form, "file": upload("png", content[: len(content) // 2])})
    assert list(response.context["form"].errors) == ["file"]
    assert AgencyImage.objects.get(pk=image.pk).file_hash == image.file_hash


@pytest.mark.parametrize("kind", ["png", "gif", "jpeg"])
def test_a_whole_picture_is_taken(client, office, kind):
    form = {"title": "ภาพดี", "collection": office.agency.collection_id, "tags": "", "file": upload(kind, whole(kind))}
    assert client.post(reverse("wagtailimages:add"), form).status_code == 302
    assert AgencyImage.objects.get().width == 200
