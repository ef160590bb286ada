"""No screen offers a link that answers “forbidden”, “not found” or an error to the person who sees it.

Each role opens the screens of its day on an agency with an item at every step, and follows one link of each kind.
"""

import re
from collections import Counter
from datetime import timedelta
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from django.urls import Resolver404, resolve, reverse

from pr_workflow.archive.models import ArchiveRecord
from pr_workflow.archive.services import archive_due
from pr_workflow.distribution.models import Delivery
from pr_workflow.people.roles import Role
from tests.factories.office import (
    CHAIN,
    MORNING,
    approved,
    current_step,
    live,
    make_administrator,
    make_draft,
    make_office,
    read_and_approve,
    submit,
    verify,
)
from tests.factories.plans import plan_row

# Which links a screen offers does not depend on the database.
pytestmark = [pytest.mark.django_db, pytest.mark.once]

#: What ends the session, buttons whose items a script fills in, and papers, which take long to draw and have tests of
#: their own.
NOT_FOLLOWED = {
    "wagtailadmin_logout",
    "wagtail_bulk_action",
    "pr_admin:request_form",
    "pr_admin:record_form",
    "pr_admin:dossier_pdf",
}
#: So many links of one kind are followed, over all screens of a role.
OF_A_KIND = 2
#: Items whose timeline and editor are opened.
OPENED = ("draft", "first level", "to post", "archived")
LEVELS = ("first level", "second level", "last level")
#: Screens of the day, beside those of single items.
SCREENS = [
    "wagtailadmin_home",
    "pr_admin:news_list",
    "pr_admin:checks",
    "pr_admin:posting",
    "pr_admin:removals",
    "pr_admin:notices",
    "pr_admin:delegations",
    "pr_admin:activities",
    "pr_admin:progress",
    "pr_admin:currency",
    "pr_admin:disposals",
    "pr_workflow_archiverecord_modeladmin_index",
    "pr_workflow_delivery_modeladmin_index",
    "pr_workflow_auditentry_modeladmin_index",
    "pr_evaluation_weeklyreport_modeladmin_index",
    "wagtailsnippets_pr_workflow_annualplan:list",
    "wagtailsnippets_pr_workflow_holiday:list",
    "wagtailsnippets_pr_workflow_importantday:list",
    "wagtailsnippets_pr_workflow_importantdayoccurrence:list",
]


@pytest.fixture
def office():
    return make_office(default_site=True)


@pytest.fixture
def pages(office):
    """Items at every step, by the step."""
    plan_row(office.agency)
    pages = {"draft": make_draft(office, title="ร่างข่าว")}
    for level, name in enumerate(LEVELS):
        page = make_draft(office, title=f"ข่าวรอ {name}")
        submit(office, page)
        for role in CHAIN[:level]:
            read_and_approve(actor=office.person(role), task_state=current_step(page), now=MORNING)
        pages[name] = page
    pages["to post"] = approved(office, title="ข่าวรอขึ้นเว็บ").page
    pages["to check"] = live(office, title="ข่าวรอตรวจ")
    pages["archived"] = live(office, title="ข่าวที่เก็บแล้ว")
    verify(office, pages["archived"], now=MORNING + timedelta(hours=6))
    archive_due(now=MORNING + timedelta(hours=7))
    return pages


def screens(pages) -> list[str]:
    addresses = [reverse(name) for name in SCREENS]
    for page in (pages[name] for name in OPENED):
        addresses.append(reverse("pr_admin:news_timeline", args=[page.pk]))
        addresses.append(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    addresses += [reverse("pr_admin:review", args=[current_step(pages[name]).pk]) for name in LEVELS]
    explored = pages["draft"].get_parent()
    addresses.append(reverse("wagtailadmin_explore", args=[explored.pk]))
    for model in (ArchiveRecord, Delivery):
        for row in model.objects.all()[:1]:
            addresses.append(reverse(f"{model._meta.label_lower.replace('.', '_')}_modeladmin_inspect", args=[row.pk]))
    return addresses


LINK = re.compile(r'(?:href=|"url": ?)"(/admin/[^"#]*)')


def links_of(html: str) -> dict[str, str]:
    """One address of each kind: the name of its view, and the address. Those of the menu are among them."""
    found: dict[str, str] = {}
    for raw in LINK.findall(unescape(html)):
        address = unescape(raw)
        try:
            match = resolve(urlsplit(address).path)
        except Resolver404:
            found[address] = address
            continue
        if match.view_name not in NOT_FOLLOWED:
            found.setdefault(match.view_name, address)
    return found


@pytest.mark.parametrize("role", [*Role, "administrator"])
def test_every_link_a_role_sees_leads_somewhere(office, pages, client, role):
    client.raise_request_exception = False
    user = make_administrator() if role == "administrator" else office.person(role)
    client.force_login(user)
    tried: Counter[str] = Counter()
    broken: list[tuple] = []
    opened = 0
    for screen in screens(pages):
        answer = client.get(screen)
        if answer.status_code != 200:
            assert answer.status_code in (302, 403, 404), (screen, answer.status_code)
            continue
        opened += 1
        for name, address in links_of(answer.content.decode()).items():
            if tried[name] >= OF_A_KIND or (tried[name] and ":" not in name):
                continue
            tried[name] += 1
            status = client.get(urljoin(screen, address)).status_code
            if status not in (200, 302, 405):
                broken.append((screen, name, address, status))
    assert opened >= 2, "the role opened next to nothing, so nothing was tried"
    assert not broken, broken


MENU = {"progress": "pr_admin:progress", "currency": "pr_admin:currency"}


@pytest.mark.parametrize("role", [*Role, "administrator"])
@pytest.mark.parametrize("name", MENU)
def test_the_menu_names_a_screen_to_exactly_those_who_may_open_it(office, client, role, name):
    client.force_login(make_administrator() if role == "administrator" else office.person(role))
    address = reverse(MENU[name])
    menu = client.get(reverse("wagtailadmin_home")).content.decode()
    may_open = client.get(address).status_code in (200, 302)
    # Components of the menu are JSON inside the page.
    assert (f'"url": "{address}"' in unescape(menu)) == may_open == (role not in (Role.NETWORK_MEMBER, "administrator"))


def test_the_entry_of_progress_leads_to_the_plan_of_the_running_year(office, client):
    client.force_login(office.writer)
    with time_machine.travel(MORNING, tick=False):
        answer = client.get(reverse("pr_admin:progress"), follow=True)
        assert answer.redirect_chain[-1][0] == reverse("wagtailsnippets_pr_workflow_annualplan:list")
        assert "2570" in " ".join(str(message) for message in answer.context["messages"])
        plan = plan_row(office.agency)
        plan_row(office.agency, fiscal_year_be=2571)
        plan_row(make_office("spp").agency)
        answer = client.get(reverse("pr_admin:progress"))
        assert answer["Location"] == reverse("pr_admin:plan_progress", args=[plan.pk])
