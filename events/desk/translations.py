"""What the queue of translations has to know of events: their regions, and their short texts."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.models import Page

from events.models import Event, EventPage
from pages.translation import queue, short_texts
from pages.translation.short_texts import Kept
from pages.trilingual import shown

from .languages import TEXTS


def places(pages: Iterable[Page]) -> dict[int, str]:
    """The regions of the events whose pages these are; two queries."""
    told = EventPage.objects.filter(pk__in=[page.pk for page in pages]).select_related("event").defer("body")
    return {
        page.pk: ", ".join(shown(region.name, get_language()).text for region in page.event.regions.all())
        for page in told.prefetch_related("event__regions")
    }


def in_region(code: str) -> Q:
    """The renditions of pages of events that concern a region."""
    return Q(page__in=EventPage.objects.filter(event__in=Event.objects.in_region(code)).values("pk"))


def told_or_to_come() -> QuerySet[Event]:
    """What readers see, and drafts of what is still to be; the past of drafts is nobody's concern."""
    return Event.objects.filter(Q(live=True) | Q(ends_at__gt=timezone.now())).order_by("-starts_at")


def register() -> None:
    """Tell the queue; called when the rooms are ready."""
    queue.places.append(places)
    queue.regions.append((list, in_region))
    short_texts.kept.insert(
        0,
        Kept(
            Event._meta.verbose_name_plural,
            Event,
            TEXTS,
            told_or_to_come,
            lambda event: reverse("wagtailsnippets_events_event:edit", args=[event.pk]),
            lambda event: event.last_published_at,
        ),
    )
