"""What pages show of events: the agenda, an event, the meetings of a region, the event of a news item."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404
from django.utils.html import format_html_join
from django.utils.translation import get_language, gettext

from events.calendars import days, hours, rows
from events.calendars.zone_names import city, offset_text
from events.models import Event, Occurrence
from events.models.filters import CHOICES, Filter
from events.models.schedule import Schedule
from pages.paging import page_links
from pages.templatetags.navigation import language_name
from pages.templatetags.trilingual import tri
from pages.trilingual import shown
from regions import countries
from regions.models import Goal, Objective, Region

register = template.Library()

PER_PAGE = 25
NEXT_DATES = 6


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


# -- the agenda


@register.simple_tag(takes_context=True)
def agenda(context: Any) -> dict[str, Any]:
    """The events that the agenda's filter and the words asked for leave, a page at a time.

    Kept for the request: the title of the page and its list ask for the same.

    Raises:
        Http404: there is no such page of the list.
    """
    kept = getattr(context["request"], "_agenda", None)
    if kept is None:
        kept = context["request"]._agenda = _listed(context)
    return kept


def _listed(context: Any) -> dict[str, Any]:
    page, request, language = context["page"], context["request"], _language()
    chosen = page.filter
    words = request.GET.get("q", "").replace("\x00", " ").strip()[:200]
    query = f"?{urlencode({'q': words})}" if words else ""
    above = page.get_url(request) or ""

    def address(**changes: Any) -> str:
        return above + chosen.but(**changes).path(language) + query

    narrowed = chosen.narrow(Event.objects.all())
    if words:
        narrowed = narrowed.saying(words)
    paginator = Paginator(narrowed.past(year=chosen.year) if chosen.past else narrowed.upcoming(), PER_PAGE)
    if chosen.page > paginator.num_pages:
        raise Http404
    part = paginator.page(chosen.page)
    found: Any = part.object_list
    listed = rows.rows(found, language, request)
    years = narrowed.past_years() if chosen.past else []
    return {
        "filter": chosen,
        "words": words,
        "months": rows.by_month(listed, language),
        "count": paginator.count,
        "options": _options(chosen, address),
        "coming_url": address(past=False, year=None),
        "past_url": address(past=True, year=None),
        "years": [
            {"year": year, "url": address(past=True, year=year), "current": year == chosen.year} for year in years
        ],
        "pages": page_links(paginator, chosen.page, lambda number: address(page=number)),
        "wider": _wider(chosen, words, above, language, address),
        "action": above,
        "clear_url": above + chosen.but(**dict.fromkeys(CHOICES, "")).path(language),
    }


def _options(chosen: Any, address: Any) -> list[dict[str, Any]]:
    """The selects of the filter: name and choices, the chosen one marked."""
    regions = list(Region.objects.all())
    objectives = list(Objective.objects.select_related("goal"))
    goals = list(Goal.objects.all())
    choices: dict[str, list[tuple[str, str]]] = {
        "region": [
            (region.code, "\N{NO-BREAK SPACE}" * 3 * depth + shown(region.name).text)
            for region, depth in _tree(regions)
        ],
        "kind": [(value, str(label)) for value, label in Event.Kind.choices],
        "language": [(code, str(name)) for code, name in settings.LANGUAGES_OF_EVENTS],
        "format": [(value, str(label)) for value, label in Schedule.Format.choices],
        "objective": [
            pair
            for goal in goals
            for pair in (
                (goal.code, f"{goal.code}. {shown(goal.title).text}"),
                *(
                    (o.code, f"\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}{o.code} {shown(o.title).text}")
                    for o in objectives
                    if o.goal_id == goal.pk
                ),
            )
        ],
    }
    return [
        {
            "name": name,
            "value": getattr(chosen, name),
            "text": next((text.strip() for value, text in choices[name] if value == getattr(chosen, name)), ""),
            "choices": choices[name],
            "without": address(**{name: ""}),
        }
        for name in CHOICES
    ]


def _tree(regions: list[Region]) -> list[tuple[Region, int]]:
    """Regions, each followed by those that lie in it, with their depth."""
    below: dict[int | None, list[Region]] = {}
    for region in regions:
        below.setdefault(region.parent_id, []).append(region)

    def walk(parent: int | None, depth: int) -> list[tuple[Region, int]]:
        return [one for region in below.get(parent, []) for one in ((region, depth), *walk(region.pk, depth + 1))]

    return walk(None, 0)


def _wider(chosen: Any, words: str, above: str, language: str, address: Any) -> list[dict[str, str]]:
    """Ways to see more: without each choice, without the words, the other side of today."""
    ways = [{"what": name, "url": address(**{name: ""})} for name in chosen.chosen] if len(chosen.chosen) > 1 else []
    if words:
        ways.append({"what": "words", "url": above + chosen.but().path(language)})
    ways.append({"what": "coming" if chosen.past else "past", "url": address(past=not chosen.past, year=None)})
    if chosen.year:
        ways.append({"what": "year", "url": address(year=None)})
    return ways


# -- lists elsewhere


@register.simple_tag(takes_context=True)
def coming_meetings(context: Any, count: int = 6) -> list[rows.Row]:
    """The next events of the whole site."""
    return rows.rows(Event.objects.upcoming()[:count], _language(), context["request"])


@register.simple_tag(takes_context=True)
def next_initiative_day(context: Any) -> rows.Row | None:
    """The next Initiative Day, if one is known."""
    found = Event.objects.upcoming().of_kind(Event.Kind.INITIATIVE_DAY)
    return next(iter(rows.rows(found[:1], _language(), context["request"])), None)


@register.simple_tag(takes_context=True)
def coming_regional_meetings(context: Any, count: int = 2) -> list[rows.Row]:
    """The next regional meetings."""
    found = Event.objects.upcoming().of_kind(Event.Kind.REGIONAL_MEETING)
    return rows.rows(found[:count], _language(), context["request"])


@register.simple_tag(takes_context=True)
def meetings_of_region(context: Any, region: Region, past: bool = False, count: int = 12) -> list[rows.Row]:
    """The events of a region and its sub-regions, coming or past."""
    inside = Event.objects.in_region(region.code)
    return rows.rows((inside.past() if past else inside.upcoming())[:count], _language(), context["request"])


@register.simple_tag(takes_context=True)
def agenda_url(context: Any, **choices: Any) -> str:
    """The agenda's address in the active language, with these choices: region="AFR" past=True."""
    above = rows.agenda_address(_language(), context["request"])
    return above + Filter(**choices).path(_language()) if above else ""


