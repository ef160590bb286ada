"""`manage.py rebuild_search`: the index made again from the pages, as often as one likes."""

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page, PageViewRestriction

from search.models import SearchEntry, SearchGram, SearchText

pytestmark = pytest.mark.django_db


def contents() -> list:
    """Everything in the index, comparable."""
    return [
        list(model.objects.order_by(*order).values())
        for model, order in [
            (SearchEntry, ["pk"]),
            (SearchText, ["pk"]),
            (SearchGram, ["entry_id", "gram"]),
        ]
    ]


def rebuild(capsys) -> str:
    call_command("rebuild_search")
    return capsys.readouterr().out


def test_it_makes_what_the_signals_made_and_nothing_else(health, school, capsys):
    health.live("ข่าวหนึ่ง", "เนื้อหา")
    school.live("ข่าวสอง")
    health.draft("ร่าง")
    rebuild(capsys)
    before = contents()
    SearchEntry.objects.all().delete()
    assert SearchGram.objects.count() == SearchText.objects.count() == 0
    rebuild(capsys)
    assert contents() == before
    rebuild(capsys)
    assert contents() == before


def test_it_repairs_what_went_wrong(health, capsys):
    damaged, hidden, private = health.live("ข่าวเสียหาย"), health.live("ข่าวถอน"), health.live("ข่าวภายใน")
    SearchGram.objects.filter(entry_id=damaged.pk).delete()
    SearchText.objects.filter(pk=damaged.pk).update(title_text="x")
    Page.objects.filter(pk=hidden.pk).update(live=False)
    PageViewRestriction.objects.bulk_create([PageViewRestriction(page=private, restriction_type="login")])
    public = Page.objects.live().count() - 1
    said = rebuild(capsys)
    assert f"{public} pages indexed, 1 left out as private or unwanted, 1 removed." in said
    assert health.found("ข่าวเสียหาย") == ["ข่าวเสียหาย"]
    assert not SearchEntry.objects.filter(pk__in=[hidden.pk, private.pk]).exists()


def test_one_broken_page_is_named_and_the_others_are_done(health, monkeypatch):
    broken, sound = health.live("ข่าวพัง"), health.live("ข่าวดี")
    SearchEntry.objects.filter(pk=sound.pk).delete()

    def own_text(self):
        if self.pk == broken.pk:
            raise ValueError("broken block")
        return self.title, ""

    monkeypatch.setattr(Page, "get_pr_search_text", own_text, raising=False)
    with pytest.raises(CommandError, match=rf"page {broken.pk}: ValueError: broken block"):
        call_command("rebuild_search")
    assert health.found("ข่าวดี") == ["ข่าวดี"]
    assert not SearchEntry.objects.filter(pk=broken.pk).exists()
