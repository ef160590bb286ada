"""Headlines break between phrases, and numbers stay with their units."""

import pytest

from home.templatetags.public_site import phrases


def shown(text: str) -> str:
    """Whole phrases in brackets, hard spaces as ~."""
    html = phrases(text).replace("\u00a0", "~")
    return html.replace('<span class="phrase">', "[").replace("</span>", "]")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("กลุ่มพัฒนาระบบบริหาร กรมส่งเสริมสุขภาพตัวอย่าง", "[กลุ่มพัฒนาระบบบริหาร] [กรมส่งเสริมสุขภาพตัวอย่าง]"),
        ("ล้างมือ 7 ขั้นตอน เนื่องในวันล้างมือโลก", "[ล้างมือ] [7~ขั้นตอน] [เนื่องในวันล้างมือโลก]"),
        ("ประจำปีงบประมาณ พ.ศ. ๒๕๗๐", "[ประจำปีงบประมาณ] [พ.ศ.~๒๕๗๐]"),
        ("ตรวจความพร้อมโรงเรียนก่อนเปิดภาคเรียนที่ 2", "ตรวจความพร้อมโรงเรียนก่อนเปิดภาคเรียนที่~2"),
        ("  เว้น   วรรค  ", "[เว้น] [วรรค]"),
        ("<b>&", "[&lt;b&gt;&amp;]"),
    ],
)
def test_phrases(text, expected):
    assert shown(text) == expected


def test_no_letter_is_lost():
    text = "กพร. ชวนบุคลากรล้างมือให้ถูกวิธี 7 ขั้นตอน เนื่องในวันล้างมือโลก เขต 1 ปี 2570"
    plain = phrases(text).replace('<span class="phrase">', "").replace("</span>", "").replace("\u00a0", " ")
    assert plain == text
