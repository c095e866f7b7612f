"""The columns of the file of events: facts, one row an event."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Event
from pages.trilingual import shown
from regions import countries

from .event_row import state


def _in(language: str) -> Callable[[Event], str]:
    """The title as it really is in a language; empty where it falls back."""
    return lambda event: shown(event.title, language).text if language in event.told_in else ""


EXPORTED: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "title_fr": (_("Title in French"), _in("fr")),
    "title_en": (_("Title in English"), _in("en")),
    "title_es": (_("Title in Spanish"), _in("es")),
    "kind": (_("Kind"), lambda event: event.get_kind_display()),
    "status": (_("Status"), lambda event: event.get_status_display()),
    "state": (_("Publication"), state),
    "begins": (_("Begins, at the place"), lambda event: f"{event.start_local:%Y-%m-%d %H:%M}"),
    "ends": (_("Ends, at the place"), lambda event: f"{event.end_local:%Y-%m-%d %H:%M}"),
    "zone": (_("Time zone"), lambda event: event.timezone),
    "begins_utc": (_("Begins (UTC)"), lambda event: event.starts_at),
    "ends_utc": (_("Ends (UTC)"), lambda event: event.ends_at),
    "format": (_("Format"), lambda event: event.get_format_display()),
    "city": (_("City"), lambda event: shown(event.city).text),
    "country": (_("Country"), lambda event: countries.name(event.country) if event.country else ""),
    "regions": (_("Regions"), lambda event: ", ".join(shown(region.name).text for region in event.regions.all())),
    "organisers": (_("Organisers"), lambda event: ", ".join(str(one) for one in event.organisers.all())),
    "registration": (pgettext_lazy("of an event", "Registration"), lambda event: event.get_registration_display()),
    "taken": (_("Seats taken"), lambda event: event.seats_taken or 0),
    "capacity": (_("Seats in all"), lambda event: event.seats_capacity),
    "uid": (_("Identifier"), lambda event: str(event.uid)),
}
"Name → heading and value."
