"""Upkeep: a page of a region, however it is made, is entrusted to the region's correspondents."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from regions.models import RegionPage


@receiver(post_save, sender=RegionPage, dispatch_uid="entrust a region's page")
def entrust_new_page(instance: RegionPage, created: bool, raw: bool = False, **kwargs: Any) -> None:
    if created and not raw:
        from .groups import entrust

        entrust(instance)
