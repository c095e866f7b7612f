"""Pictures of the ground, in pages."""

from typing import Any

from django import template
from django.conf import settings

from regions import pictures

register = template.Library()


@register.simple_tag
def soil_picture(cut: str, ground: str, subject: Any) -> str:
    """The address of the profile ("profile") or the strip ("strip") drawn for a subject."""
    return pictures.drawn_url(cut, ground, subject)


@register.simple_tag
def social_picture(ground: str = "global", subject: Any = "humus") -> str:
    """The absolute address of the picture that goes with a shared link."""
    return settings.SITE_URL + pictures.social_url(ground, subject)


@register.simple_tag
def image_address(rendition: Any) -> str:
    """The absolute address of a picture that an editor chose; a storage elsewhere has its own."""
    url = str(rendition.url)
    return settings.SITE_URL + url if url.startswith("/") else url
