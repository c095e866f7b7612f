"""The photograph that an editor chose for an event, in the sizes in which it is shown."""

from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.conf import settings
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import SourceImageIOError

from pages.trilingual import Shown, shown

if TYPE_CHECKING:
    from .event import Event

UPRIGHT = ("fill-400x560|format-webp|webpquality-72", "fill-800x1120|format-webp|webpquality-60")
LYING = ("fill-480x320|format-webp|webpquality-72", "fill-960x640|format-webp|webpquality-60")
SHARED = "fill-1200x630|format-jpeg|jpegquality-80"
"Programs that show shared links do not all read WebP."


class Photograph(NamedTuple):
    """Renditions for the head of the page (upright), for a phone (lying) and for shared links.

    ``alt`` is what it shows, with the language in which that is really told.
    """

    upright: Any
    upright_large: Any
    lying: Any
    lying_large: Any
    shared: Any
    alt: Shown
    credit: str

    @classmethod
    def of(cls, event: "Event") -> Self | None:
        """In one query once its sizes are made; None without a photograph, or where its file is lost."""
        if event.photo is None:
            return None
        wanted = (*UPRIGHT, *LYING, SHARED)
        try:
            made = event.photo.get_renditions(*wanted)
        except (SourceImageIOError, InvalidFilterSpecError):
            return None
        return cls._make([*(made[size] for size in wanted), shown(event.photo_alt), event.photo_credit])

    @property
    def shared_url(self) -> str:
        """Absolute, as programs elsewhere want it; a storage elsewhere has its own."""
        url = str(self.shared.url)
        return settings.SITE_URL + url if url.startswith("/") else url
