"""The fake channels for every test of this step, with waits cut so that a channel that hangs costs little."""

import pytest

from pr_workflow.distribution.adapters import http
from pr_workflow.distribution.fake_channels import FakeChannels

WEBHOOK_SECRET = "whsec_" + "c2lnbmVkIGluIHRlc3RzIG9ubHk="
PAGE_TOKEN = "EAAB-page-token-of-the-tests"


@pytest.fixture
def fake(monkeypatch):
    """A running server that knows the page ``health-page`` and the receiver ``partner``."""
    monkeypatch.setattr(http, "READ_TIMEOUT", 0.4)
    with FakeChannels(secrets={"partner": WEBHOOK_SECRET}, tokens={"health-page": PAGE_TOKEN}) as server:
        yield server
