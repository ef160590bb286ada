"""Two people at the same moment: one makes a page public, the other takes it away. It must be away."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone
from wagtail.models import PageViewRestriction

from home.models import NewsPage
from pr_workflow.publishing.models import PublishedItem
from pr_workflow.publishing.projection import published_item_refresh
from tests.factories.office import make_office
from tests.factories.published import make_live

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

#: Long enough for the other thread to reach the lock, short beside the ten seconds SQLite waits for one.
A_MOMENT = 0.5


def restrict(page):
    PageViewRestriction.objects.create(page=page, restriction_type="login")


def take_down(page):
    NewsPage.objects.get(pk=page.pk).unpublish()


@pytest.mark.parametrize("take_away", [restrict, take_down])
def test_a_row_written_meanwhile_does_not_stay(take_away):
    page = make_live(make_office())
    PublishedItem.objects.all().delete()
    row_is_written, errors = threading.Event(), []

    def other_person():
        row_is_written.wait(10)
        try:
            take_away(page)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=other_person)
    thread.start()
    with transaction.atomic():
        assert published_item_refresh(page.pk, timezone.now())
        row_is_written.set()
        thread.join(A_MOMENT)
        assert thread.is_alive()  # it waits for our transaction
    thread.join(20)
    assert errors == []
    assert not PublishedItem.objects.exists()
