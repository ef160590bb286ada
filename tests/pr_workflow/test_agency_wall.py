"""No address of the admin shows an office anything of the other one (I5)."""

import pytest
from django.db import transaction
from django.urls import reverse
from wagtail.admin.urls import pages as wagtail_pages_urls

from pr_workflow.audit.models import AuditEntry
from pr_workflow.audit.services import audit_record
from pr_workflow.festival_calendar.models import ImportantDay
from pr_workflow.people.roles import Role
from pr_workflow.plan.models import AnnualPlan
from tests.factories.office import (
    MORNING,
    current_step,
    live,
    make_document,
    make_draft,
    make_image,
    make_office,
    submit,
)

pytestmark = pytest.mark.django_db

SECRET = "เรื่องลับของสำนักงานอื่น"
PAGE_PARTS = {"page_id", "parent_page_id", "page_to_move_id", "destination_id", "pk"}


@pytest.fixture
def own():
    return make_office("kpr")


@pytest.fixture
def other():
    return make_office("spp")


@pytest.fixture
def foreign_page(other):
    """An item of the other office that waits in its chain, with two revisions."""
    page = make_draft(other, title=SECRET, lead=f"ความนำ {SECRET}")
    submit(other, page)
    return page


def addresses_of_pages(page) -> list[str]:
    """Every address pattern of Wagtail that is about a page, filled with this one."""
    state = current_step(page)
    revision = page.latest_revision_id
    values = {
        "page_id": page.pk,
        "parent_page_id": page.pk,
        "page_to_move_id": page.pk,
        "destination_id": page.pk,
        "pk": page.pk,
        "page_pk": page.pk,
        "revision_id": revision,
        "revision_id_a": "earliest",
        "revision_id_b": "latest",
        "task_state_id": state.pk,
        "task_id": state.task_id,
        "workflow_state_id": state.workflow_state_id,
        "action_name": "approve",
        "content_type_app_name": "home",
        "content_type_model_name": "newspage",
        "app_label": "home",
        "model_name": "newspage",
    }
    found = []
    for pattern in wagtail_pages_urls.urlpatterns:
        wanted = {name: values[name] for name in pattern.pattern.regex.groupindex}
        if PAGE_PARTS & set(wanted):
            found.append(reverse(f"wagtailadmin_pages:{pattern.name}", kwargs=wanted))
    for name in ("wagtailadmin_explore", "wagtailadmin_explore_results", "wagtailadmin_choose_page_child"):
        found.append(reverse(name, args=[page.pk]))
    found.append(reverse("wagtailadmin_workflows:remove", args=[page.pk]))
    found.append(reverse("wagtailadmin_api:pages:detail", args=[page.pk]))
    found.append(reverse("wagtailadmin_editing_sessions:ping", args=["home", "newspage", page.pk, 1]))
    for action in ("delete", "publish", "unpublish", "move"):
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
        found += [f"{address}?id={page.pk}", f"{address}?id=all&childOf={page.get_parent().pk}", f"{address}?id=all"]
    found += [
        reverse("pr_admin:news_timeline", args=[page.pk]),
        reverse("pr_admin:preview", args=[revision]),
        reverse("pr_admin:review", args=[state.pk]),
    ]
    return found


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_page_address_shows_a_page_of_the_other_office(client, own, foreign_page, method):
    addresses = addresses_of_pages(foreign_page)
    assert len(addresses) > 45
    for role in Role:
        client.force_login(own.person(role))
        for address in addresses:
            response = getattr(client, method)(address)
            assert SECRET not in response.content.decode(), (role, address)
            assert response.status_code in {403, 404, 405}, (role, address, response.status_code)
    foreign_page.refresh_from_db()
    assert current_step(foreign_page).status == "in_progress"
    assert foreign_page.title == SECRET


def test_pages_named_in_a_form_or_a_query_are_refused_too(client, own, foreign_page):
    """A page of one's own may not be copied or moved under a page of the other office."""
    mine = make_draft(own, title="เรื่องของเรา")
    client.force_login(own.writer)
    target = foreign_page.get_parent()
    copy = reverse("wagtailadmin_pages:copy", args=[mine.pk])
    form = {"new_title": "สำเนา", "new_slug": "copy", "new_parent_page": target.pk}
    assert client.post(copy, form).status_code == 404
    move = reverse("wagtailadmin_pages:move_confirm", args=[mine.pk, target.pk])
    assert client.post(move).status_code == 404
    assert target.get_children_count() == 1


def test_the_same_addresses_open_for_the_own_office(client, own):
    """The wall refuses the other office, not everybody."""
    page = make_draft(own, title="เรื่องของเรา")
    submit(own, page)
    client.force_login(own.writer)
    for name in ("edit", "history", "usage", "workflow_history", "view_draft"):
        assert client.get(reverse(f"wagtailadmin_pages:{name}", args=[page.pk])).status_code == 200, name
    assert client.get(reverse("wagtailadmin_explore", args=[own.index.pk])).status_code == 200


