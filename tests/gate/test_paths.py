"""Each row of docs/reference/gate.md: refused with the guards, harmful without them (I3, R36)."""

from dataclasses import replace

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import ProtectedError
from django.test import Client
from wagtail.models import APIToken

from home.models import HomePage
from pr_workflow import gate, side_doors, token_api
from pr_workflow.approval import receivers as approval_receivers
from pr_workflow.audit.models import AuditEntry
from pr_workflow.news import models as news_models
from pr_workflow.news import receivers as news_receivers
from pr_workflow.news.permissions import KeptPermissionTester, NewsPermissionTester
from tests.factories.office import live, make_draft, make_office
from tests.gate.paths import PATHS, Path, Scene
from tests.shared_office import the_shared_office

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("gate")]
by_number = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.number)


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker):
    """Built once for all rows; each test plays inside a transaction of its own."""
    with django_db_blocker.unblock():
        the_shared_office.close()
        with transaction.atomic():
            office = make_office()
            public = live(office)
            draft = make_draft(office, title="ยังไม่มีใครอนุมัติ")
            root = get_user_model().objects.create_superuser("root", password="only-in-tests")
            token = APIToken.generate_token()
            APIToken.objects.create(user=root, name="test", key_hash=APIToken.hash_token(token), prefix=token[:12])
            yield office, public, draft, root, token
            transaction.set_rollback(True)


@pytest.fixture
def scene(stage, db, settings) -> Scene:
    settings.WAGTAIL_I18N_ENABLED = True
    settings.WAGTAIL_CONTENT_LANGUAGES = [("th", "ไทย"), ("en", "English")]
    office, public, draft, root, token = stage
    office = replace(office, home=HomePage.objects.get(pk=office.home.pk), index=fresh(office.index))
    client = Client()
    client.force_login(root)
    return Scene(office, fresh(public), fresh(draft), root, client, token)


def fresh(page):
    return type(page).objects.get(pk=page.pk)


@by_number
def test_the_path_is_refused_even_to_a_superuser_and_logged(path: Path, scene: Scene):
    before = path.harm(scene)
    refused = AuditEntry.objects.filter(verb="refused").count()
    response = path.attempt(scene)
    assert response.status_code in path.refused, response.content[:500]
    assert path.harm(scene) == before
    rows = AuditEntry.objects.filter(verb="refused")
    assert rows.count() == refused + 1
    row = rows.order_by("-pk").first()
    assert row.actor_name == "root"
    assert row.data["reason"]
    assert AuditEntry.objects.exclude(verb="refused").filter(actor_name="root").count() == 0


@by_number
def test_without_the_guards_the_path_would_do_harm(path: Path, scene: Scene, monkeypatch):
    before = path.harm(scene)
    monkeypatch.setattr(side_doors, "side_door_refusal", lambda *args: "")
    monkeypatch.setattr(token_api, "side_door_refusal", lambda *args: "")
    monkeypatch.setattr(approval_receivers, "news_in_chains_at", lambda place: [])
    monkeypatch.setattr(approval_receivers, "has_news_at", lambda place: False)
    for question in ("can_unpublish", "can_unschedule"):
        monkeypatch.delattr(NewsPermissionTester, question)
    for tester in (KeptPermissionTester, NewsPermissionTester):
        monkeypatch.setattr(tester, "is_kept", lambda self: False)
    for module in (gate, news_models, news_receivers):
        for guard in ("require_permit", "require_no_alias"):
            if hasattr(module, guard):
                monkeypatch.setattr(module, guard, lambda *args: None)
    if path.held_twice:
        scene.client.raise_request_exception = False
        path.attempt(scene)
        assert path.harm(scene) == before
        with pytest.raises(ProtectedError):
            scene.public.delete()
        return
    response = path.attempt(scene)
    assert response.status_code < 400, response.content[:500]
    assert path.harm(scene) != before
