"""Addresses of the soil profiles: drawn when asked for, kept by browsers for good."""

import hmac
from hashlib import blake2b
from typing import Any

import resvg_py
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path, register_converter, reverse
from django.views.decorators.http import require_safe

from pages.encodings import packed

from . import profiles

FOR_GOOD = "public, max-age=31536000, immutable"


def seed_of(subject: Any) -> str:
    """What stands for an event, a region or anything else in the addresses of its pictures."""
    return blake2b(str(subject).encode(), digest_size=4).hexdigest()


def drawn_url(cut: str, ground: str, subject: Any) -> str:
    """The address of a profile or a strip."""
    return reverse("soil", args=[profiles.EDITION, cut, ground, seed_of(subject)])


def social_url(ground: str, subject: Any) -> str:
    """The address of the picture that goes with a shared link. Only those that the site gave out are drawn."""
    seed = seed_of(subject)
    return reverse("social", args=[profiles.EDITION, ground, seed, _sign(ground, seed)])


@require_safe
def soil(request: HttpRequest, edition: int, cut: str, ground: str, seed: str) -> HttpResponse:
    """One profile, as SVG."""
    if edition != profiles.EDITION or cut not in profiles.CUTS or ground not in profiles.GROUNDS:
        raise Http404
    picture = profiles.CUTS[cut](ground, seed)
    return packed(request, HttpResponse(picture, content_type="image/svg+xml", headers={"Cache-Control": FOR_GOOD}))


@require_safe
def social(request: HttpRequest, edition: int, ground: str, seed: str, signature: str) -> HttpResponseBase:
    """One picture of 1200 x 630, as PNG: rendered at the first request, stored beside the uploads."""
    known = edition == profiles.EDITION and ground in profiles.GROUNDS
    if not known or not hmac.compare_digest(signature, _sign(ground, seed)):
        raise Http404
    name = f"social/{edition}-{ground}-{seed}.png"
    if not default_storage.exists(name):
        picture = resvg_py.svg_to_bytes(svg_string=profiles.social(ground, seed), skip_system_fonts=True)
        default_storage.save(name, ContentFile(bytes(picture)))
    return FileResponse(default_storage.open(name), content_type="image/png", headers={"Cache-Control": FOR_GOOD})


def _sign(ground: str, seed: str) -> str:
    text = f"social/{profiles.EDITION}/{ground}/{seed}".encode()
    return blake2b(text, key=settings.SECRET_KEY.encode()[:64], digest_size=6).hexdigest()


class Hex:
    regex = "[0-9a-f]{8,12}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Hex, "hex")

urlpatterns = [
    path("soil/<int:edition>/<slug:cut>/<slug:ground>/<hex:seed>.svg", soil, name="soil"),
    path("social/<int:edition>/<slug:ground>/<hex:seed>-<hex:signature>.png", social, name="social"),
]
