"""Every way to the public, as something that can be tried. The numbers are those of docs/reference/gate.md.

Each path is tried twice: with the guards, when it must be refused and change nothing, and with the guards taken out,
when it must do harm. The second try proves that the first one tested a real way.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Page, Revision

from home.models import NewsIndexPage, NewsPage
from tests.factories.office import Office, make_office
from tests.pr_workflow.news.test_news_views import editor_form


@dataclass
class Scene:
    """An office with one item that is public and one that nobody approved, and a superuser with a token."""

    office: Office
    public: NewsPage
    draft: NewsPage
    root: Any
    client: Client
    token: str
    shared: dict[str, Any] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}", "accept": "application/json"}

    def admin(self, name: str, *keys, query: str = "", **form):
        """Post a form to an address of the admin."""
        return self.client.post(reverse(name, args=keys) + query, form)

    def bulk(self, action: str, page: Page, **form):
        """Post one of the explorer's bulk actions."""
        query = f"?id={page.pk}&childOf={page.get_parent().pk}"
        return self.admin("wagtail_bulk_action", "wagtailcore", "page", action, query=query, **form)

    def inside(self, page: Page, action: str, **form):
        """Call the API behind the admin."""
        return self.admin("wagtailadmin_api:pages:action", page.pk, action, **form)

    def api(self, page: Page, action: str, **body):
        """Call an action of API v3."""
        address = reverse(f"wagtailapi_v3:pages_actions_{action}", args=[page.pk])
        return self.send("post", address, **body)

    def send(self, method: str, address: str, **body):
        """Send JSON with the token, without a session."""
        call = getattr(Client(raise_request_exception=False), method)
        return call(address, json.dumps(body), content_type="application/json", headers=self.headers)

    def edit(self, page: Page, **more):
        """Post the editor's form with other words in it."""
        latest = page.get_latest_revision_as_object()
        return self.admin("wagtailadmin_pages:edit", page.pk, **editor_form(latest, **more))


# -- what harm is: compared before and after


def nothing_new_is_public(scene: Scene) -> list[tuple]:
    """What visitors can reach, and what will reach them by itself."""
    pages = Page.objects.live().order_by("pk").values_list("pk", "title", "slug", "live_revision", "url_path")
    planned = Revision.objects.filter(approved_go_live_at__isnull=False).order_by("pk").values_list("pk")
    return [*pages, *planned]


@dataclass(frozen=True)
class Path:
    """One way. `attempt` answers the response; `harm` describes what must stay as it was."""

    number: str
    attempt: Callable[[Scene], Any]
    harm: Callable[[Scene], Any] = nothing_new_is_public
    #: Statuses that count as refused.
    refused: tuple[int, ...] = (403,)
    #: Held by the database as well: without the doors it still does no harm.
    held_twice: bool = False


def _translation(scene: Scene) -> str:
    locale, _made = Locale.objects.get_or_create(language_code="en")
    for page in (scene.office.home, scene.office.index):
        if not page.has_translation(locale):
            page.copy_for_translation(locale).save_revision().publish()
    return locale.language_code


def _other_section(scene: Scene) -> NewsIndexPage:
    if "other" not in scene.shared:
        scene.shared["other"] = make_office("other").index
    return scene.shared["other"]


def _new(scene: Scene, **more):
    form = editor_form(scene.draft, slug="new-one", **more)
    return scene.admin("wagtailadmin_pages:add", "home", "newspage", scene.office.index.pk, **form)


def _copy_form(scene: Scene, **more) -> dict:
    return {"new_title": "สำเนา", "new_slug": "copied", "new_parent_page": scene.office.index.pk, **more}


def _create_by_token(scene: Scene):
    body = {"meta": {"type": "home.NewsPage", "parent_id": scene.office.index.pk, "action": "publish"}}
    return scene.send("post", reverse("wagtailapi_v3:create_page"), **body, title="ทางลัด", slug="side", lead="ก")


def _update_by_token(scene: Scene):
    body = {"meta": {"type": "home.NewsPage", "action": "publish"}, "title": "ทางลัด"}
    return scene.send("patch", reverse("wagtailapi_v3:update_page", args=[scene.public.pk]), **body)


