"""What each role's group is given: the table of `roles` as rows of Django and Wagtail, applied without surprises.

The table is the truth on the plugin's own models, on the news section of the agency and on its collection. Whatever a
person gives a group elsewhere (other apps, other pages, locking, publishing) is neither added nor taken away here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import swapper
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ImproperlyConfigured
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission

from .models import Agency
from .roles import COLLECTION_PERMISSIONS, MODEL_PERMISSIONS, PAGE_PERMISSIONS

PLUGIN = Agency._meta.app_label
#: Wagtail looks its media permissions up on its own models, also when a site swaps them.
MEDIA_MODELS = (("wagtailimages", "image"), ("wagtaildocs", "document"))


@dataclass
class Changes:
    """What one run gave and took, as readable lines; empty when everything was as it should be."""

    given: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    def note(self, group: Group, given: Iterable[str], taken: Iterable[str]) -> None:
        self.given += [f"{group.name}: {name}" for name in given]
        self.taken += [f"{group.name}: {name}" for name in taken]


def collection_ensure(agency: Agency) -> Collection:
    """The collection of the agency's pictures and files; made under the root collection when missing (I5)."""
    if agency.collection_id is None:
        root = Collection.get_first_root_node()
        agency.collection = root.add_child(instance=Collection(name=agency.abbr or agency.name))
        agency.save(update_fields=["collection"])
    return agency.collection


def goes_through_the_chain(model: type) -> bool:
    """Whether pages of this class wait for posting after their approval; the same sign `finish` looks for."""
    return callable(getattr(model, "approval_finished", None))


def news_sections(agency: Agency) -> list:
    """The pages under which news of the agency is written: sections of its site that take news, else its root page."""
    root = agency.site.root_page
    sections = [
        page
        for page in root.get_children().specific()
        if any(goes_through_the_chain(model) for model in type(page).allowed_subpage_models())
    ]
    return sections or [root]


class PermissionTable:
    """The permissions the roles are made of, read once: by app label, model name and codename."""

    def __init__(self):
        page = swapper.load_model("wagtailcore", "Page")._meta
        self.page = (page.app_label, page.model_name)
        apps = {PLUGIN, "wagtailadmin", page.app_label, *(app for app, _model in MEDIA_MODELS)}
        rows = Permission.objects.filter(content_type__app_label__in=apps).select_related("content_type")
        self._rows = {(row.content_type.app_label, row.content_type.model, row.codename): row for row in rows}

    def on_model(self, app: str, model: str, actions: Iterable[str]) -> dict[str, Permission]:
        """The permission for each action on one model. Raises ImproperlyConfigured for one that does not exist."""
        known = {key[2]: row for key, row in self._rows.items() if key[:2] == (app, model)}
        return {action: _named(known, f"{action}_{model}") for action in sorted(actions)}

    def on_plugin(self) -> dict[str, Permission]:
        """Every permission on the plugin's own models, and entry to the admin, by codename."""
        entry = ("wagtailadmin", "access_admin")
        return {key[2]: row for key, row in self._rows.items() if key[0] == PLUGIN or (key[0], key[2]) == entry}


def grant_models(group: Group, role: str, changes: Changes, table: PermissionTable) -> None:
    """Permissions on the plugin's models, and entry to the admin."""
    known = table.on_plugin()
    wanted = {_named(known, name) for name in (*MODEL_PERMISSIONS.get(role, ()), "access_admin")}
    held = set(group.permissions.all()) & set(known.values())
    group.permissions.add(*(wanted - held))
    group.permissions.remove(*(held - wanted))
    changes.note(group, _codenames(wanted - held), _codenames(held - wanted))


def grant_pages(group: Group, role: str, sections: list, changes: Changes, table: PermissionTable) -> None:
    """Permissions on the news sections; those the table never gives (publish, lock) are left to people."""
    known = {action for actions in PAGE_PERMISSIONS.values() for action in actions}
    by_action = table.on_model(*table.page, known)
    wanted = {(page.pk, by_action[action].pk) for page in sections for action in PAGE_PERMISSIONS.get(role, ())}
    rows = GroupPagePermission.objects.filter(group=group, page__in=sections, permission__in=by_action.values())
    held = set(rows.values_list("page_id", "permission_id"))
    for page_id, permission_id in wanted - held:
        GroupPagePermission.objects.create(group=group, page_id=page_id, permission_id=permission_id)
    for page_id, permission_id in held - wanted:
        rows.filter(page_id=page_id, permission_id=permission_id).delete()
    names = {permission.pk: permission.codename for permission in by_action.values()}
    changes.note(
        group,
        [f"{names[permission]} @ page {page}" for page, permission in sorted(wanted - held)],
        [f"{names[permission]} @ page {page}" for page, permission in sorted(held - wanted)],
    )


def grant_collection(group: Group, role: str, collection: Collection, changes: Changes, table: PermissionTable) -> None:
    """Permissions on the pictures and files of the agency."""
    known = {action for actions in COLLECTION_PERMISSIONS.values() for action in actions}
    managed, wanted = {}, set()
    for app, model in MEDIA_MODELS:
        for action, permission in table.on_model(app, model, known).items():
            managed[permission.pk] = permission.codename
            if action in COLLECTION_PERMISSIONS.get(role, ()):
                wanted.add(permission.pk)
    rows = GroupCollectionPermission.objects.filter(group=group, collection=collection, permission__in=managed)
    held = set(rows.values_list("permission_id", flat=True))
    for permission_id in wanted - held:
        GroupCollectionPermission.objects.create(group=group, collection=collection, permission_id=permission_id)
    if held - wanted:
        rows.filter(permission__in=held - wanted).delete()
    changes.note(
        group,
        sorted(f"{managed[pk]} @ collection" for pk in wanted - held),
        sorted(f"{managed[pk]} @ collection" for pk in held - wanted),
    )


def _named(known: dict[str, Permission], codename: str) -> Permission:
    try:
        return known[codename]
    except KeyError:
        raise ImproperlyConfigured(f"No such permission: {codename}. Run `manage.py migrate` first.") from None


def _codenames(permissions: Iterable[Permission]) -> list[str]:
    return sorted(permission.codename for permission in permissions)


def publishing_groups():
    """Groups that hold Wagtail's publish permission on any page; there should be none (I3)."""
    rows = Group.objects.filter(page_permissions__permission__codename__startswith="publish_")
    return rows.distinct().order_by("name")
