"""The facts: everything the page of an event shows besides its prose."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import npgettext, pgettext

from events.calendars import dates, days, hours, prices, rows
from events.calendars.zone_choices import zone_choices
from pages.keeping import changes_at
from pages.trilingual import shown

if TYPE_CHECKING:
    from django.http import HttpRequest

    from events.models import Event, EventPage

SEATS_SHOWN_FOR = dt.timedelta(seconds=10)
"A number of seats that are left is kept no longer: not each one taken opens a new edition."


def of_page(page: EventPage, request: HttpRequest, language: str) -> dict[str, Any]:
    """What the page shows, the joining link never."""
    event = page.event
    series = dates.of(event, language)
    shown_date = series.lead
    date = shown_date or event
    there = hours.at_place(event, language, shown_date)
    utc = hours.in_zone(event, "UTC", language, shown_date)
    yours = hours.in_zone(event, page.zone, language, shown_date) if page.zone else None
    inside = event.children.filter(live=True).order_by("starts_at", "pk") if event.pk else []
    links = (event.parent, event.replacement, rows.replaced_by(event), event.continues, _continued_by(event))
    near = [one for one in links if one is not None and one.live]
    where = rows.addresses(near, language, request)
    window = event.window
    seats = [place for place in window.for_all if place.left is not None] if event.pk else []
    soon = timezone.now() + SEATS_SHOWN_FOR if seats and window.has_form else None
    changes_at(request, *(one.occurrence.ends_at for one in series.ahead))
    changes_at(request, date.ends_at, *window.turns, soon)
    return {
        "event": event,
        "day": days.day(date.start_local, date.end_local, event.all_day, language),
        "there": there,
        "utc": None if event.all_day or there.zone == "UTC" or there.says_as(utc) else utc,
        "yours": yours if yours and not event.all_day else None,
        "zone": page.zone,
        "zone_choices": [] if event.all_day else zone_choices(date.starts_at, page.zone, event.timezone, language),
        "parent": _near(event.parent, where, language),
        "replacement": _near(event.replacement, where, language),
        "replaces": _near(rows.replaced_by(event), where, language),
        "inside": rows.rows(inside, language, request) if inside else [],
        "continues": _near(event.continues, where, language),
        "continued_by": _near(_continued_by(event), where, language),
        "date": shown_date,
        "moved_from": days.moved_from(shown_date, language) if shown_date else "",
        "venue": shown_date.venue if shown_date and shown_date.venue.data else event.venue,
        "is_off": event.status in event.CALLED_OFF,
        "series": series,
        "elsewhere": dates.elsewhere(event, series, language),
        "roles": _roles(event),
        "soil": rows.soil(event),
        "window": window,
        "state": str(window.state) if event.pk else "none",
        "seats": seats,
        "prices": _prices(event, language) if event.pk else [],
        "opens": _told(_opens(event), event, language),
        "closes": _told(_closes(event), event, language),
        "opens_by_code": bool(event.pk) and window.opens_by_code,
    }


def _prices(event: Event, language: str) -> list[dict[str, str]]:
    """What each ticket costs now that one can have without a code, if any of them ever costs something."""
    window = event.window
    had = dict.fromkeys(place.ticket for place in window.for_all if place.ticket)
    if all(ticket.is_free for ticket in had):
        return []
    told = []
    for ticket in had:
        price, early = window.price(ticket), window.early_until(ticket)
        is_early = early is not None and window.now < early
        told.append(
            {
                "name": shown(ticket.name, language).text,
                "price": prices.told(price, ticket.currency, language) if price else pgettext("price", "Free"),
                "early_until": _told(early, event, language) if is_early else "",
                "then": prices.told(ticket.price, ticket.currency, language) if is_early else "",
            }
        )
    return told


def _near(event: Event | None, where: dict[int, str], language: str) -> dict[str, Any] | None:
    if event is None or event.pk not in where:
        return None
    return {"event": event, "url": where[event.pk], "hours": hours.at_place(event, language)}


def _continued_by(event: Event) -> Event | None:
    """The series that goes on where this one ends."""
    return getattr(event, "continued_by", None)


def _roles(event: Event) -> list[dict[str, Any]]:
    """Organisers by role, in the order of the roles and within each in the editors' order."""
    found = list(event.organisers.all())
    roles = event.organisers.model.Role
    return [
        {
            "role": _heading(role, len(organisations)),
            "value": role.value,
            "organisations": organisations,
        }
        for role in roles
        if (organisations := [one.organisation for one in found if one.role == role])
    ]


def _heading(role: Any, number: int) -> str:
    """A role as the heading of those who have it, of whom there may be several."""
    roles = type(role)
    headings = {
        roles.HOST: npgettext("heading", "Host", "Hosts", number),
        roles.CO_ORGANISER: npgettext("heading", "Co-organiser", "Co-organisers", number),
        roles.SUPPORTER: npgettext("heading", "Supporter", "Supporters", number),
        roles.SPONSOR: npgettext("heading", "Sponsor", "Sponsors", number),
        roles.MEDIA_PARTNER: npgettext("heading", "Media partner", "Media partners", number),
    }
    return headings[role]


def _opens(event: Event) -> dt.datetime | None:
    return event.window.told_open_from if event.pk else event.window.opens_at


def _closes(event: Event) -> dt.datetime | None:
    """Where editors said so: without them it closes when it begins."""
    window = event.window
    closes = window.told_open_until if event.pk else window.closes_at
    return closes if event.registration_closes_local or closes != window.closes_at else None


def _told(at: dt.datetime | None, event: Event, language: str) -> str:
    """An instant on the clock of the event's place."""
    if at is None:
        return ""
    there = at.astimezone(ZoneInfo(event.timezone))
    return f"{days.long_date(there.date(), language)}, {hours.time_of(there, language)}"
