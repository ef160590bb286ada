"""The visitor's address behind a reverse proxy."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from cms.proxy import ClientAddress


@pytest.mark.parametrize(
    ("header", "address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("10.0.0.1, 203.0.113.9", "203.0.113.9"),
        ("", "127.0.0.1"),
    ],
    ids=["one entry", "an invented entry before the proxy's own", "no header"],
)
def test_the_last_forwarded_address_counts(header, address):
    seen = []
    ClientAddress(lambda request: seen.append(request.META["REMOTE_ADDR"]) or HttpResponse())(
        RequestFactory().get("/", headers={"x-forwarded-for": header} if header else {})
    )
    assert seen == [address]
