"""What this room adds to Wagtail's admin."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import include, path
from wagtail import hooks
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from .desk import DirectoryGroup
from .mandate_desk import EndingPanel, may
from .models import RegionPage
from .news_panel import NewsPanel

register_snippet(DirectoryGroup)


@hooks.register("before_bulk_action")
def keep_region_pages(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> None:
    """Actions on many pages ask the plain page what is allowed; a region's page allows less."""
    chosen = [one.pk for one in objects if isinstance(one, Page)] if action_type in ("publish", "unpublish") else []
    for page in RegionPage.objects.filter(pk__in=chosen):
        if not page.permissions_for_user(request.user).can_publish():
            raise PermissionDenied


@hooks.register("construct_homepage_panels")
def ending_mandates(request: HttpRequest, panels: list[Any]) -> None:
    if may(request.user, "change") and (panel := EndingPanel()).rows:
        panels.append(panel)


@hooks.register("construct_homepage_panels")
def write_news(request: HttpRequest, panels: list[Any]) -> None:
    panel = NewsPanel(request.user)
    if panel.links:
        panels.append(panel)


@hooks.register("register_admin_urls")
def news_addresses() -> list[Any]:
    return [path("proposed-news/", include("regions.reviews_desk"))]
