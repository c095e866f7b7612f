"""The gallery's page."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import get_language, override

from .samples import samples


def front(request: HttpRequest) -> HttpResponse:
    return redirect("patterns", language=get_language() or settings.LANGUAGE_CODE)


def gallery(request: HttpRequest, language: str) -> HttpResponse:
    """Every component in each of its states, as it looks in one language."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    with override(language):
        return render(request, "patterns/gallery.html", {"samples": samples(language), "languages": settings.LANGUAGES})


urlpatterns = [path("patterns/", front), path("patterns/<str:language>/", gallery, name="patterns")]
