"""In which language somebody is spoken to before and after they are known."""

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_from_request


def of(user: User) -> str:
    """The language this person chose for the administration; the site's first where none is known."""
    profile = getattr(user, "wagtail_userprofile", None)
    chosen = profile.preferred_language if profile else ""
    return chosen if chosen in dict(settings.LANGUAGES) else get_language() or settings.LANGUAGE_CODE


def asked(request: HttpRequest) -> str:
    """What the browser asks for."""
    return get_language_from_request(request)
