"""A feed over HTTP, as calendar apps poll it (RFC 9110 8.8, 13)."""

from __future__ import annotations

from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from events.calendars import snapshots
from events.calendars.feeds import Feed, UnknownFeed
from pages.encodings import preferred

KEPT_FOR = 900  # seconds


@csrf_exempt
@require_safe
def feed(
    request: HttpRequest, language: str, scope: str = "all", code: object = "", archive: bool = False
) -> HttpResponse:
    """The calendar of a feed, or 304 if the client has it; plain and gzip have tags of their own."""
    return served(request, Feed(language, scope, str(code), archive), "text/calendar", not_found)


def served(
    request: HttpRequest, asked: snapshots.Kept, content_type: str, unknown: Callable[[HttpRequest], HttpResponse]
) -> HttpResponse:
    """What is kept as a snapshot, with both validators; 503 where the database is busy."""
    try:
        snapshot = snapshots.fresh(asked)
    except UnknownFeed:
        return unknown(request)
    except OperationalError:  # no middleware catches it here, and an app may drop a calendar that answers 500
        return busy()
    packed = preferred(request.headers.get("Accept-Encoding", ""), ("gzip",)) == "gzip"
    etag = f'"{snapshot.etag}{"-gz" if packed else ""}"'
    changed = int(snapshot.changed_at.timestamp())
    response = get_conditional_response(request, etag=etag, last_modified=changed, response=None)
    if response is None:
        content = snapshots.contents(snapshot, "packed" if packed else "body")
        response = HttpResponse(
            b"" if request.method == "HEAD" else content, content_type=f"{content_type}; charset=utf-8"
        )
        response["Content-Length"] = str(len(content))
        response["Content-Disposition"] = f'inline; filename="{asked.filename}"'
        if packed:
            response["Content-Encoding"] = "gzip"
        etag = f'"{snapshot.etag}{"-gz" if packed else ""}"'
        changed = int(snapshot.changed_at.timestamp())
    response["ETag"] = etag
    response["Last-Modified"] = http_date(changed)
    response["Cache-Control"] = f"public, max-age={KEPT_FOR}"
    response["Vary"] = "Accept-Encoding"
    return response


def busy() -> HttpResponse:
    """The database did not answer in time."""
    response = HttpResponse("Come back in a moment.\n", status=503, content_type="text/plain; charset=utf-8")
    response["Retry-After"], response["Cache-Control"] = "60", "no-store"
    return response


@csrf_exempt
def not_found(request: HttpRequest, rest: str = "") -> HttpResponse:
    """A calendar app reads no HTML."""
    return HttpResponse("There is no such calendar.\n", status=404, content_type="text/plain; charset=utf-8")
