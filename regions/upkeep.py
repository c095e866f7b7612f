"""Upkeep: whatever changes regions, their pages or mandates, the rights follow in the same transaction."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from . import rights
from .mandates import forget
from .models import Mandate, Region, RegionPage


@receiver(post_save, sender=Mandate, dispatch_uid="rights follow the mandate")
def follow_mandate(instance: Mandate, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        rights.derive(instance)
        forget(instance.person)
        rights.settle(instance.person)


@receiver(post_delete, sender=Mandate, dispatch_uid="no group without its mandate")
def follow_deletion(instance: Mandate, **kwargs: Any) -> None:
    if instance.group is not None:
        instance.group.delete()


@receiver(post_save, sender=RegionPage, dispatch_uid="rights follow the page")
def follow_page(instance: RegionPage, raw: bool = False, **kwargs: Any) -> None:
    """A page that appears, in a language more, or that now tells of another region."""
    if raw:
        return
    before = Mandate.objects.living().filter(group__page_permissions__page=instance.pk).values_list("region", flat=True)
    rights.derive_around({instance.region_id, *before})


@receiver(post_save, sender=Region, dispatch_uid="rights follow the region")
def follow_region(instance: Region, raw: bool = False, **kwargs: Any) -> None:
    """A region that appears, lies elsewhere or lives by another clock."""
    if raw:
        return
    Mandate.keep_time(instance)
    wide = Mandate.objects.living().filter(with_subregions=True)
    rights.derive_all(wide.select_related("region", "group"))


@receiver(user_logged_in, dispatch_uid="settle who comes in")
def settle_at_the_door(user: Any, **kwargs: Any) -> None:
    """What the login itself asks about rights is answered as things stand."""
    rights.settle(user)
