"""Keeping: which answers may be kept whole for all anonymous visitors, and for how long.

A view opts in, by ``@kept`` or ``keep(response)``; a page of Wagtail's by being
a ``KeptPage``. The answer is kept for one edition only (``pages.keeper`` tells
how), so that what editors change needs no word from here. The clock changes
pages too: what shows something that begins, ends, opens or closes says when, by
``changes_at``.
"""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase

MOST = 60.0
"Seconds that an answer is kept at most, for what nobody told."

Response = TypeVar("Response", bound=HttpResponseBase)


def keep(response: Response) -> Response:
    """Say that this answer is the same for everybody who is not signed in."""
    response.may_be_kept = True  # type: ignore[attr-defined]
    return response


def kept(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For a view below a language's prefix, or of the front door, whose answers may be kept."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return keep(view(request, *args, **kwargs))

    return wrapped


def may_be_kept(response: HttpResponseBase) -> bool:
    return getattr(response, "may_be_kept", False)


def changes_at(request: HttpRequest | None, *instants: dt.datetime | None) -> None:
    """Note when what this request shows will be different without any change of facts."""
    if request is None:
        return
    now = dt.datetime.now(dt.UTC)
    for instant in instants:
        if instant is not None and instant > now:
            request._changes_at = min(instant.timestamp(), changing(request))  # type: ignore[attr-defined]


def changing(request: HttpRequest) -> float:
    """The first instant noted (seconds since 1970); far away if none was."""
    return float(getattr(request, "_changes_at", float("inf")))
