"""Files by their address: everybody gets what a public page shows, the agency its own drafts, nobody else's (I5)."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from pr_workflow.news.public_content import PHOTO_SPECS
from pr_workflow.people.roles import Role
from tests.factories.office import make_document, make_draft, make_image, make_office
from tests.factories.published import make_live, publish, revise

pytestmark = pytest.mark.django_db
THUMBNAIL = "max-165x165"


def photo(image) -> list:
    return [("photo", {"image": image, "alt_text": "ก", "caption": "", "credit": ""})]


def attached(document) -> list:
    return [("file", {"document": document, "title": "แนบ"})]


def addresses(image, document) -> list[str]:
    sizes = image.get_renditions(*PHOTO_SPECS, THUMBNAIL).values()
    return [*(size.url for size in sizes), document.url]


@pytest.fixture
def files(office):
    return make_image(office), make_document(office)


@pytest.fixture
def draft(office, files):
    image, document = files
    return make_draft(office, image=image, attachments=attached(document))


def statuses(found: list[str], user=None) -> set[int]:
    client = Client()
    if user is not None:
        client.force_login(user)
    answers = [client.get(address) for address in found]
    for answer in answers:
        if answer.streaming:
            assert b"".join(answer.streaming_content)
    return {answer.status_code for answer in answers}


def test_files_of_a_draft_exist_for_its_agency_only(office, files, draft, django_user_model):
    found = addresses(*files)
    other = make_office("spp")
    assert statuses(found) == {404}
    for role in Role:
        assert statuses(found, other.person(role)) == {404}, role
        expected = 404 if role == Role.NETWORK_MEMBER else 200
        assert statuses(found, office.person(role)) == {expected}, role
    assert statuses(found, django_user_model.objects.create_user("stranger")) == {404}
    assert statuses(found, django_user_model.objects.create_superuser("root")) == {200}


def test_a_network_member_sees_what_they_uploaded(office, files, draft):
    member = office.person(Role.NETWORK_MEMBER)
    for row in files:
        row.uploaded_by_user = member
        row.save()
    assert statuses(addresses(*files), member) == {200}


def test_files_are_public_exactly_as_long_as_their_page(files, draft):
    page = publish(draft)
    found = addresses(*files)
    assert statuses(found) == {200}
    page.unpublish()
    assert statuses(found) == {404}


def test_a_file_of_the_next_version_is_not_public_yet(office, files, draft):
    """The page is live, but not with this file."""
    page = publish(draft)
    image, document = make_image(office, colour="navy"), make_document(office, title="ยังไม่อนุมัติ")
    page = revise(page, photos=photo(image), attachments=attached(document))
    assert statuses(addresses(image, document)) == {404}
    assert statuses(addresses(*files)) == {200}
    publish(page)
    assert statuses(addresses(image, document)) == {200}
    assert statuses(addresses(*files)) == {404}


def test_a_link_in_the_text_makes_a_document_public(office, files):
    _image, document = files
    text = f'<p><a linktype="document" id="{document.pk}">แผ่นพับ</a></p>'
    page = make_draft(office, body=[("paragraph", text)])
    assert statuses([document.url]) == {404}
    publish(page)
    assert statuses([document.url]) == {200}


def test_a_private_section_and_a_private_collection_keep_their_files(office, files, draft):
    page = publish(draft)
    image, _document = files
    restriction = PageViewRestriction.objects.create(page=office.index, restriction_type="login")
    found = addresses(*files)
    assert statuses(found) == {404}
    assert statuses(found, make_office("spp").writer) == {200}  # whom the page lets in
    restriction.delete()
    private = Collection.get_first_root_node().add_child(instance=Collection(name="ลับ"))
    type(image).objects.filter(pk=image.pk).update(collection=private)
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    assert page.live
    assert statuses(found[:-1]) == {404}


def test_what_is_public_may_be_kept_and_a_draft_may_not(office, files, draft):
    address = addresses(*files)[0]
    staff = Client()
    staff.force_login(office.writer)
    answer = staff.get(address)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"
    publish(draft)
    answer = Client().get(address)
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "Cookie" not in answer.headers.get("Vary", "")
    again = Client().get(address, headers={"if-modified-since": answer.headers["Last-Modified"]})
    assert again.status_code == 304


def test_a_picture_costs_the_same_few_queries_whoever_shows_it(office, files):
    image, document = files
    make_live(office, image=image)
    (address, *_rest) = addresses(image, document)
    counts = []
    for _number in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(address).status_code == 200
        counts.append(len(queries))
        for title in ("หนึ่ง", "สอง", "สาม"):
            make_live(office, title, image=image)
    assert counts[0] == counts[1] <= 6


def test_a_size_nobody_made_and_other_uploads_have_no_address(files, draft):
    publish(draft)
    image, _document = files
    name = image.get_rendition(PHOTO_SPECS[0]).url
    assert statuses([name.replace("width-640", "width-641"), image.file.url]) == {404}


def test_the_writer_sees_the_pictures_of_a_preview(client, office, files, draft):
    client.force_login(office.writer)
    preview = client.get(reverse("pr_admin:preview", args=[draft.latest_revision_id]))
    assert preview.status_code == 200
    image, _document = files
    size = image.get_rendition(PHOTO_SPECS[0])
    assert size.url in preview.content.decode()
    assert statuses([size.url], office.writer) == {200}