def _deleted(scene: Scene):
    return Page.objects.filter(pk=scene.public.pk).exists()


def _place(scene: Scene):
    return Page.objects.get(pk=scene.public.pk).url_path


def _aliases(scene: Scene):
    return Page.objects.exclude(alias_of=None).count()


UNDER = {"position": "first-child"}

PATHS = [
    Path("A1", lambda s: s.edit(s.public, **{"title": "แก้เอง", "action-publish": "1"})),
    Path("A2", lambda s: s.edit(s.draft, **{"action-publish": "1"})),
    Path("A3", lambda s: _new(s, **{"action-publish": "1"})),
    Path(
        "A4",
        lambda s: s.edit(
            s.draft,
            **{"go_live_at": f"{timezone.localtime().year + 1}-01-02 09:00", "action-publish": "1"},
        ),
    ),
    Path("A5", lambda s: s.bulk("publish", s.draft, include_descendants="")),
    Path("A6", lambda s: s.bulk("publish", s.office.index, include_descendants="on")),
    Path("A7", lambda s: s.inside(s.draft, "publish")),
    Path("A8", lambda s: s.admin("wagtailadmin_pages:copy", s.public.pk, **_copy_form(s, publish_copies="on"))),
    Path("A9", lambda s: s.admin("wagtailadmin_pages:copy", s.public.pk, **_copy_form(s, alias="on")), _aliases),
    Path("A10", lambda s: s.inside(s.public, "copy", destination_page_id=s.office.index.pk, slug="c", keep_live=True)),
    Path("A11", lambda s: s.inside(s.public, "create_alias", update_slug="alias-1"), _aliases),
    Path(
        "A12",
        lambda s: s.inside(s.public, "copy_for_translation", locale=_translation(s), alias=True),
        _aliases,
    ),
    Path(
        "A13",
        lambda s: s.edit(s.draft, **{"revision": s.draft.revisions.order_by("pk").first().pk, "action-publish": "1"}),
    ),
    Path("A14", lambda s: s.admin("wagtailadmin_pages:unpublish", s.public.pk)),
    Path("A15", lambda s: s.bulk("unpublish", s.public, include_descendants="")),
    Path("A16", lambda s: s.bulk("unpublish", s.office.index, include_descendants="on")),
    Path("A17", lambda s: s.inside(s.public, "unpublish")),
    Path(
        "A18",
        lambda s: s.admin("wagtailadmin_pages:move_confirm", s.public.pk, _other_section(s).pk),
        _place,
    ),
    Path(
        "A19",
        lambda s: s.inside(s.public, "move", destination_page_id=_other_section(s).pk, position="first-child"),
        _place,
    ),
    Path("A20", lambda s: s.bulk("move", s.public, chooser=_other_section(s).pk), _place),
    Path("A21", lambda s: s.admin("wagtailadmin_pages:delete", s.public.pk), _deleted, held_twice=True),
    Path("A22", lambda s: s.bulk("delete", s.public), _deleted, held_twice=True),
    Path("A23", lambda s: s.inside(s.public, "delete"), _deleted, held_twice=True),
    Path("T1", _create_by_token),
    Path("T2", _update_by_token),
    Path("T3", lambda s: s.api(s.draft, "publish")),
    Path("T4", lambda s: s.api(s.public, "unpublish")),
    Path("T5", lambda s: s.api(s.office.index, "unpublish", recursive=True)),
    Path("T6", lambda s: s.api(s.public, "copy", keep_live=True, slug="copied")),
    Path("T7", lambda s: s.api(s.public, "create_alias", slug="alias-2"), _aliases),
    Path("T8", lambda s: s.api(s.public, "copy_for_translation", locale=_translation(s), alias=True), _aliases),
    Path("T9", lambda s: s.api(s.public, "move", destination_id=_other_section(s).pk, **UNDER), _place),
    Path(
        "T10",
        lambda s: s.send("delete", reverse("wagtailapi_v3:delete_page", args=[s.public.pk])),
        _deleted,
        held_twice=True,
    ),
    Path(
        "T11",
        lambda s: s.send("delete", reverse("wagtailapi_v3:pages_actions_delete", args=[s.public.pk])),
        _deleted,
        held_twice=True,
    ),
]
