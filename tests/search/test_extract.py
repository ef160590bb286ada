"""Which words of a page are indexed."""

import pytest
from django.db import models
from django.test.utils import isolate_apps
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.search import index

from search.extract import page_text

pytestmark = pytest.mark.once


@isolate_apps("django.contrib.contenttypes")
def article(**values):
    """An unsaved object with the field types that pages have."""

    class Article(index.Indexed, models.Model):
        title = models.CharField(max_length=200)
        lead = models.TextField(null=True)
        secret = models.TextField()
        text = RichTextField()
        body = StreamField([("heading", blocks.CharBlock()), ("text", blocks.RichTextBlock())])

        search_fields = [
            index.SearchField("title"),
            index.SearchField("lead"),
            index.SearchField("text"),
            index.SearchField("body"),
            index.SearchField("get_keywords"),
            index.AutocompleteField("secret"),
            index.FilterField("secret"),
        ]

        class Meta:
            app_label = "pr_search"

        def __str__(self):
            return self.title

        def get_keywords(self):
            return ["ป้ายหนึ่ง", {"ป้ายสอง"}, 2569, None]

    return Article(**values)


def test_search_fields_are_read_without_their_html():
    page = article(
        title="ชื่อ <b>ข่าว</b>",
        lead=None,
        secret="ห้ามค้นเจอ",
        text="<p>ย่อหน้า<b>แรก</b></p><p>ย่อหน้าสอง &amp; จบ</p>",
        body=[("heading", "หัวข้อ"), ("text", "<p>ใน<i>บล็อก</i></p>")],
    )
    text = page_text(page)
    assert text.title == "ชื่อ <b>ข่าว</b>"
    assert text.body == "ย่อหน้าแรก ย่อหน้าสอง & จบ หัวข้อ ในบล็อก ป้ายหนึ่ง ป้ายสอง 2569"


class Own:
    title = "ไม่ใช้"

    def __init__(self, answer):
        self.answer = answer

    def get_pr_search_text(self):
        return self.answer


def test_the_pages_own_answer_comes_first():
    assert page_text(Own(("ชื่อ\u200bเรื่อง", " เนื้อ\n\nหา "))) == ("ชื่อเรื่อง", "เนื้อ หา")
    assert page_text(Own(None)) is None


@pytest.mark.parametrize("wrong", ["ข้อความ", ("ชื่อ",), ("ชื่อ", None), ["ชื่อ", "เนื้อหา"]])
def test_a_wrong_answer_names_the_class(wrong):
    with pytest.raises(TypeError, match=r"Own\.get_pr_search_text\(\) must return \(title, body\)"):
        page_text(Own(wrong))


def test_a_very_long_text_is_cut(settings):
    settings.PR_SEARCH_MAX_BODY_LENGTH = 100
    assert page_text(Own(("ก", "ข" * 1_000_000))) == ("ก", "ข" * 100)