@register.simple_tag
def agenda_path(chosen: Any) -> str:
    """The path of a filter below the agenda, on its first page."""
    return str(chosen.but().path(_language()))


@register.simple_tag(takes_context=True)
def event_of_news(context: Any, page: Any) -> rows.Row | None:
    """The public event a news item tells about."""
    if not page.event:
        return None
    found = Event.objects.public().filter(uid=page.event)
    return next(iter(rows.rows(found, _language(), context["request"])), None)


# -- one event


@register.simple_tag
def in_short(event: Event) -> str:
    """An event in one line for search engines: what, when, where, about what."""
    language = _language()
    there = "" if event.recurs else hours.at_place(event, language).date_text
    city_name = shown(event.city).text
    spot = gettext("Online").lower() if event.format == Event.Format.ONLINE else city_name
    country_name = country(event.country) if city_name and event.format != Event.Format.ONLINE else ""
    line = ", ".join(part for part in (event.get_kind_display(), there, spot, country_name) if part)
    return ". ".join(part for part in (line[:1].upper() + line[1:], shown(event.theme).text) if part)


@register.simple_tag
def dated(event: Event) -> str:
    """The day of an event, to tell it from others of its name; empty for a series, which has many."""
    return "" if event.recurs else hours.at_place(event, _language()).date_text


@register.simple_tag(takes_context=True)
def event_facts(context: Any) -> dict[str, Any]:
    """Everything the page of an event shows besides its prose; the joining link never is."""
    page, request, language = context["page"], context["request"], _language()
    event = page.event
    if event.pk and not getattr(request, "is_preview", False):
        event = Event.objects.with_facts().get(pk=event.pk)
    dates = list(event.occurrences.coming()[: NEXT_DATES + 1]) if event.pk and event.recurs else []
    shown_date: Occurrence | None = dates[0] if dates else None
    gone: list[Occurrence] = []
    if shown_date is None and event.pk and event.recurs:
        gone = list(event.occurrences.order_by("-starts_at")[: NEXT_DATES + 1])
        shown_date = gone[0] if gone else None
    date = shown_date or event
    there = hours.at_place(event, language, shown_date)
    utc = hours.in_zone(event, "UTC", language, shown_date)
    yours = hours.in_zone(event, page.zone, language, shown_date) if page.zone else None
    inside = list(event.children.filter(live=True).order_by("starts_at", "pk").with_facts()) if event.pk else []
    near = [one for one in (event.parent, event.replacement, rows.replaced_by(event)) if one is not None and one.live]
    where = rows.addresses(near, language, request)
    window = event.window
    return {
        "event": event,
        "date": shown_date,
        "day": days.day(date.start_local, date.end_local, event.all_day, language),
        "there": there,
        "utc": None if event.all_day or there.zone == "UTC" or there.says_as(utc) else utc,
        "yours": yours if yours and not event.all_day else None,
        "zone": page.zone,
        "zone_choices": [] if event.all_day else zone_choices(date.starts_at, page.zone, event.timezone, language),
        "parent": _near(event.parent, where),
        "replacement": _near(event.replacement, where),
        "replaces": _near(rows.replaced_by(event), where),
        "inside": rows.rows(inside, language, request) if inside else [],
        "dates": [hours.at_place(event, language, one) for one in dates[1:]],
        "gone": [hours.at_place(event, language, one) for one in reversed(gone[1:])],
        "roles": _roles(event),
        "soil": rows.soil(event),
        "window": window,
        "state": str(window.state) if event.pk else "none",
        "seats": [place for place in window.places if place.left is not None] if event.pk else [],
        "opens": _told(window.opens_at, event, language),
        "closes": _told(window.closes_at if event.registration_closes_local else None, event, language),
    }


