"""In which language somebody is spoken to before and after they are known."""

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_from_request


def of(user: User) -> str:
    """The language this person chose for the administration; the active one where none is known."""
    profile = getattr(user, "wagtail_userprofile", None)
    known = profile.preferred_language if profile else ""
    return known if known in dict(settings.LANGUAGES) else get_language() or settings.LANGUAGE_CODE


def chosen(request: HttpRequest) -> str:
    """What the reader of these pages asked for, now or before; "" if nothing."""
    for asked in (request.GET.get("lang", ""), request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")):
        if asked in dict(settings.LANGUAGES):
            return asked
    return ""


def here(request: HttpRequest) -> str:
    """The language of a page for somebody unknown: chosen, or what the browser asks for."""
    return chosen(request) or get_language_from_request(request)