def test_an_attempt_stands_in_the_log_without_naming_the_object(client, own, foreign_page):
    client.force_login(own.writer)
    address = reverse("wagtailadmin_pages:history", args=[foreign_page.pk])
    client.get(address)
    entry = AuditEntry.objects.get(verb="refused")
    assert entry.chain == own.agency.code
    assert entry.actor_name == own.writer.username
    assert entry.data["path"] == address
    assert SECRET not in f"{entry.target_label} {entry.data}"


def test_what_belongs_to_the_other_office_answers_like_what_does_not_exist(client, own, foreign_page):
    client.force_login(own.writer)
    foreign = client.get(reverse("wagtailadmin_pages:history", args=[foreign_page.pk]))
    absent = client.get(reverse("wagtailadmin_pages:history", args=[999_999]))
    assert foreign.status_code == absent.status_code == 404
    strip = str.maketrans("", "", "0123456789")
    assert foreign.content.decode().translate(strip) == absent.content.decode().translate(strip)


def test_listings_searches_and_choosers_hold_only_the_own_office(client, own, other):
    page = live(other, title=SECRET, tags=["ป้ายลับ"])
    image = make_image(other, title=SECRET, colour="navy")
    document = make_document(other, title=SECRET)
    addresses = [
        reverse("wagtailadmin_home"),
        reverse("wagtailadmin_explore_root"),
        reverse("wagtailadmin_explore", args=[own.index.pk]),
        reverse("wagtailadmin_explore", args=[own.index.pk]) + f"?q={SECRET[:5]}&search_all=1",
        reverse("wagtailadmin_explore", args=[own.index.pk]) + f"?owner={other.writer.pk}&search_all=1",
        reverse("wagtailadmin_pages:search") + f"?q={SECRET[:5]}",
        reverse("wagtailadmin_pages:type_use", args=["home", "newspage"]),
        reverse("wagtailadmin_choose_page"),
        reverse("wagtailadmin_choose_page") + "?page_type=home.newspage",
        reverse("wagtailadmin_choose_page_search") + f"?q={SECRET[:5]}",
        reverse("wagtailadmin_choose_page_chosen_multiple") + f"?id={page.pk}",
        reverse("wagtailadmin_api:pages:listing"),
        reverse("wagtailimages:index"),
        reverse("wagtailimages_chooser:choose"),
        reverse("wagtailimages_chooser:choose") + f"?q={SECRET[:5]}",
        reverse("wagtailimages_chooser:chosen", args=[image.pk]),
        reverse("wagtailimages_chooser:chosen_multiple") + f"?id={image.pk}",
        reverse("wagtailimages_chooser:select_format", args=[image.pk]),
        reverse("wagtailimages:edit", args=[image.pk]),
        reverse("wagtailimages:preview", args=[image.pk, "original"]),
        reverse("wagtailimages:image_usage", args=[image.pk]),
        reverse("wagtailimages:url_generator", args=[image.pk]),
        reverse("wagtailadmin_api:images:detail", args=[image.pk]),
        reverse("wagtailadmin_api:images:listing"),
        reverse("wagtaildocs:index"),
        reverse("wagtaildocs_chooser:choose"),
        reverse("wagtaildocs_chooser:chosen", args=[document.pk]),
        reverse("wagtaildocs:edit", args=[document.pk]),
        reverse("wagtaildocs:document_usage", args=[document.pk]),
        reverse("wagtailadmin_api:documents:detail", args=[document.pk]),
        reverse("wagtailadmin_api:documents:listing"),
        reverse("wagtail_bulk_action", args=["home", "agencyimage", "delete"]) + f"?id={image.pk}",
        reverse("wagtail_bulk_action", args=["home", "agencyimage", "add_tags"]) + "?id=all",
        reverse("wagtailadmin_tag_autocomplete") + "?term=ป้าย",
        *(
            reverse(f"wagtailadmin_reports:{name}")
            for name in ("workflow", "workflow_tasks", "site_history", "aging_pages")
        ),
        reverse("wagtailadmin_reports:page_types_usage"),
        reverse("wagtailadmin_workflows:index"),
        reverse("wagtailadmin_workflows:task_chooser"),
        reverse("wagtailusers_users:index"),
        reverse("wagtailusers_groups:index"),
        reverse("wagtailusers_users:edit", args=[other.writer.pk]),
        reverse("pr_admin:news_list"),
        reverse("pr_admin:activities"),
        reverse("pr_admin:posting"),
        reverse("pr_admin:checks"),
    ]
    for role in Role:
        client.force_login(own.person(role))
        for address in addresses:
            body = client.get(address).content.decode()
            for text in (SECRET, "ป้ายลับ", other.writer.username):
                assert text not in body, (role, address, text)


