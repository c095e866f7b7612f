"""What the queue of translations has to know of this room: where pages belong, and which names count."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from wagtail.models import Page

from pages.translation import queue, short_texts
from pages.translation.short_texts import Kept
from pages.trilingual import shown

from .models import College, Facility, Goal, Objective, Region, RegionPage


def places(pages: Iterable[Page]) -> dict[int, str]:
    """The region below whose page, or as whose page, each of these stands; one query."""
    listed = list(pages)
    paths = {path for page in listed for path in (page.path, page.path[: -Page.steplen])}
    above = {one.path: one.region for one in RegionPage.objects.filter(path__in=paths).select_related("region")}
    found: dict[int, str] = {}
    for page in listed:
        region = above.get(page.path) or above.get(page.path[: -Page.steplen])
        if region is not None:
            found[page.pk] = shown(region.name, get_language()).text
    return found


def choices() -> list[tuple[str, str]]:
    return [(region.code, shown(region.name, get_language()).text) for region in Region.objects.all()]


def in_region(code: str) -> Q:
    """The renditions of pages of a region and of its sub-regions, and of the news below them."""
    pages = RegionPage.objects.filter(region__in=Region.subtree(code))
    condition = Q(page__in=pages.values("pk"))
    for path in pages.values_list("path", flat=True):
        condition |= Q(page__path__startswith=path)
    return condition


def _kept(model: type[Any], field: str, address: str) -> Kept:
    return Kept(
        model._meta.verbose_name_plural, model, (field,), model.objects.all, lambda row: reverse(address, args=[row.pk])
    )


def register() -> None:
    """Tell the queue; called when the rooms are ready."""
    queue.places.append(places)
    queue.regions.append((choices, in_region))
    short_texts.kept += [
        _kept(Region, "name", "wagtailsnippets_regions_region:edit"),
        _kept(College, "name", "colleges:edit"),
        _kept(Goal, "title", "goals:edit"),
        _kept(Objective, "title", "objectives:edit"),
        _kept(Facility, "title", "facilities:edit"),
    ]
