"""The groups: staff, translators, and the correspondents of each region; and who approves what."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from regions.models import Region, RegionPage

from . import trees

STAFF = "Staff"
TRANSLATORS = "Translators"
MODERATION = "Modération · Moderation · Moderación"
"A name that each language reads: Wagtail shows it as it is stored."

ADMIN = "wagtailadmin.access_admin"
LIBRARY = [
    "wagtailimages.add_image",
    "wagtailimages.choose_image",
    "wagtaildocs.add_document",
    "wagtaildocs.choose_document",
]
UPKEEP = [
    "wagtailimages.change_image",
    "wagtailimages.delete_image",
    "wagtaildocs.change_document",
    "wagtaildocs.delete_document",
]
CHOICE = ["wagtailimages.choose_image", "wagtaildocs.choose_document"]
WHOLE = ["add", "change", "delete", "view"]
OF_STAFF: dict[str, list[str]] = {
    "events.event": [*WHOLE, "publish", "lock", "unlock"],
    "events.series": WHOLE,
    "events.ticket": WHOLE,
    "events.invitation": WHOLE,
    "events.registration": ["view", "change"],
    "events.registrationchange": ["view"],
    "regions.region": WHOLE,
    "regions.organisation": WHOLE,
    "regions.college": WHOLE,
    "regions.goal": WHOLE,
    "regions.objective": WHOLE,
    "regions.facility": WHOLE,
    "letters.letter": ["view", "change"],
    "wagtailredirects.redirect": WHOLE,
}
PAGES_OF_STAFF = ["add_page", "change_page", "publish_page", "bulk_delete_page", "lock_page", "unlock_page"]
PAGES_OF_TRANSLATORS = ["add_page", "change_page", "publish_page"]


def gather() -> list[str]:
    """Make the groups that every site has and give them what they lack; returns the names of those made.

    What an administrator has granted beyond is kept.
    """
    homes = trees.homes()
    staff, staff_made = Group.objects.get_or_create(name=STAFF)
    translators, translators_made = Group.objects.get_or_create(name=TRANSLATORS)
    rights = [
        f"{label.split('.')[0]}.{verb}_{label.split('.')[1]}" for label, verbs in OF_STAFF.items() for verb in verbs
    ]
    _allow(staff, [ADMIN, *rights])
    _allow(translators, [ADMIN])
    _open_pages(staff, homes.values(), PAGES_OF_STAFF)
    _open_pages(translators, [homes["en"], homes["es"]], PAGES_OF_TRANSLATORS)
    library = Collection.get_first_root_node()
    _open_collection(staff, library, [*LIBRARY, *UPKEEP])
    _open_collection(translators, library, CHOICE)
    _moderation(staff)
    return [name for name, made in ((STAFF, staff_made), (TRANSLATORS, translators_made)) if made]


def clear_defaults() -> None:
    """Take away Wagtail's own groups, where nobody is in them, and the approval that asks them."""
    for group in Group.objects.filter(name__in=["Moderators", "Editors"], user=None):
        for task in GroupApprovalTask.objects.filter(groups=group, task_states=None):
            if set(task.groups.all()) == {group}:
                Workflow.objects.filter(workflow_tasks__task=task, workflow_states=None).delete()
                task.delete()
        group.delete()


def correspondents(region: Region) -> Group:
    """The group of a region's correspondents, made when it is missing."""
    return Group.objects.get_or_create(name=f"Correspondents {region.code}")[0]


def entrust(page: RegionPage) -> None:
    """Let a region's correspondents add news below a page of the region, to be approved by the staff.

    To add means: write below it, change one's own drafts and submit them; never
    publish, nor change what others wrote or the page itself. The pictures and
    documents of a region have a collection of their own.
    """
    group = correspondents(page.region)
    _allow(group, [ADMIN])
    _open_pages(group, [page], ["add_page"])
    _own_collection(group, page.region)
    moderation = Workflow.objects.filter(name=MODERATION).first()
    if moderation is not None and not WorkflowPage.objects.filter(page_id=page.pk).exists():
        WorkflowPage.objects.create(page_id=page.pk, workflow=moderation)


def entrust_all() -> None:
    """Entrust every region's page to its correspondents, where that is not done."""
    done = set(WorkflowPage.objects.filter(workflow__name=MODERATION).values_list("page_id", flat=True))
    for page in RegionPage.objects.select_related("region").exclude(pk__in=done):
        entrust(page)


def _permissions(names: Iterable[str]) -> list[Permission]:
    """The permissions that exist among these ("app.codename"), in one query."""
    asked = [name.split(".") for name in names]
    one = Q(pk=None)
    for app, codename in asked:
        one |= Q(content_type__app_label=app, codename=codename)
    return list(Permission.objects.filter(one))


def _allow(group: Group, names: list[str]) -> None:
    group.permissions.add(*_permissions(names))


def _open_pages(group: Group, pages: Iterable[Page], codenames: list[str]) -> None:
    pages = list(pages)
    has = set(GroupPagePermission.objects.filter(group=group).values_list("page_id", "permission__codename"))
    permissions = {p.codename: p for p in _permissions(f"wagtailcore.{name}" for name in codenames)}
    GroupPagePermission.objects.bulk_create(
        GroupPagePermission(group=group, page_id=page.pk, permission=permission)
        for page in pages
        for codename, permission in permissions.items()
        if (page.pk, codename) not in has
    )


def _open_collection(group: Group, collection: Collection, names: list[str]) -> None:
    has = set(
        GroupCollectionPermission.objects.filter(group=group, collection=collection).values_list(
            "permission", flat=True
        )
    )
    GroupCollectionPermission.objects.bulk_create(
        GroupCollectionPermission(group=group, collection=collection, permission=permission)
        for permission in _permissions(names)
        if permission.pk not in has
    )


def _own_collection(group: Group, region: Region) -> None:
    if GroupCollectionPermission.objects.filter(group=group).exists():
        return
    root = Collection.get_first_root_node()
    _open_collection(group, root.add_child(instance=Collection(name=str(region.name.localize("fr")))), LIBRARY)


def _moderation(staff: Group) -> None:
    """The workflow by which news are approved by the staff."""
    if Workflow.objects.filter(name=MODERATION).exists():
        return
    task = GroupApprovalTask.objects.create(name=MODERATION)
    task.groups.add(staff)
    workflow = Workflow.objects.create(name=MODERATION)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
