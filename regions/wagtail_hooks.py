"""What this room adds to Wagtail's admin."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from pages.desk import deletion

from . import home
from .desk import DirectoryGroup
from .mandates import oversees_all
from .models import Organisation, RegionPage
from .profile_panel import ProfilePanel
from .representation import is_co_organiser

register_snippet(DirectoryGroup)


@hooks.register("before_bulk_action")
def keep_region_pages(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> None:
    """Actions on many pages ask the plain page what is allowed; a region's page allows less."""
    chosen = [one.pk for one in objects if isinstance(one, Page)] if action_type in ("publish", "unpublish") else []
    for page in RegionPage.objects.filter(pk__in=chosen):
        if not page.permissions_for_user(request.user).can_publish():
            raise PermissionDenied


@hooks.register("before_delete_user")
def keep_who_holds_something(request: HttpRequest, user: Any) -> HttpResponse | None:
    """The history of mandates names people: their accounts are closed, not deleted."""
    return deletion.refuse(request, [user], reverse("wagtailusers_users:index"))


@hooks.register("before_bulk_action")
def keep_all_who_hold_something(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    people = [one for one in objects if isinstance(one, AbstractBaseUser)] if action_type == "delete" else []
    return deletion.refuse(request, people, reverse("wagtailusers_users:index"))


# After Wagtail's own panels and those of the other rooms, whose order is their own.
@hooks.register("construct_homepage_panels")
def first_page(request: HttpRequest, panels: list[Any]) -> None:
    if home.is_correspondent(request.user):
        home.furnish(request.user, panels)


@hooks.register("construct_homepage_summary_items", order=900)
def no_summary(request: HttpRequest, items: list[Any]) -> None:
    """How many pages the whole site has is the business of those who look after it; the number leads others nowhere."""
    if not oversees_all(request.user):
        items.clear()


@hooks.register("construct_main_menu", order=900)
def only_what_is_of_use(request: HttpRequest, items: list[Any]) -> None:
    """Reports are about the whole site; who comes by mandate, or for an organisation, has the first page instead."""
    if home.is_correspondent(request.user) or is_co_organiser(request.user):
        items[:] = [item for item in items if item.name not in home.NOT_FOR_CORRESPONDENTS]


@hooks.register("register_admin_urls")
def news_addresses() -> list[Any]:
    return [
        path("proposed-news/", include("regions.reviews_desk")),
        path("merge-organisation/", include("regions.merging_desk")),
    ]


hooks.register("register_account_settings_panel", ProfilePanel)


@hooks.register("register_snippet_listing_buttons")
def merge_button(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """From one of two rows that tell of the same organisation."""
    if isinstance(snippet, Organisation) and user.has_perm("regions.delete_organisation"):
        url = reverse("merge_organisation", args=[snippet.pk])
        yield Button(_("Merge into another one"), url=url, icon_name="resubmit", priority=60)


@hooks.register("register_log_actions")
def merging_actions(registry: Any) -> None:
    @registry.register_action("regions.merge")
    class Merged(LogFormatter):  # type: ignore[misc]
        """In the history of the one that stayed."""

        label = _("Merge organisations")

        def format_message(self, log_entry: Any) -> str:
            return str(_("Took in the organisation %(name)s") % {"name": log_entry.data.get("short_name", "?")})
