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
from events.calendars.snapshots import Kept, Served
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
    request: HttpRequest, asked: Kept, content_type: str, unknown: Callable[[HttpRequest], HttpResponse]
) -> HttpResponse:
    """What is kept as a snapshot, with both validators; 503 where the database is busy."""
    packed = preferred(request.META.get("HTTP_ACCEPT_ENCODING", ""), ("gzip",)) == "gzip"
    column, suffix = ("packed", "-gz") if packed else ("body", "")
    try:
        snapshot = snapshots.fresh(asked, "" if _is_conditional(request) else column)
        response = _unchanged(request, snapshot, suffix)
        if response is None:
            if snapshot.content is None:
                snapshot = snapshots.fresh(asked, column)  # tag, date and bytes of one moment
            response = _whole(request, asked, snapshot, content_type)
            if packed:
                response["Content-Encoding"] = "gzip"
    except UnknownFeed:
        return unknown(request)
    except OperationalError:  # no middleware catches it here, and an app may drop a calendar that answers 500
        return busy()
    response["ETag"] = f'"{snapshot.etag}{suffix}"'
    response["Last-Modified"] = http_date(snapshot.changed_at.timestamp())
    response["Cache-Control"] = f"public, max-age={KEPT_FOR}"
    response["Vary"] = "Accept-Encoding"
    return response


def _is_conditional(request: HttpRequest) -> bool:
    return "HTTP_IF_NONE_MATCH" in request.META or "HTTP_IF_MODIFIED_SINCE" in request.META


def _unchanged(request: HttpRequest, snapshot: Served, suffix: str) -> HttpResponse | None:
    """304 if the client has it: its tag decides before its date (RFC 9110 13.2.2)."""
    if not _is_conditional(request):
        return None
    etag, changed = f'"{snapshot.etag}{suffix}"', int(snapshot.changed_at.timestamp())
    response: HttpResponse | None = get_conditional_response(request, etag=etag, last_modified=changed, response=None)
    return response


def _whole(request: HttpRequest, asked: Kept, snapshot: Served, content_type: str) -> HttpResponse:
    content = snapshot.content or b""
    body = b"" if request.method == "HEAD" else content
    response = HttpResponse(body, content_type=f"{content_type}; charset=utf-8")
    response["Content-Length"] = str(len(content))
    response["Content-Disposition"] = f'inline; filename="{asked.filename}"'
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
