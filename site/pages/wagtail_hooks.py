"""What the pages' room adds to Wagtail's admin."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from wagtail import hooks

from pages.desk import chooser, deletion, trilingual

trilingual.register()

hooks.register("construct_page_chooser_queryset", chooser.choosable)


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
