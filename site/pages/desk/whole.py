"""Whole: what one click of the staff changes becomes public in one transaction, or not at all.

Wagtail publishes a page in several steps, each committed on its own: the new
edition would be open a moment after the change, and never if the process died
between the two.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.utils.urlpatterns import decorate_urlpatterns

from pages.models import Edition

ROOMS = {
    *("wagtailadmin_pages", "wagtailimages", "wagtaildocs", "wagtailsettings", "wagtailsites", "wagtaillocales"),
    *("wagtailredirects", "wagtail_localize"),
}
"Namespaces of Wagtail's addresses below which pages, or what they show, are changed."
NAMES = {"wagtail_bulk_action"}


def whole(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view, with all that it changes in one transaction and one new edition."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not changes_pages(request):
            return view(request, *args, **kwargs)
        with Edition.together():
            return view(request, *args, **kwargs)

    return wrapped


def changes_pages(request: HttpRequest) -> bool:
    """Whether this request may change what the public sees; a preview, asked for at each keystroke, never does."""
    match = request.resolver_match
    if request.method != "POST" or match is None or "preview" in (match.url_name or ""):
        return False
    return not ROOMS.isdisjoint(match.namespaces) or match.url_name in NAMES


def made_whole(urls: Any) -> Any:
    """The same addresses, each view made whole."""
    decorate_urlpatterns(urls.urlpatterns, whole)
    return urls
