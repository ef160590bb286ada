"""Templates of drafts in the admin: whose they are, what is refused, which one counts (R20, I5)."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pr_workflow.audit.models import AuditEntry
from pr_workflow.festival_calendar.models import ImportantDay, Kind
from pr_workflow.lead_time.models import DraftTemplate
from pr_workflow.lead_time.patterns import pattern_filled, pattern_refusal
from pr_workflow.lead_time.selectors import template_for
from pr_workflow.lead_time.services import draft_templates_seed
from pr_workflow.people.roles import Role
from tests.factories.office import MORNING, make_administrator, make_office

pytestmark = pytest.mark.django_db
WALLED = (403, 404)


def url(view: str, *args) -> str:
    return reverse(f"wagtailsnippets_pr_workflow_drafttemplate:{view}", args=args)


def data(**changes) -> dict:
    return {
        "important_day": "",
        "kind": "cultural",
        "title": "{name} ปี {year_be}",
        "lead": "{agency} จัดงานวันที่ {date}",
        "body": "ย่อหน้าแรก\n\nย่อหน้าที่สอง",
        "tags": "{name}, ประเพณี",
        "target_groups": ["public"],
        "active": "on",
        **changes,
    }


@pytest.fixture
def seeded():
    draft_templates_seed(actor=None, now=MORNING)


@pytest.fixture
def writer(client, office):
    client.force_login(office.writer)
    return client


@pytest.fixture
def admin(client):
    client.force_login(make_administrator())
    return client


@pytest.fixture
def day():
    return ImportantDay.objects.create(key="a_day", name_th="วันตัวอย่าง", kind="cultural", rule="fixed:12-15")


class TestSeed:
    def test_every_kind_has_one_and_each_is_a_pattern(self, seeded):
        rows = list(DraftTemplate.objects.all())
        assert {row.kind for row in rows} == set(Kind.values)
        for row in rows:
            row.full_clean()
            assert row.lead
            assert row.body
        assert draft_templates_seed(actor=None, now=MORNING) == 0
        assert AuditEntry.objects.filter(verb="draft_templates_seed").count() == 1

    def test_what_a_person_changed_stays(self, seeded, admin):
        row = DraftTemplate.objects.get(kind="cultural")
        assert admin.post(url("edit", row.pk), data(agency="", title="ของเราเอง {name}")).status_code == 302
        call_command("important_days_seed")
        row.refresh_from_db()
        assert (row.title, row.edited) == ("ของเราเอง {name}", True)
        assert AuditEntry.objects.filter(verb="draft_template_save", target_id=str(row.pk)).count() == 1

    def test_an_untouched_one_is_refreshed_by_a_release(self, seeded):
        row = DraftTemplate.objects.get(kind="royal")
        row.title = "เก่า"
        row.edited = False
        row.mark_seeded()
        row.save()
        draft_templates_seed(actor=None, now=MORNING)
        row.refresh_from_db()
        assert row.title != "เก่า"


class TestWhichCounts:
    def test_the_nearest_one(self, seeded, office, day):
        agency = office.agency
        chosen = [template_for(agency, day)]
        for fields in (
            {"important_day": day},
            {"agency": agency, "kind": "cultural"},
            {"agency": agency, "important_day": day},
        ):
            DraftTemplate.objects.create(title=str(len(chosen)), **fields)
            chosen.append(template_for(agency, day))
        assert [row.title for row in chosen[1:]] == ["1", "2", "3"]
        assert chosen[0].agency is None
        other = make_office("spr").agency
        assert template_for(other, day).title == "1"
        assert template_for(agency, None).kind == Kind.ORGANISATION

    def test_one_out_of_use_does_not_count(self, seeded, office, day):
        DraftTemplate.objects.update(active=False)
        assert template_for(office.agency, day) is None


class TestForm:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"title": "{nmae} ปี {year_be}"}, "title"),
            ({"title": "{name.__class__}"}, "title"),
            ({"title": ""}, "title"),
            ({"lead": "{date!r}"}, "lead"),
            ({"body": "เปิดแล้วไม่ปิด {name"}, "body"),
            ({"body": "{{name}}"}, "body"),
            ({"tags": "{}"}, "tags"),
            ({"kind": ""}, "kind"),
            ({"kind": "party"}, "kind"),
            ({"target_groups": ["martians"]}, "target_groups"),
            ({"important_day": "999999"}, "important_day"),
        ],
    )
    def test_a_refusal_names_its_field_and_keeps_what_was_typed(self, writer, changes, field):
        answer = writer.post(url("add"), data(**changes))
        assert answer.status_code == 200
        assert field in answer.context["form"].errors
        assert not DraftTemplate.objects.exists()
        assert "ย่อหน้าที่สอง" in answer.content.decode() or field == "body"

    def test_a_day_and_a_kind_at_once(self, writer, day):
        answer = writer.post(url("add"), data(important_day=day.pk))
        assert list(answer.context["form"].errors) == ["kind"]

    def test_a_second_one_for_the_same(self, writer, office):
        assert writer.post(url("add"), data()).status_code == 302
        assert DraftTemplate.objects.get().agency == office.agency
        answer = writer.post(url("add"), data())
        assert list(answer.context["form"].errors) == ["kind"]
        assert DraftTemplate.objects.count() == 1

    def test_every_screen_opens(self, seeded, writer, office):
        own = DraftTemplate.objects.create(agency=office.agency, kind="royal", title="{name}")
        national = DraftTemplate.objects.get(agency=None, kind="royal")
        assert writer.get(url("edit", own.pk)).status_code == 200
        assert writer.get(url("inspect", national.pk)).status_code == 200
        assert writer.get(url("add")).status_code == 200
        shown = writer.get(url("list")).content.decode()
        assert url("edit", own.pk) in shown
        assert url("edit", national.pk) not in shown

    def test_national_and_foreign_ones_are_not_changed(self, seeded, writer):
        foreign = DraftTemplate.objects.create(agency=make_office("spr").agency, kind="royal", title="{name}")
        national = DraftTemplate.objects.get(agency=None, kind="royal")
        assert writer.post(url("edit", foreign.pk), data(kind="royal")).status_code in WALLED
        assert writer.get(url("inspect", foreign.pk)).status_code in WALLED
        assert writer.post(url("edit", national.pk), data(kind="royal")).status_code in WALLED
        assert writer.post(url("delete", national.pk)).status_code in WALLED
        foreign.refresh_from_db()
        assert foreign.title == "{name}"

    def test_a_foreign_important_day_is_not_chosen(self, writer):
        foreign = ImportantDay.objects.create(agency=make_office("spr").agency, name_th="ของเขา", rule="fixed:06-10")
        answer = writer.post(url("add"), data(kind="", important_day=foreign.pk))
        assert "important_day" in answer.context["form"].errors

    def test_heads_read_and_network_members_too_but_nobody_else_writes(self, seeded, client, office):
        for role in (Role.HEAD_OF_WORK, Role.NETWORK_MEMBER):
            client.force_login(office.person(role))
            assert client.post(url("add"), data()).status_code in (302, 403)
        assert not DraftTemplate.objects.exclude(agency=None).exists()

    def test_the_list_costs_the_same_at_any_length(self, seeded, writer, office):
        counts = []
        for first in (0, 3):
            for number in range(first, first * 6 + 3):
                each = ImportantDay.objects.create(name_th=f"วันที่ {number}", rule="fixed:01-02")
                DraftTemplate.objects.create(agency=office.agency, important_day=each, title="{name}")
            with CaptureQueriesContext(connection) as queries:
                assert writer.get(url("list")).status_code == 200
            counts.append(len(queries))
        assert counts[0] >= counts[1]


@pytest.mark.once
class TestPatterns:
    @pytest.mark.parametrize("text", ["", "ไม่มี", "{name}{year_be}{date}{agency}", "{name} {name}"])
    def test_good(self, text):
        assert not pattern_refusal(text)

    @pytest.mark.parametrize("text", ["{", "}", "{name", "{ name }", "{0}", "{name:>9}", "}{name}{"])
    def test_bad(self, text):
        assert pattern_refusal(text)

    def test_what_is_filled_in_is_not_read_again(self):
        assert pattern_filled("{name} {date}", {"name": "{date}", "date": str(date(2027, 1, 1))}) == "{date} 2027-01-01"
