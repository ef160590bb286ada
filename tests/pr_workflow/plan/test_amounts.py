"""Money and numbers as people write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_workflow.plan.amounts import NoNumber, money, number
from pr_workflow.thai_time import thai_digits


@pytest.mark.parametrize(
    ("written", "baht"),
    [
        ("50,000 บาท", "50000"),
        ("๕๐,๐๐๐", "50000"),
        ("12,500.-", "12500"),
        ("1,250.50", "1250.50"),
        ("฿ 200", "200"),
        ("ไม่ใช้งบประมาณ", "0"),
        ("-", "0"),
        ("", "0"),
        (1500, "1500"),
        (0.1 + 0.2, "0.30"),
    ],
)
def test_money_people_write(written, baht):
    assert money(written) == Decimal(baht)


@pytest.mark.parametrize("written", ["-5", -3, "5 แสน", "1,00", "1,2345", "สามพัน", "10.005", 1e20, "1e5", "12 13"])
def test_what_is_no_certain_amount_is_refused(written):
    with pytest.raises(NoNumber):
        money(written)


@pytest.mark.parametrize(
    ("written", "value"), [("80", "80"), ("ร้อยละ ๘๐", "80"), ("80%", "80"), ("ไม่น้อยกว่า 3 ครั้ง", "3"), (80.5, "80.5")]
)
def test_target_values_people_write(written, value):
    assert number(written) == Decimal(value)


def test_no_target_is_none_and_two_numbers_are_refused():
    assert number("-") is None
    with pytest.raises(NoNumber):
        number("3 ครั้ง 2 แห่ง")


@given(st.decimals(0, Decimal("999999999999.99"), places=2))
def test_every_amount_is_read_back(amount):
    assert money(f"{amount:,.2f}") == money(f"{amount:.2f} บาท") == money(thai_digits(f"{amount:,.2f}")) == amount
