"""Rights by mandate: each mandate has a group of its own, whose grants are exactly what it says.

The person is in the group exactly while the mandate holds. Nothing waits for a
job: ``settle`` runs when a request first asks who its user is (see
``regions.middleware``), so that rights begin and end with the minute; the
worker settles the others, whom nobody asks for.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission

from .mandates import forget, held_by, reach
from .models import Mandate, Region, RegionPage

ADMIN = "wagtailadmin.access_admin"
LIBRARY = [
    "wagtailimages.add_image",
    "wagtailimages.choose_image",
    "wagtaildocs.add_document",
    "wagtaildocs.choose_document",
]
KEPT = [
    *("_perm_cache", "_user_perm_cache", "_group_perm_cache"),
    *("_page_permission_cache", "_collection_permission_cache", "_explorable_root_page_cache"),
]
"What Django and Wagtail keep on a user of what was asked before."
WRITING, PUBLISHING = "wagtailcore.add_page", "wagtailcore.publish_page"


# -- what a mandate opens


def derive(mandate: Mandate) -> None:
    """Make the mandate's group, and its grants exactly what the mandate says; take it away once it has ended."""
    with transaction.atomic():
        if mandate.state() == Mandate.State.ENDED:
            _disband(mandate)
            return
        group = mandate.group or _found(mandate)
        regions = reach([mandate])
        group.permissions.set(_permissions([ADMIN]))
        _grant_pages(group, mandate, regions)
        _grant_collections(group, regions if mandate.news or mandate.events else set())


def derive_all(mandates: Iterable[Mandate] | None = None) -> None:
    """The same for these, by default for all that hold or are to begin."""
    if mandates is None:
        mandates = Mandate.objects.living().select_related("region", "group")
    for mandate in mandates:
        derive(mandate)


def derive_around(region_pks: Iterable[int]) -> None:
    """The same for the mandates that reach any of these regions."""
    wanted = set(region_pks)
    living = Mandate.objects.living().select_related("region", "group")
    derive_all([mandate for mandate in living if wanted & reach([mandate])])


def collection_of(region: Region) -> Collection:
    """Where a region's pictures and documents lie, made when it is missing.

    All stand side by side: below one another, whoever has the outer one would
    have the inner ones too.
    """
    if region.collection_id is None:
        with transaction.atomic():
            region = Region.objects.select_for_update().get(pk=region.pk)
            if region.collection_id is None:
                root = Collection.get_first_root_node()
                made = root.add_child(instance=Collection(name=str(region.name.localize("fr"))))
                # No edition, no signal: nothing that readers see has changed.
                Region.objects.filter(pk=region.pk).update(collection=made)
                region.collection = made
    return region.collection


# -- who is in


def settle(user: Any) -> None:
    """Put somebody in the groups of the mandates that hold now, and out of all others; two queries if that is so."""
    if {held.group_id for held in held_by(user)} == _groups_of(user):
        return
    with transaction.atomic():
        list(Mandate.objects.held().filter(person=user).order_by("pk"))  # whoever ends one meanwhile comes after
        forget(user)
        for held in held_by(user):
            if held.group_id is None:  # taken away by hand
                derive(held)
        wanted, there = {held.group_id for held in held_by(user)}, _groups_of(user)
        user.groups.remove(*(there - wanted))
        user.groups.add(*(wanted - there))
    _forget_permissions(user)


def settle_all() -> str:
    """Settle everybody whose mandate has begun or ended since; says how many, for the staff."""
    now = timezone.now()
    over = list(Mandate.objects.exclude(group=None).exclude(pk__in=Mandate.objects.living(now).values("pk")))
    current = Mandate.objects.current(now).filter(person__is_active=True)
    wanted = set(current.values_list("person_id", "group_id"))
    members = get_user_model().groups.through.objects.filter(group__mandate__isnull=False)
    there = set(members.values_list("user_id", "group_id"))
    for user in get_user_model().objects.filter(pk__in={person for person, _group in wanted ^ there}):
        settle(user)
    derive_all(over)
    return f"{len(wanted - there)} began, {len(there - wanted)} ended"


def _groups_of(user: Any) -> set[int]:
    return set(Group.objects.filter(user=user, mandate__isnull=False).values_list("pk", flat=True))


def _forget_permissions(user: Any) -> None:
    for name in KEPT:
        if hasattr(user, name):
            delattr(user, name)


# -- groups and grants


def _found(mandate: Mandate) -> Group:
    mandate.group = Group.objects.create(name=f"Mandat · Mandate · Mandato {mandate.pk} · {mandate.region.code}")
    Mandate.objects.filter(pk=mandate.pk).update(group=mandate.group)
    return mandate.group


def _disband(mandate: Mandate) -> None:
    if mandate.group is not None:
        mandate.group.delete()
        mandate.group = None


def _grant_pages(group: Group, mandate: Mandate, regions: set[int]) -> None:
    """To write below the regions' pages in the mandate's languages; to publish there, if it says so.

    To add means: write below it, change one's own and submit it; never to change
    what others wrote or the page itself.
    """
    names = [WRITING, *([PUBLISHING] if mandate.may_publish else [])] if mandate.news else []
    pages = RegionPage.objects.filter(region__in=regions, locale__language_code__in=mandate.languages)
    wanted = {(page, right.pk) for page in pages.values_list("pk", flat=True) for right in _permissions(names)}
    there = {(one.page_id, one.permission_id): one.pk for one in GroupPagePermission.objects.filter(group=group)}
    GroupPagePermission.objects.filter(pk__in=[pk for key, pk in there.items() if key not in wanted]).delete()
    GroupPagePermission.objects.bulk_create(
        GroupPagePermission(group=group, page_id=page, permission_id=right)
        for page, right in sorted(wanted - there.keys())
    )


def _grant_collections(group: Group, regions: set[int]) -> None:
    collections = [collection_of(region).pk for region in Region.objects.filter(pk__in=regions)]
    wanted = {(collection, right.pk) for collection in collections for right in _permissions(LIBRARY)}
    granted = GroupCollectionPermission.objects.filter(group=group)
    there = {(one.collection_id, one.permission_id): one.pk for one in granted}
    granted.filter(pk__in=[pk for key, pk in there.items() if key not in wanted]).delete()
    GroupCollectionPermission.objects.bulk_create(
        GroupCollectionPermission(group=group, collection_id=collection, permission_id=right)
        for collection, right in sorted(wanted - there.keys())
    )


def _permissions(names: Iterable[str]) -> list[Permission]:
    one = Q(pk=None)
    for name in names:
        app, codename = name.split(".")
        one |= Q(content_type__app_label=app, codename=codename)
    return list(Permission.objects.filter(one))
