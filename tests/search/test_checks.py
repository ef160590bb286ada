"""Settings are checked when the site starts, and read when they are used."""

import pytest

from search.checks import check_search_settings
from search.conf import DEFAULTS

pytestmark = pytest.mark.once


def ids() -> list[str]:
    return [message.id for message in check_search_settings()]


@pytest.fixture(autouse=True)
def a_base_that_exists(settings) -> None:
    settings.PR_SEARCH_BASE_TEMPLATE = "pr_search/search.html"


def test_the_defaults_pass():
    assert ids() == []


@pytest.mark.parametrize("name", sorted(set(DEFAULTS) - {"PR_SEARCH_BASE_TEMPLATE"}))
@pytest.mark.parametrize("wrong", [0, -5, "10", None, True, 1.5])
def test_a_wrong_number_is_named(settings, name, wrong):
    setattr(settings, name, wrong)
    (message,) = check_search_settings()
    assert message.id == "pr_search.E001"
    assert message.msg.startswith(f"{name} is {wrong!r}.")


def test_a_base_template_that_does_not_exist_is_a_warning(settings):
    settings.PR_SEARCH_BASE_TEMPLATE = "nowhere/base.html"
    (message,) = check_search_settings()
    assert (message.id, "nowhere/base.html" in message.msg) == ("pr_search.W001", True)


@pytest.mark.parametrize("wrong", ["", None, 5])
def test_a_base_template_that_is_no_name_is_an_error(settings, wrong):
    settings.PR_SEARCH_BASE_TEMPLATE = wrong
    assert ids() == ["pr_search.E002"]
