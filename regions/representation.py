"""Representation: who acts for a co-organiser is in the admin exactly while that lasts.

What a representative sees, policies tell (``events.desk.policies``); the group
only opens the door. Like mandates, it is settled when a request first asks who
its user is, and by the worker for those whom nobody asks for.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import transaction

from .mandates import organisations_of, oversees_all
from .models import Representative
from .rights import KEPT

CO_ORGANISERS = "Coorganisateurs · Co-organisers · Coorganizadores"
"A name that each language reads: Wagtail shows it as it is stored."


def is_co_organiser(user: Any) -> bool:
    """Whether somebody is in the admin for an organisation, rather than as one of the staff."""
    return bool(organisations_of(user)) and not oversees_all(user)


def door() -> Group:
    """The group of all representatives, made when it is missing; it lets in and grants nothing else."""
    with transaction.atomic():
        group, made = Group.objects.get_or_create(name=CO_ORGANISERS)
        if made:
            group.permissions.add(
                Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
            )
    return group


def settle(user: Any) -> None:
    """Put somebody in the group while they represent an organisation, and out of it afterwards; two queries if so."""
    wanted, there = bool(organisations_of(user)), user.groups.filter(name=CO_ORGANISERS).exists()
    if wanted == there:
        return
    if wanted:
        user.groups.add(door())
    else:
        user.groups.remove(*Group.objects.filter(name=CO_ORGANISERS))
    for name in KEPT:
        if hasattr(user, name):
            delattr(user, name)


def settle_anew(user: Any) -> None:
    """The same for somebody whose rows have just changed."""
    if hasattr(user, "_organisations_represented"):
        del user._organisations_represented
    settle(user)


def settle_all() -> str:
    """Settle everybody whose time has begun or ended since; says how many, for the staff."""
    people = get_user_model().objects
    wanted = set(Representative.objects.current().filter(person__is_active=True).values_list("person_id", flat=True))
    there = set(people.filter(groups__name=CO_ORGANISERS).values_list("pk", flat=True))
    for user in people.filter(pk__in=wanted ^ there):
        settle(user)
    return f"{len(wanted - there)} began, {len(there - wanted)} ended"
