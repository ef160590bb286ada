"""An agency whose people have mail addresses, and a clock that stands on a Monday morning."""

from datetime import datetime

import pytest
import time_machine
from django.contrib.auth import get_user_model

from pr_workflow.notifications.jobs import notices_send
from pr_workflow.notifications.models import Notice, NoticePreference
from pr_workflow.notifications.services import notice_write
from tests.factories.office import MORNING, Office


@pytest.fixture
def office(shared_office) -> Office:
    office = shared_office
    for user in get_user_model().objects.all():
        user.email = f"{user.username}@example.go.th"
        user.save(update_fields=["email"])
        office.people.update({role: user for role, person in office.people.items() if person.pk == user.pk})
    return office


@pytest.fixture
def tell(office):
    """Write a notice to the writer, or to whom it is for."""

    def write(key="k1", *, to=None, now=MORNING, **changes) -> Notice:
        words = {"subject": "ข่าวถูกส่งกลับแก้ไข", "text": "แก้พาดหัว", "path": "/admin/pr/news/", **changes}
        person = to or office.writer
        notice_write(recipients=[person], key=key, agency=office.agency, now=now, **words)
        return Notice.objects.filter(recipient=person).latest("pk")

    return write


@pytest.fixture
def send_at():
    """Run the sending job at a moment."""

    def send(moment: datetime) -> dict:
        with time_machine.travel(moment, tick=False):
            return notices_send()

    return send


@pytest.fixture
def prefer(office):
    """Say how the writer wants to be told."""

    def choose(**changes) -> NoticePreference:
        return NoticePreference.objects.create(user=office.writer, **changes)

    return choose