def zone_choices(at: dt.datetime | None, chosen: str, own: str, language: str) -> list[dict[str, Any]]:
    """Zones for those whose browser says none: one city for most of the world's clocks, by offset."""
    if at is None:
        return []
    names = dict.fromkeys([*ZONES, own, *([chosen] if chosen else [])])
    return sorted(
        (
            {
                "name": name,
                "text": f"{city(name, language)} ({offset_text(at.astimezone(hours.ZoneInfo(name)))})",
                "chosen": name == chosen,
            }
            for name in names
        ),
        key=lambda choice: (at.astimezone(hours.ZoneInfo(choice["name"])).utcoffset(), choice["text"]),
    )


ZONES = (
    "Africa/Abidjan", "Africa/Addis_Ababa", "Africa/Cairo", "Africa/Casablanca", "Africa/Dakar", "Africa/Johannesburg",
    "Africa/Lagos", "Africa/Nairobi", "America/Anchorage", "America/Argentina/Buenos_Aires", "America/Bogota",
    "America/Caracas", "America/Chicago", "America/Denver", "America/Halifax", "America/Lima", "America/Los_Angeles",
    "America/Mexico_City", "America/New_York", "America/Santiago", "America/Sao_Paulo", "America/St_Johns",
    "America/Toronto", "Asia/Bangkok", "Asia/Dhaka", "Asia/Dubai", "Asia/Jakarta", "Asia/Karachi", "Asia/Kathmandu",
    "Asia/Kolkata", "Asia/Manila", "Asia/Riyadh", "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore", "Asia/Tashkent",
    "Asia/Tehran", "Asia/Tokyo", "Atlantic/Azores", "Australia/Adelaide", "Australia/Perth", "Australia/Sydney",
    "Europe/Athens", "Europe/Berlin", "Europe/Helsinki", "Europe/Istanbul", "Europe/Lisbon", "Europe/London",
    "Europe/Madrid", "Europe/Paris", "Europe/Rome", "Pacific/Auckland", "Pacific/Fiji", "Pacific/Honolulu", "UTC",
)  # fmt: skip


def _near(event: Event | None, where: dict[int, str]) -> dict[str, Any] | None:
    if event is None or event.pk not in where:
        return None
    language = _language()
    return {"event": event, "url": where[event.pk], "hours": hours.at_place(event, language)}


def _roles(event: Event) -> list[dict[str, Any]]:
    """Organisers by role, in the order of the roles and within each in the editors' order."""
    found = list(event.organisers.all())
    roles = event.organisers.model.Role
    return [
        {
            "role": role.label,
            "value": role.value,
            "organisations": [one.organisation for one in found if one.role == role],
        }
        for role in roles
        if any(one.role == role for one in found)
    ]


def _told(at: dt.datetime | None, event: Event, language: str) -> str:
    """An instant on the clock of the event's place."""
    if at is None:
        return ""
    there = at.astimezone(hours.ZoneInfo(event.timezone))
    return f"{days.long_date(there.date(), language)}, {hours.time_of(there, language)}"


@register.simple_tag
def place(event: Event) -> str:
    """City and country, with the language of a name that is not in the page's."""
    city_name = tri(event.city)
    return format_html_join(", ", "{}", ((part,) for part in (city_name, country(event.country)) if part))


@register.simple_tag
def where(event: Event) -> str:
    """Where one goes: a place, the web, or both."""
    if event.format == Event.Format.ONLINE:
        return gettext("Online")
    if event.format == Event.Format.HYBRID:
        parts = (place(event), gettext("on site and online"))
        return format_html_join(", ", "{}", ((part,) for part in parts if part))
    return place(event)


@register.simple_tag
def spoken(event: Event) -> str:
    """The languages spoken: "Français, anglais"."""
    names = ", ".join(language_name(code) for code in event.languages)
    return names[:1].upper() + names[1:]


@register.filter
def country(code: str) -> str:
    """A country's name in the active language."""
    return countries.name(code) if code else ""


@register.filter
def short_day(date: dt.date) -> str:
    """ "30 juil." in the active language."""
    return days.short_date(date, _language(), year=False)


@register.filter
def long_day(date: dt.date) -> str:
    """ "1er juin 2023" in the active language."""
    return days.long_date(date, _language())
