"""Feeds are answered before sessions, languages and cookies come into play."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import resolve

PREFIXES = ("/ical/", "/feeds/")


class FeedMiddleware:
    """Serves what lies below ``/ical/`` and ``/feeds/`` and hands on the rest.

    Django's own LocaleMiddleware would let the answer vary by Accept-Language,
    which makes every cache keep a feed many times over, and would turn the 404 of
    an unknown feed into a redirect to a page. The URL conf still names the feeds.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIXES):
            return self.get_response(request)
        match = resolve(request.path_info)
        request.resolver_match = match
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        return response
