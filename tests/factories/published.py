"""Live news in few queries: published with a permit, without walking the chain of approval each time."""

from typing import Any

from django.test import Client
from wagtail.models import Page

from home.models import NewsPage
from pr_workflow.gate import publication_permit
from pr_workflow.people.models import Agency, StaffProfile, Unit
from tests.factories.office import Office, make_draft

API = "/api/pr/v1/"


def publish(page: Page) -> NewsPage:
    """Make the newest version of a page live, as the publishing step does at the end."""
    with publication_permit(page.pk):
        page.get_latest_revision().publish(skip_permission_checks=True)
    return NewsPage.objects.get(pk=page.pk)


def make_live(office: Office, title: str = "ชวนล้างมือ 7 ขั้นตอน", **fields) -> NewsPage:
    """A complete item that is public."""
    return publish(make_draft(office, title, **fields))


def revise(page: NewsPage, **fields) -> NewsPage:
    """A newer version of a page, not published."""
    draft = page.get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save_revision()
    return NewsPage.objects.get(pk=page.pk)


def host_of(office: Office) -> str:
    """Host name of the office's site."""
    return office.agency.site.hostname


class Reader:
    """Somebody who reads the API of one office, without a login."""

    def __init__(self, office: Office):
        self.client, self.host = Client(), host_of(office)

    def get(self, path: str = "news", params: dict[str, Any] | None = None, **headers):
        """The answer of an address below the API; an address that begins with a slash is taken as it is."""
        address = path if path.startswith("/") else f"{API}{path}"
        return self.client.get(address, params or {}, headers={"host": self.host, **headers})

    def titles(self, **params) -> list[str]:
        """Titles of the news list."""
        answer = self.get("news", params)
        assert answer.status_code == 200, answer.content.decode()
        return [item["title"] for item in answer.json()["items"]]


def officer(agency: Agency, *, name: str = "นางสาวลับ ไม่เปิดเผย", unit: str = "งานลับ") -> StaffProfile:
    """A person of an agency whose name must never appear in public data."""
    row, _created = Unit.objects.get_or_create(agency=agency, name=unit)
    return StaffProfile.objects.create(agency=agency, display_name=name, position="นักประชาสัมพันธ์", unit=row)
