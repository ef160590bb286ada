"""The projection is one: made again from pages it is the same, row by row."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import PageViewRestriction

from home.models import NewsPage
from pr_workflow.publishing.models import PublishedItem, PublishedLabel
from pr_workflow.publishing.rebuild import projection_differences, projection_rebuild
from tests.factories.office import live, make_document, make_draft, make_office
from tests.factories.published import make_live, revise

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("rebuild")]


@pytest.fixture
def offices():
    """Two offices with every kind of page."""
    offices = [make_office("kpr"), make_office("spp")]
    for office in offices:
        live(office, title="ผ่านทุกขั้นตอน", attachments=[("file", {"document": make_document(office), "title": "แนบ"})])
        revise(make_live(office, "มีฉบับร่างใหม่กว่า", tags=["ก", "ข"]), lead="ฉบับร่าง")
        make_draft(office, "ร่าง")
        make_live(office, "ถอนแล้ว").unpublish()
        private = make_live(office, "ภายใน")
        PageViewRestriction.objects.create(page=private, restriction_type="login")
    return offices


def rows() -> list[dict]:
    """Every column of every row, and its labels."""
    found = []
    for item in PublishedItem.objects.order_by("page_id"):
        columns = {field.attname: getattr(item, field.attname) for field in PublishedItem._meta.fields}
        labels = sorted(PublishedLabel.objects.filter(item=item).values_list("kind", "value"))
        found.append({**columns, "labels": labels})
    return found


def without_key(found: list[dict]) -> list[dict]:
    return [{name: value for name, value in row.items() if name != "id"} for row in found]


def test_a_rebuild_over_nothing_makes_the_same_rows(offices):
    before = rows()
    assert [row["title"] for row in before] == ["ผ่านทุกขั้นตอน", "มีฉบับร่างใหม่กว่า"] * 2
    PublishedItem.objects.all().delete()
    projection_rebuild(now=timezone.now())
    assert without_key(rows()) == without_key(before)


def test_a_rebuild_over_good_rows_changes_nothing_at_all(offices):
    before = rows()
    call_command("rebuild_published", stdout=StringIO())
    assert rows() == before


def test_check_names_what_differs_and_changes_nothing(offices):
    first, second, third, _fourth = PublishedItem.objects.order_by("pk")
    PublishedItem.objects.filter(pk=first.pk).update(list_json="{}", etag="x")
    second.labels.all().delete()
    third.delete()
    lost = make_live(offices[0], "หน้าที่ไม่ได้อยู่บนเว็บแล้ว")
    NewsPage.objects.filter(pk=lost.pk).update(live=False)
    before = rows()
    errors = StringIO()
    with pytest.raises(CommandError, match="4 rows differ"):
        call_command("rebuild_published", check=True, stderr=errors)
    for expected in ("list_json, etag", "labels", "row missing", "page not live"):
        assert expected in errors.getvalue()
    assert rows() == before


def test_a_rebuild_heals_everything(offices):
    PublishedItem.objects.filter(agency=offices[0].agency).update(detail_json="{}", title="ผิด")
    lost = make_live(offices[0], "หน้าที่ไม่ได้อยู่บนเว็บแล้ว")
    NewsPage.objects.filter(pk=lost.pk).update(live=False)
    private = PublishedItem.objects.last().page
    restriction = PageViewRestriction(page=private, restriction_type="login")
    PageViewRestriction.objects.bulk_create([restriction])  # no signal
    assert list(projection_differences(now=timezone.now()))
    projection_rebuild(now=timezone.now())
    assert list(projection_differences(now=timezone.now())) == []
    assert not PublishedItem.objects.filter(page__in=[lost.pk, private.pk]).exists()
    out = StringIO()
    call_command("rebuild_published", check=True, stdout=out)
    assert "Every row says" in out.getvalue()
