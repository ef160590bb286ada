"""Our choice of the site is Wagtail's choice, for every set of sites."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Page, Site
from wagtail.models.sites import get_site_for_hostname

from pr_workflow.api.sites import SiteRow, site_for

pytestmark = pytest.mark.django_db

HOSTS, PORTS = ["a.localhost", "b.localhost", "c.localhost"], [80, 443, 8000]
sites = st.lists(st.tuples(st.sampled_from(HOSTS), st.sampled_from(PORTS)), max_size=5, unique=True)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sites=sites, default=st.integers(-1, 4), host=st.sampled_from(HOSTS), port=st.sampled_from(PORTS))
def test_the_same_site_answers(db, sites, default, host, port):
    Site.objects.all().delete()
    root = Page.objects.get(depth=1)
    rows = []
    for place, (hostname, number) in enumerate(sites):
        site = Site.objects.create(hostname=hostname, port=number, root_page=root, is_default_site=place == default)
        rows.append(SiteRow(hostname, number, place == default, site.pk))
    try:
        expected = get_site_for_hostname(host, port).pk
    except Site.DoesNotExist:
        expected = None
    found = site_for(rows, host, port)
    assert (found.agency_pk if found else None) == expected
