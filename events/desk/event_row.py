"""What a row of the list of events tells: dates, seats, publication, languages of the text."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.calendars import hours
from events.models import Event, Registration, SeatPool
from events.models.agenda import EventQuerySet

from .event_filters import proposed, scheduled, with_text


def listed(events: EventQuerySet) -> EventQuerySet:
    """With what a row of the list tells beyond the event's own facts."""
    pool = SeatPool.objects.filter(event=OuterRef("pk"), key="event")
    return events.annotate(
        seats_taken=Subquery(pool.values("taken")[:1]),
        seats_capacity=Subquery(pool.values("capacity")[:1]),
        is_scheduled=Exists(scheduled()),
        is_proposed=Exists(proposed()),
        requests=Coalesce(Subquery(_count(Registration.objects.to_decide())), 0),
        has_registrations=Exists(Registration.objects.filter(event=OuterRef("pk"))),
    )


def _count(people: Any) -> Any:
    """How many of them an event has."""
    return people.order_by().filter(event=OuterRef("pk")).values("event").annotate(n=Count("pk")).values("n")


def prose_in(events: Iterable[int]) -> dict[int, list[str]]:
    """The languages in which the pages of these events have text, by the event's key; one query."""
    found: dict[int, list[str]] = defaultdict(list)
    pages = with_text().filter(event__in=events).order_by("locale_id")
    for event, language in pages.values_list("event_id", "locale__language_code"):
        found[event].append(language)
    return found


def dates(event: Event) -> str:
    """The dates and hours on the clock of the event's own zone, which is named."""
    when = hours.at_place(event, get_language() or "fr")
    zone = when.zone_name or event.timezone
    return format_html("{}<br>{}<br><small>{}</small>", when.date_text, when.time_text, zone)


def seats(event: Any) -> str:
    """Taken and, where there is a limit, how many there are."""
    if event.seats_taken is None or (event.registration != Event.RegistrationMode.HERE and not event.has_registrations):
        return ""
    limit = "∞" if event.seats_capacity is None else event.seats_capacity
    return f"{event.seats_taken} / {limit}"


def state(event: Any) -> str:
    """What of it is public."""
    if event.is_scheduled:
        return _("scheduled publication")
    if event.is_proposed:
        return _("awaits approval")
    if not event.live:
        return _("draft")
    return _("published, with a draft") if event.has_unpublished_changes else _("published")
