"""What this room adds to Wagtail's admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import include, path
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from .desk import DirectoryGroup
from .news_panel import NewsPanel

register_snippet(DirectoryGroup)


@hooks.register("construct_homepage_panels")
def write_news(request: HttpRequest, panels: list[Any]) -> None:
    panel = NewsPanel(request.user)
    if panel.links:
        panels.append(panel)


@hooks.register("register_admin_urls")
def news_addresses() -> list[Any]:
    return [path("proposed-news/", include("regions.reviews_desk"))]
