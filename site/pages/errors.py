"""Pages for when something went wrong, in the visitor's language."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came back without its cookie: say so kindly; nothing was recorded."""
    return render(request, "403_csrf.html", status=403)
