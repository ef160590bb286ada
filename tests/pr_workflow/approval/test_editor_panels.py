"""The writer reads in the editor what has to be corrected, until the item is submitted again."""

from datetime import timedelta

import pytest
from django.urls import reverse

from pr_workflow.approval.services import news_return
from pr_workflow.people.roles import CHAIN
from tests.factories.office import MORNING, current_step, make_draft, submit

pytestmark = pytest.mark.django_db


def test_reasons_stand_above_the_editor_until_the_item_is_submitted_again(client, office):
    page = make_draft(office)
    editor = reverse("wagtailadmin_pages:edit", args=[page.pk])
    client.force_login(office.writer)
    assert "data-pr-reason" not in client.get(editor).content.decode()
    submit(office, page)
    reasons = {"lead": "ไม่บอกสถานที่ <script>x</script>", "when_where": "วันที่ผิด"}
    head, later = office.person(CHAIN[0]), MORNING + timedelta(hours=1)
    news_return(actor=head, task_state=current_step(page), reason="รีบ", field_reasons=reasons, now=later)
    body = client.get(editor).content.decode()
    assert 'data-pr-reason="lead"' in body
    assert 'data-pr-reason="event_date place"' in body
    assert 'data-pr-reason=""' in body
    assert "ไม่บอกสถานที่ &lt;script&gt;" in body
    assert "<script>x" not in body
    assert head.username in body or head.staff_profile.display_name in body
    submit(office, page, now=MORNING + timedelta(hours=2))
    assert "data-pr-reason" not in client.get(editor).content.decode()
