"""Picture sizes are made ahead of the go-live; a picture deleted meanwhile ends that job quietly."""

from datetime import timedelta

import pytest

from home.models import AgencyImage, AgencyRendition
from pr_workflow.publishing.projection_jobs import posting_pictures_prepare
from tests.factories.office import MORNING, approved, make_image, posted

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_sizes_are_made(office):
    image = make_image(office)
    posting = posted(office, image=image, go_live_at=MORNING + timedelta(hours=9), now=MORNING + timedelta(hours=5))
    AgencyRendition.objects.all().delete()
    posting_pictures_prepare(posting.pk)
    assert AgencyRendition.objects.filter(image=image).exists()


def test_a_picture_deleted_while_its_sizes_are_made_ends_the_job(office, monkeypatch):
    image = make_image(office)
    posting = approved(office, image=image)
    AgencyRendition.objects.all().delete()
    stock = AgencyImage.create_renditions

    def deleted_meanwhile(self, *filters):
        AgencyImage.objects.filter(pk=self.pk)._raw_delete("default")
        return stock(self, *filters)

    monkeypatch.setattr(AgencyImage, "create_renditions", deleted_meanwhile)
    posting_pictures_prepare(posting.pk)
    assert not AgencyRendition.objects.exists()


def test_a_posting_that_is_gone_is_no_error(office):
    posting_pictures_prepare(999999)
    assert not AgencyRendition.objects.exists()
