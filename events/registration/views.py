"""Registering, and the participant's own page."""

from django.http import Http404, HttpRequest, HttpResponse


def register(request: HttpRequest, uid: str) -> HttpResponse:
    raise Http404


def thanks(request: HttpRequest, uid: str) -> HttpResponse:
    raise Http404


def lost(request: HttpRequest) -> HttpResponse:
    raise Http404


def sent(request: HttpRequest) -> HttpResponse:
    raise Http404


def participant(request: HttpRequest, token: str) -> HttpResponse:
    raise Http404


change = cancel = new_link = participant
