"""A database that is busy is a busy page, never an error page."""

import logging
import sys
from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import server_error

log = logging.getLogger(__name__)


def note(error: OperationalError) -> None:
    """Tell the operators what the visitor reads as busy: a full disk is not a lock."""
    log.warning("The database did not do what it was asked, and the visitor was told to try again: %s", error)


class BusyMiddleware:
    """Answer 503 with Retry-After when a lock was not had in time; nothing is half written.

    Views that hold a form catch the error first and give the form back filled in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return answer(request, error) if isinstance(error, OperationalError) else None


def answer(request: HttpRequest, error: OperationalError) -> HttpResponse:
    """The page that asks for a moment's patience."""
    note(error)
    response = render(request, "503.html", status=503)
    response["Retry-After"] = "5"
    response["Cache-Control"] = "no-store"
    return response


def failed(request: HttpRequest) -> HttpResponse:
    """What is said of an error that no view has caught.

    A middleware may be the one that waits for a lock (mandates are settled where
    a request first asks for its user): that never comes to ``process_exception``.
    """
    error = sys.exc_info()[1]
    return answer(request, error) if isinstance(error, OperationalError) else server_error(request)
