"""The nightly job looks at every public row and makes those again that differ; nothing else changes (design §3)."""

import logging

import pytest
from wagtail.models import PageViewRestriction

from home.models import NewsPage
from pr_workflow.publishing import rebuild
from pr_workflow.publishing.models import PublishedItem
from pr_workflow.tasks import projection_heal
from tests.factories.office import make_draft, make_office
from tests.factories.published import Reader, make_live

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("rebuild")]
COLUMNS = [field.attname for field in PublishedItem._meta.fields]


@pytest.fixture
def offices():
    offices = [make_office("kpr"), make_office("spp")]
    for office in offices:
        for number in range(2):
            make_live(office, f"ข่าวที่ {number}", tags=["ก", "ข"])
        make_draft(office, "ร่าง")
    return offices


def rows() -> dict[int, dict]:
    return {row["page_id"]: row for row in PublishedItem.objects.values(*COLUMNS)}


def test_a_night_with_nothing_wrong_changes_nothing(offices, caplog):
    before = rows()
    with caplog.at_level(logging.ERROR):
        assert projection_heal() == []
    assert rows() == before
    assert not caplog.records


def test_what_differs_is_named_in_the_log_and_made_again(offices, caplog):
    before = rows()
    wrong, unlabelled, missing, good = sorted(before)
    PublishedItem.objects.filter(page_id=wrong).update(title="ผิด", detail_json="{}")
    PublishedItem.objects.get(page_id=unlabelled).labels.all().delete()
    PublishedItem.objects.filter(page_id=missing).delete()
    with caplog.at_level(logging.ERROR):
        found = projection_heal()
    assert [int(text.split(" ")[0]) for text in found] == sorted([wrong, unlabelled, missing])
    assert "row missing" in caplog.text
    healed = rows()
    for pk in (wrong, unlabelled, good):
        assert healed[pk] == before[pk]
    assert {name: value for name, value in healed[missing].items() if name != "id"} == {
        name: value for name, value in before[missing].items() if name != "id"
    }
    assert PublishedItem.objects.get(page_id=unlabelled).labels.count() > 0
    assert projection_heal() == []


def test_what_is_not_public_any_more_leaves_the_api(offices):
    office, _other = offices
    hidden, private = NewsPage.objects.filter(pk__in=list(rows())).order_by("pk")[:2]
    NewsPage.objects.filter(pk=hidden.pk).update(live=False)  # no signal
    PageViewRestriction.objects.bulk_create([PageViewRestriction(page=private, restriction_type="login")])
    assert len(projection_heal()) == 2
    assert not {hidden.pk, private.pk} & set(rows())
    assert Reader(office).titles() == []
    assert len(Reader(offices[1]).titles()) == 2


def test_one_page_that_cannot_be_built_keeps_no_other_from_healing(offices, monkeypatch, caplog):
    poisoned, wrong = sorted(rows())[:2]
    PublishedItem.objects.filter(page_id=wrong).update(title="ผิด")
    stock = rebuild.projection_of

    def explode(page, **kwargs):
        if page.pk == poisoned:
            raise RuntimeError("a block nobody knows")
        return stock(page, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(rebuild, "projection_of", explode)
        patch.setattr("pr_workflow.publishing.projection.projection_of", explode)
        found = projection_heal()
    assert len(found) == 2
    assert PublishedItem.objects.get(page_id=wrong).title != "ผิด"
    assert PublishedItem.objects.filter(page_id=poisoned).exists()
    assert projection_heal() == []
