"""What search engines and other programs read of an event on its page: schema.org Event, as JSON-LD."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from events.calendars import hours
from events.models import Event, money
from events.models.wallclock import instant
from events.models.window import RegistrationState, Window
from pages.trilingual import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from events.models import Occurrence, Ticket

SCHEMA = "https://schema.org/"
INITIATIVE = "https://4p1000.org/"
ATTENDANCE = {
    Event.Format.ONSITE: "OfflineEventAttendanceMode",
    Event.Format.ONLINE: "OnlineEventAttendanceMode",
    Event.Format.HYBRID: "MixedEventAttendanceMode",
}
STATUS = {
    Event.Status.TENTATIVE: "EventScheduled",
    Event.Status.SCHEDULED: "EventScheduled",
    Event.Status.POSTPONED: "EventPostponed",
    Event.Status.CANCELLED: "EventCancelled",
}
AVAILABLE = {
    RegistrationState.OPEN: "InStock",
    RegistrationState.BY_INVITATION: "LimitedAvailability",
    RegistrationState.NOT_YET: "PreOrder",
    RegistrationState.FULL: "SoldOut",
    RegistrationState.WAITING_LIST: "SoldOut",
    RegistrationState.CLOSED: "SoldOut",
}


def event_data(
    event: Event,
    language: str,
    url: str,
    *,
    picture: str,
    description: str,
    register_url: str,
    date: Occurrence | None = None,
    dates: list[Occurrence] | None = None,
    near: Mapping[int, str] | None = None,
    inside: list[Event] | None = None,
) -> dict[str, Any]:
    """The event as schema.org tells it, in one language; all addresses are absolute.

    ``date`` is the one the page leads with, for a series, ``dates`` those ahead, each
    told as a part of it; ``near`` holds the addresses of the parent, the replacement
    and the children by their keys. The joining link is never told: the place online is the page itself.

    A postponed event keeps its old date as ``previousStartDate``; where another
    one takes its place it is rescheduled to that one's date.
    """
    near = near or {}
    there = hours.at_place(event, language, date)
    data: dict[str, Any] = {
        "@context": SCHEMA.rstrip("/"),
        "@type": "Event",
        "@id": url,
        "identifier": str(event.uid),
        "name": shown(event.title, language).text,
        "description": description,
        "url": url,
        "image": [picture],
        "startDate": there.start_iso,
        "endDate": there.end_iso,
        "eventStatus": SCHEMA + STATUS[Event.Status(event.status)],
        "eventAttendanceMode": SCHEMA + ATTENDANCE[Event.Format(event.format)],
        "location": _location(event, language, url, date),
        "organizer": _organizers(event, language),
        "inLanguage": list(event.languages) or None,
        "offers": _offers(event, language, register_url),
        "superEvent": _other(event.parent, language, near),
        "subEvent": [
            *(_one_date(event, one, language, url) for one in dates or []),
            *(told for one in inside or [] if (told := _other(one, language, near))),
        ],
    }
    data |= _was(event, date, language)
    if event.status == Event.Status.POSTPONED:
        data["previousStartDate"] = there.start_iso
        instead = event.replacement
        if instead is not None and instead.live:
            new = hours.at_place(instead, language)
            data |= {
                "eventStatus": f"{SCHEMA}EventRescheduled",
                "startDate": new.start_iso,
                "endDate": new.end_iso,
            }
    return {name: value for name, value in data.items() if value not in (None, "", [])}


def _one_date(event: Event, date: Occurrence, language: str, url: str) -> dict[str, Any]:
    """One date of a series: its own hours and place, and whether it is moved or off."""
    there = hours.at_place(event, language, date)
    off = date.is_cancelled or event.status == Event.Status.CANCELLED
    status = "EventCancelled" if off else STATUS[Event.Status(event.status)]
    told = {
        "@type": "Event",
        "name": shown(event.title, language).text,
        "url": url,
        "startDate": there.start_iso,
        "endDate": there.end_iso,
        "eventStatus": SCHEMA + status,
        "eventAttendanceMode": SCHEMA + ATTENDANCE[Event.Format(event.format)],
        "location": _location(event, language, url, date),
    }
    return {name: value for name, value in (told | ({} if off else _was(event, date, language))).items() if value}


def _was(event: Event, date: Occurrence | None, language: str) -> dict[str, str]:
    """Of a date that is moved, where it was; nothing of any other."""
    if date is None or not date.is_moved or event.status in Event.CALLED_OFF:
        return {}
    before = date.original.date().isoformat()
    if not event.all_day:
        at = instant(date.original, event.timezone).astimezone(ZoneInfo(event.timezone))
        before = at.isoformat(timespec="minutes")
    return {"eventStatus": f"{SCHEMA}EventRescheduled", "previousStartDate": before}


def _location(event: Event, language: str, url: str, date: Occurrence | None = None) -> Any:
    own_city, own_venue = (date.city, date.venue) if date else ("", "")
    city = shown(own_city, language).text or shown(event.city, language).text
    venue = shown(own_venue, language).text or shown(event.venue, language).text
    place: dict[str, Any] = {
        "@type": "Place",
        "name": venue or city,
        "address": {
            "@type": "PostalAddress",
            **({"addressLocality": city} if city else {}),
            **({"addressCountry": event.country} if event.country else {}),
        },
    }
    elsewhere = bool(shown(own_city, language).text or shown(own_venue, language).text)
    known = event.precision == event.Precision.VENUE and not elsewhere
    if known and event.latitude is not None and event.longitude is not None:
        place["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": float(event.latitude),
            "longitude": float(event.longitude),
        }
    online = {"@type": "VirtualLocation", "url": url}
    if event.format == Event.Format.ONLINE:
        return online
    if not (venue or city or event.country):
        return online if event.format == Event.Format.HYBRID else None
    return [place, online] if event.format == Event.Format.HYBRID else place


def _organizers(event: Event, language: str) -> list[dict[str, Any]]:
    """Hosts and co-organisers; where none is named the Initiative, but of an event that is held by others."""
    roles = event.organisers.model.Role
    told = [
        {
            "@type": "Organization",
            "name": shown(one.organisation.name, language).text,
            **({"url": one.organisation.url} if one.organisation.url else {}),
        }
        for one in event.organisers.all()
        if one.role in (roles.HOST, roles.CO_ORGANISER)
    ]
    if told or event.kind == Event.Kind.EXTERNAL_EVENT:
        return told
    return [{"@type": "Organization", "name": gettext("4 per 1000"), "url": INITIATIVE}]


def _offers(event: Event, language: str, register_url: str) -> list[dict[str, Any]]:
    """What one may register for here, each with its price; nothing where registration is elsewhere or over."""
    window = event.window
    available = AVAILABLE.get(window.state)
    if available is None or not register_url:
        return []
    common: dict[str, Any] = {"@type": "Offer", "url": register_url, "availability": SCHEMA + available}
    if window.opens_at:
        common["validFrom"] = window.opens_at.isoformat()
    if window.closes_at:
        common["validThrough"] = window.closes_at.isoformat()
    tickets = list(event.tickets.all())
    if not tickets:
        return [common | {"price": "0", "priceCurrency": "EUR"}]
    return [
        common
        | {"name": shown(ticket.name, language).text, "price": price(window, ticket), "priceCurrency": ticket.currency}
        | _left(event, ticket)
        for ticket in tickets
        if ticket.audience != ticket.Audience.CODE
    ]


def _left(event: Event, ticket: Ticket) -> dict[str, str]:
    """Where it differs from the event's: when it is sold, to whom, and a priced ticket waits for payments."""
    window = event.window
    opens, closes = window.sold_from(ticket), window.sold_until(ticket)
    told = {"validFrom": opens.isoformat()} if opens else {}
    told |= {"validThrough": closes.isoformat()} if closes else {}
    early = window.early_until(ticket)
    told |= {"priceValidUntil": early.isoformat()} if early and window.now < early else {}
    available = _available(window, ticket)
    return told | ({"availability": SCHEMA + available} if available else {})


def _available(window: Window, ticket: Ticket) -> str:
    """Where it differs from the event's."""
    places = [place for place in window.places if place.ticket == ticket]
    if not places:
        return "OutOfStock"
    if not window.is_sold(ticket):
        opens = window.sold_from(ticket)
        return "PreOrder" if opens and opens > window.now else "SoldOut"
    if all(place.is_full for place in places):
        return "SoldOut"
    return "LimitedAvailability" if places[0].on_request and window.has_form else ""


def price(window: Window, ticket: Ticket) -> str:
    """What it costs now, in whole units with a point, however many decimals the currency has: "60.00", "15000"."""
    return str(money.major(window.price(ticket), ticket.currency))


def _other(event: Event | None, language: str, near: Mapping[int, str]) -> dict[str, Any] | None:
    if event is None or not event.live:
        return None
    there = hours.at_place(event, language)
    url = near.get(event.pk, "")
    told = {
        "@type": "Event",
        "name": shown(event.title, language).text,
        "startDate": there.start_iso,
        "endDate": there.end_iso,
        "location": _location(event, language, url),
    }
    return {name: value for name, value in (told | ({"@id": url, "url": url} if url else {})).items() if value}
