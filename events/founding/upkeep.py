"""Upkeep: regions that appear get their pages, and each page those who approve what is written below it."""

from typing import Any

from django.db.models import Model
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest
from wagtail import hooks

from regions.models import Region, RegionPage


@receiver(post_save, sender=RegionPage, dispatch_uid="entrust a region's page")
def entrust_new_page(instance: RegionPage, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """However the page is made, by an editor, a copy or an import."""
    if created and not raw:
        from .groups import entrust

        entrust(instance)


@hooks.register("after_create_snippet")
def tell_new_region(request: HttpRequest, instance: Model) -> None:
    """A region that the staff add has its page in each language at once."""
    if isinstance(instance, Region):
        from .trees import tell_region

        tell_region(instance)
