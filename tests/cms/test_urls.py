"""Which doors the installation has, and which it has not (I5)."""

from pathlib import Path

import pytest
from django.conf import settings

from home.models import AgencyImage
from tests.factories.office import Office
from tests.factories.site import make_site, public_news

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def health(db) -> Office:
    return make_site("kpr", hostname="health.localhost", default_site=True)


@pytest.fixture
def upload():
    """Writes a file into the media folder and returns the address it would have."""

    def write(name: str) -> str:
        path = Path(settings.MEDIA_ROOT) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"upload")
        return f"{settings.MEDIA_URL}{name}"

    return write


def test_a_picture_in_the_size_of_a_page_is_served(client, health):
    item = public_news(health)
    image = AgencyImage.objects.get()
    response = client.get(image.get_rendition("width-640").url)
    assert response.status_code == 200
    assert b"".join(response.streaming_content).startswith(b"\xff\xd8")
    assert "width-640" in item.list_json


@pytest.mark.parametrize(
    "name",
    ["images/photo.width-800.jpg", "original_images/photo.jpg", "documents/draft.pdf", "private.txt"],
    ids=["picture of nothing", "original", "document", "other"],
)
def test_nothing_else_of_the_uploads_is_served(client, upload, name):
    assert client.get(upload(name)).status_code == 404


@pytest.mark.parametrize("step", ["../documents/draft.pdf", "%2e%2e/documents/draft.pdf", "..%2fdocuments/draft.pdf"])
def test_no_way_leads_up_from_the_pictures(client, upload, step):
    upload("documents/draft.pdf")
    response = client.get(f"{settings.MEDIA_URL}images/{step}", follow=True)
    assert response.status_code in (400, 404)


@pytest.mark.parametrize("address", ["/healthz", "/api/pr/v1/openapi.json", "/api/v2/pages/", "/search/"])
def test_the_public_doors_answer_without_a_login(client, address):
    assert client.get(address).status_code in (200, 503)


@pytest.mark.parametrize(
    "address", ["/admin/", "/admin/pages/", "/admin/reports/site-history/", "/admin/users/", "/admin/images/"]
)
def test_the_admin_asks_for_a_login(client, address):
    response = client.get(address)
    assert response.status_code == 302
    assert response.url.startswith("/admin/login/")


def test_django_admin_is_not_there(client):
    """Its screens would go around the services and the log."""
    assert client.get("/django-admin/").status_code == 404
