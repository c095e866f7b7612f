"""Routing: from an address to a page in few queries.

Wagtail walks from the root down and asks twice at each step. The home pages and
the sections right below them are asked for at once, in all languages: masthead,
breadcrumbs, language links and the agenda's address need them anyway.
"""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from wagtail import views
from wagtail.models import Page, Site


def top(request: HttpRequest) -> list[Page]:
    """The public home pages and the pages right below them, in all languages; one query a request."""
    kept: list[Page] | None = getattr(request, "_top", None)
    if kept is None:
        found = Page.objects.live().filter(depth__in=(2, 3)).select_related("locale", "content_type")
        kept = request._top = list(found.order_by("path"))  # type: ignore[attr-defined]
    return kept


def top_in(request: HttpRequest, language: str) -> list[Page]:
    """Those of one language."""
    return [page for page in top(request) if page.locale.language_code == language]


def is_of(page: Page, label: str) -> bool:
    """Whether a page is of a type, by its label: "events.AgendaPage"."""
    kind = page.content_type
    return f"{kind.app_label}.{kind.model}" == label.lower()


def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    """Wagtail's own view of a page, told beforehand where the way leads if it begins in a section we know."""
    first, *rest = [part for part in path.split("/") if part] or [""]
    page = _section(request, first)
    if page is not None:
        try:
            request._wagtail_route_for_request = _specific(page).route(request, rest)  # type: ignore[attr-defined]
        except Http404:
            request._wagtail_route_for_request = None  # type: ignore[attr-defined]
    response: HttpResponseBase = views.serve(request, path)
    return response


def _specific(page: Page) -> Any:
    """The page as what it is, knowing its language."""
    specific = page.specific
    specific.locale = page.locale
    return specific


def _section(request: HttpRequest, slug: str) -> Page | None:
    """The section of that name, or the home page if there is none, in the active language."""
    site = Site.find_for_request(request)
    key = site.root_page.translation_key if site else None
    known = top_in(request, get_language() or "")
    home = next((page for page in known if page.translation_key == key), None)
    if home is None or not slug:
        return home
    for page in known:
        if page.slug == slug and page.path.startswith(home.path) and page.depth == home.depth + 1:
            page._cached_parent_obj = home  # as Wagtail itself does on its way
            return page
    return None


def above(page: Page) -> list[Page]:
    """The pages above this one from the home page down; no query where the way here came through them."""
    found: list[Any] = []
    while page.depth > 2:
        parent = page.__dict__.get("_cached_parent_obj")
        if parent is None:
            return [*page.get_ancestors().filter(depth__gt=1).select_related("locale").order_by("depth"), *found]
        found.insert(0, page := parent)
    return found
