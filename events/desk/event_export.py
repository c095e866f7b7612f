"""The columns of the file of events: facts, one row an event."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from events.models import Event
from pages.trilingual import shown
from regions import countries

from .event_row import state


def _in(language: str) -> Callable[[Event], str]:
    """The title as it really is in a language; empty where it falls back."""
    return lambda event: shown(event.title, language).text if language in event.told_in else ""


def _hour(moment: dt.datetime | None) -> str:
    """On the clock of the place."""
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


def _said(holds: bool) -> str:
    return gettext("yes") if holds else gettext("no")


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
    "opens": (_("Registration opens"), lambda event: _hour(event.registration_opens_local)),
    "closes": (_("Registration closes"), lambda event: _hour(event.registration_closes_local)),
    "changes": (_("Changes until"), lambda event: _hour(event.changes_close_local)),
    "verifies": (_("Address confirmed first"), lambda event: _said(event.verifies_address)),
    "approval": (_("With approval"), lambda event: _said(event.needs_approval)),
    "requests": (_("A request keeps a seat"), lambda event: _said(event.requests_hold_seats)),
    "waiting": (_("Waiting list"), lambda event: _said(event.has_waiting_list)),
    "offers": (_("Hours an offer holds"), lambda event: event.offer_hours),
    "transfer": (_("Can be passed on"), lambda event: _said(event.allows_transfer)),
    "joining": (_("Hours before, for the link to join"), lambda event: event.joining_hours),
    "taken": (_("Seats taken"), lambda event: event.seats_taken or 0),
    "capacity": (_("Seats in all"), lambda event: event.seats_capacity),
    "uid": (_("Identifier"), lambda event: str(event.uid)),
}
"Name → heading and value."
