"""What the pages' room adds to Wagtail's admin."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from wagtail import hooks

from pages.desk import chooser, deletion, kept, library, reports, trilingual
from pages.translation import editor, guard, queue

trilingual.register()
library.register()

hooks.register("construct_page_chooser_queryset", chooser.choosable)
hooks.register("construct_admin_api", library.own_endpoints, order=10)
hooks.register("construct_reports_menu", reports.only_ones_own)
hooks.register("register_admin_urls", kept.addresses)
hooks.register("insert_global_admin_js", kept.scripts)
# Before those of wagtail-localize, which ask of nobody whose page it is.
hooks.register("register_admin_urls", guard.addresses, order=-1)
hooks.register("before_edit_page", editor.before_edit, order=-1)
hooks.register("before_bulk_action", editor.refuse_in_bulk)
hooks.register("construct_page_action_menu", editor.plain_menu)
hooks.register("construct_reports_menu", editor.no_report)
hooks.register("register_admin_urls", queue.addresses)
hooks.register("register_admin_menu_item", queue.menu_item)
hooks.register("construct_homepage_panels", queue.home_panel)


@hooks.register("insert_global_admin_css")
def style() -> str:
    """The few rules that Wagtail's own style lacks."""
    return format_html('<link rel="stylesheet" href="{}">', static("desk/desk.css"))


@hooks.register("before_delete_snippet")
def explain_deletion(request: HttpRequest, rows: list[Any]) -> HttpResponse | None:
    """Refuse to delete what something else needs, one row or many, in a sentence."""
    if not rows:
        return None
    return deletion.refuse(request, rows, reverse(rows[0].snippet_viewset.get_url_name("list")))
