"""Whose rights begin and end with a minute, not with a job."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from . import representation, rights


class MandateMiddleware:
    """Settle the mandates of the request's user before anybody can ask what that user may do.

    It happens when the user is first asked for: a page that never asks who reads
    it costs nothing, touches no session and stays cacheable.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(lambda: settled(get_user(request)))  # type: ignore[assignment]
        return self.get_response(request)


def settled(user: Any) -> Any:
    if user.is_authenticated:
        rights.settle(user)
        representation.settle(user)
    return user
