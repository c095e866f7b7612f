"""The columns of the file of registrations: what is told of one person, and to whom."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from events.models import Registration
from pages.trilingual import shown
from regions import countries
from regions.mandates import regions_in_care

from . import policies
from .registration_dates import date_of

EXPORTED: dict[str, tuple[Any, Callable[[Registration], Any]]] = {
    "event": (_("Event"), lambda row: shown(row.event.title).text),
    "begins": (_("Begins, at the place"), lambda row: row.event.start_local),
    "occurrence": (_("Date of the series"), date_of),
    "name": (_("Name"), lambda row: row.name),
    "email": (_("E-mail"), lambda row: row.email),
    "organisation": (_("Organisation"), lambda row: row.organisation),
    "country": (_("Country"), lambda row: countries.name(row.country) if row.country else ""),
    "attendance": (_("Attendance"), lambda row: row.get_attendance_display()),
    "ticket": (_("Ticket"), lambda row: shown(row.ticket.name).text if row.ticket else ""),
    "invitation": (_("Invitation code"), lambda row: row.invitation.code if row.invitation else ""),
    "language": (_("Language of letters"), lambda row: row.get_language_display()),
    "state": (_("State"), lambda row: capfirst(row.get_state_display())),
    "created_at": (_("Registered (UTC)"), lambda row: row.created_at),
    "confirmed_at": (_("Confirmed (UTC)"), lambda row: row.confirmed_at),
    "cancelled_at": (_("Cancelled (UTC)"), lambda row: row.cancelled_at),
}
"Name → heading and value, both in the reader's language."

SHARED = frozenset(
    {"event", "begins", "occurrence", "name", "email", "organisation", "country", "attendance", "ticket", "state"}
)
"What a participant agreed to let a co-organiser see."


def fields_seen(user: Any, fields: Iterable[str]) -> list[str]:
    """Those of a registration that a reader may know: codes are the staff's, most is not shared with co-organisers."""
    if policies.registrations.holds_for_all(user, {"view", "change"}):
        return list(fields)
    whole = bool(regions_in_care(user, "registrations"))
    return [name for name in fields if name != "invitation" and (whole or name in SHARED)]
