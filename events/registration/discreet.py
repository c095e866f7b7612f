"""Pages of one person: nobody keeps them, indexes them, or is told their address."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponseBase]


def unkept(view: View) -> View:
    """No cache keeps the answer and no search engine lists it."""

    @wraps(view)
    def discreet(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return discreet


def personal(view: View) -> View:
    """Also tells nobody its address, which is a secret.

    Without a referrer a browser sends ``Origin: null`` with a form, which
    Django's check of forms refuses. None is needed here: what a form may do
    hangs on the secret in the address and never on a cookie.
    """

    @wraps(view)
    def secret(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = unkept(view)(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return csrf_exempt(secret)