def test_accounts_and_groups_are_out_of_reach(client, own):
    for role in Role:
        client.force_login(own.person(role))
        for name in ("wagtailusers_users:index", "wagtailusers_groups:index", "wagtailadmin_workflows:index"):
            assert client.get(reverse(name)).status_code == 403, (role, name)


def test_a_superuser_serves_all_offices(client, own, foreign_page, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("root", password="only-in-tests"))
    response = client.get(reverse("wagtailadmin_pages:history", args=[foreign_page.pk]))
    assert response.status_code == 200
    assert SECRET in response.content.decode()


def test_an_account_of_no_office_opens_nothing(client, own, foreign_page):
    """No profile must never mean no wall."""
    own.writer.staff_profile.delete()
    client.force_login(own.writer)
    mine = reverse("wagtailadmin_explore", args=[own.index.pk])
    assert client.get(mine).status_code == 403
    assert client.get(reverse("wagtailadmin_pages:history", args=[foreign_page.pk])).status_code == 403
    assert client.get(reverse("wagtailadmin_home")).status_code == 200


def test_tags_of_the_other_office_s_pictures_are_not_offered(client, own, other):
    """Wagtail counts the most used tags of all pictures together."""
    picture = make_image(other)
    picture.tags.add("ป้ายลับ")
    document = make_document(other)
    document.tags.add("ป้ายลับ")
    make_image(own)
    for role in Role:
        client.force_login(own.person(role))
        for name in ("wagtailimages:index", "wagtailimages_chooser:choose", "wagtaildocs:index"):
            assert "ป้ายลับ" not in client.get(reverse(name)).content.decode(), (role, name)


def test_a_network_member_sees_no_draft_of_the_own_office(client, own):
    page = make_draft(own, title=SECRET)
    image, document = make_image(own, title=SECRET), make_document(own, title=SECRET)
    plan = AnnualPlan.objects.create(agency=own.agency, fiscal_year_be=2570, title=SECRET, live=False)
    addresses = [
        reverse("wagtailadmin_choose_page"),
        reverse("wagtailadmin_choose_page_child", args=[own.index.pk]),
        reverse("wagtailadmin_choose_page_search") + f"?q={SECRET[:5]}",
        reverse("wagtailadmin_choose_page_chosen_multiple") + f"?id={page.pk}",
        reverse("wagtailadmin_explore", args=[own.index.pk]),
        reverse("wagtailadmin_pages:move_confirm", args=[page.pk, own.home.pk]),
        reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"]) + f"?id={page.pk}",
        reverse("wagtailsnippetchoosers_pr_workflow_annualplan:choose"),
        reverse("wagtailsnippetchoosers_pr_workflow_annualplan:chosen", args=[plan.pk]),
        reverse("wagtailadmin_api:pages:listing"),
        reverse("wagtailadmin_api:images:listing"),
        reverse("wagtailadmin_api:images:detail", args=[image.pk]),
        reverse("wagtailadmin_api:documents:listing"),
        reverse("wagtailadmin_api:documents:detail", args=[document.pk]),
    ]
    client.force_login(own.person(Role.NETWORK_MEMBER))
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 403, address
        assert SECRET not in response.content.decode()
    for name in ("wagtailadmin_home", "wagtailsnippets_pr_workflow_importantday:list"):
        assert client.get(reverse(name)).status_code == 200
    own.person(Role.NETWORK_MEMBER).groups.add(*own.writer.groups.all())
    assert client.get(addresses[0]).status_code == 200


def test_the_system_s_own_log_is_for_superusers(client, own, django_user_model):
    root = django_user_model.objects.create_superuser("root", password="only-in-tests")
    with transaction.atomic():
        row = audit_record(actor=root, verb="refused", target=root, now=MORNING, data={"reason": SECRET})
        mine = audit_record(actor=root, verb="refused", target=root, now=MORNING, agency=own.agency)
    address = reverse("pr_workflow_auditentry_modeladmin_inspect", args=[row.pk])
    for role in Role:
        client.force_login(own.person(role))
        assert client.get(address).status_code == 404, role
    client.force_login(own.person(Role.DIRECTOR))
    assert client.get(reverse("pr_workflow_auditentry_modeladmin_inspect", args=[mine.pk])).status_code == 200
    client.force_login(root)
    assert SECRET in client.get(address).content.decode()


def test_national_days_are_open_to_every_office(client, own):
    day = ImportantDay.objects.create(name_th="วันทดสอบ", rule="fixed:01-02")
    client.force_login(own.writer)
    address = reverse("wagtailsnippets_pr_workflow_importantday:usage", args=[day.pk])
    assert client.get(address).status_code == 200
