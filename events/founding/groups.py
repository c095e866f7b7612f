"""The groups that every site has, staff and translators; and who approves what. Correspondents have mandates."""

import contextlib
import datetime as dt
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils import timezone
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowContentType,
    WorkflowPage,
    WorkflowTask,
)

from events.models import Event
from regions import reviewing, rights
from regions.models import Mandate, MandateRefused, Region, RegionalReview, RegionPage

from . import trees

STAFF = "Staff"
TRANSLATORS = "Translators"
MODERATION = "Modération · Moderation · Moderación"
APPROVAL = "Événements · Events · Eventos"
"Names that each language reads: Wagtail shows them as they are stored."

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
    "events.question": WHOLE,
    "events.reminder": WHOLE,
    "events.issuer": ["change"],
    "events.datadefaults": ["change"],
    "events.dataterms": ["change"],
    "events.dataaccess": ["view"],
    "events.registration": ["view", "change"],
    "events.registrationchange": ["view"],
    "regions.mandate": ["add", "change", "view"],
    "regions.mandatechange": ["view"],
    "regions.representative": ["add", "change", "view"],
    "regions.region": WHOLE,
    "regions.organisation": WHOLE,
    "regions.college": WHOLE,
    "regions.goal": WHOLE,
    "regions.objective": WHOLE,
    "regions.facility": WHOLE,
    "letters.letter": ["view", "change"],
    "accounts.person": ["add", "change", "view"],
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
    _moderation()
    _approval(staff)
    return [name for name, made in ((STAFF, staff_made), (TRANSLATORS, translators_made)) if made]


def clear_defaults() -> None:
    """Take away Wagtail's own groups, where nobody is in them, and the approval that asks them."""
    for group in Group.objects.filter(name__in=["Moderators", "Editors"], user=None):
        for task in GroupApprovalTask.objects.filter(groups=group, task_states=None):
            if set(task.groups.all()) == {group}:
                Workflow.objects.filter(workflow_tasks__task=task, workflow_states=None).delete()
                task.delete()
        group.delete()


def entrust(page: RegionPage) -> None:
    """Let what is written below a region's page be approved by the staff; who writes there, mandates say."""
    moderation = Workflow.objects.filter(name=MODERATION).first()
    if moderation is not None and not WorkflowPage.objects.filter(page_id=page.pk).exists():
        WorkflowPage.objects.create(page_id=page.pk, workflow=moderation)


def entrust_all() -> None:
    """The same for every region's page where it is not done; rights follow the mandates."""
    done = set(WorkflowPage.objects.filter(workflow__name=MODERATION).values_list("page_id", flat=True))
    for page in RegionPage.objects.select_related("region").exclude(pk__in=done):
        entrust(page)
    succeed_groups()
    rights.derive_all()


def succeed_groups() -> None:
    """Give whoever is in a group of correspondents, as sites had one a region, a mandate of a year in its place.

    With the rights the group had, and proposing events: the region alone, every
    language, nothing published, nobody's registration read.
    """
    regions = {f"Correspondents {region.code}": region for region in Region.objects.all()}
    for group in Group.objects.filter(name__in=regions).prefetch_related("user_set"):
        region = regions[group.name]
        collection = Collection.objects.filter(group_permissions__group=group, region=None, depth__gt=1).first()
        if collection is not None and region.collection_id is None:
            Region.objects.filter(pk=region.pk).update(collection=collection)
            region.collection = collection
        for person in group.user_set.all():
            give_a_year(person, region, with_subregions=False)
        group.delete()


def give_a_year(person: User, region: Region, **terms: Any) -> None:
    """A mandate of a year from today, where the person has none for the region that overlaps it."""
    today = timezone.now().astimezone(ZoneInfo(region.default_timezone)).date()
    with contextlib.suppress(MandateRefused):
        Mandate.give(person, region, starts_on=today, ends_on=today + dt.timedelta(days=365), **terms)


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


def _moderation() -> None:
    """The workflow by which news are approved: by the staff, and by who may publish in that region and language.

    One that asks the staff alone, as an earlier version made it, asks them all
    from now on; what waits in it goes on waiting.
    """
    task = RegionalReview.objects.filter(name=MODERATION).first() or RegionalReview.objects.create(name=MODERATION)
    workflow = Workflow.objects.filter(name=MODERATION).first()
    if workflow is None:
        workflow = Workflow.objects.create(name=MODERATION)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
        return
    for former in GroupApprovalTask.objects.filter(name=MODERATION):
        WorkflowTask.objects.filter(workflow=workflow, task=former).update(task=task)
        reviewing.take_over(former, task)
        if former.task_states.exists():
            GroupApprovalTask.objects.filter(pk=former.pk).update(active=False)
        else:
            former.delete()


def _approval(staff: Group) -> None:
    """The workflow by which the staff approve an event that somebody submits who may not publish it.

    It stands with every event until an administrator chooses another: one that is
    set, or was taken away on purpose, is left as it is.
    """
    if Workflow.objects.filter(name=APPROVAL).exists():
        return
    task = GroupApprovalTask.objects.create(name=APPROVAL)
    task.groups.add(staff)
    workflow = Workflow.objects.create(name=APPROVAL)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    events = ContentType.objects.get_for_model(Event)
    if not WorkflowContentType.objects.filter(content_type=events).exists():
        WorkflowContentType.objects.create(content_type=events, workflow=workflow)
