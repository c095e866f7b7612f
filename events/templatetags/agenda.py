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

from events.calendars import days, facts, filter_form, hours, rows
from events.models import Event, Occurrence
from events.models.filters import CHOICES, Filter
from pages.paging import page_links
from pages.templatetags.navigation import language_name
from pages.templatetags.trilingual import tri
from pages.trilingual import shown
from regions import countries
from regions.models import Region

register = template.Library()

PER_PAGE = 25


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


# -- the agenda


@register.simple_tag(takes_context=True)
def agenda(context: Any) -> dict[str, Any]:
    """The dates of the events that the agenda's filter and the words asked for leave, a page at a time.

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
    dates = Occurrence.objects.of_events(narrowed)
    over = dates.over(year=chosen.year)
    paginator = Paginator(over if chosen.past else dates.listed(), PER_PAGE)
    if chosen.page > paginator.num_pages:
        raise Http404
    part: Any = paginator.page(chosen.page).object_list
    listed = rows.rows_of_dates(part, language, request, latest_first=chosen.past)
    years = dates.over().years() if chosen.past else []
    return {
        "filter": chosen,
        "words": words,
        "months": rows.by_month(listed, language),
        "count": paginator.count,
        "options": filter_form.options(chosen, address),
        "coming_url": address(past=False, year=None),
        "past_url": address(past=True, year=None),
        "years": [
            {"year": year, "url": address(past=True, year=year), "current": year == chosen.year} for year in years
        ],
        "pages": page_links(paginator, chosen.page, lambda number: address(page=number)),
        "wider": filter_form.wider(chosen, words, above, language, address),
        "action": above,
        "clear_url": above + chosen.but(**dict.fromkeys(CHOICES, "")).path(language),
    }


# -- lists elsewhere


@register.simple_tag(takes_context=True)
def meetings_ahead(context: Any) -> dict[str, list[rows.Row]]:
    """What the home page announces: the next events, Initiative Day and regional meetings; gathered together."""
    ahead = Event.objects.upcoming()
    found = {
        "coming": ahead[:6],
        "initiative_day": ahead.of_kind(Event.Kind.INITIATIVE_DAY)[:1],
        "regional": ahead.of_kind(Event.Kind.REGIONAL_MEETING)[:2],
    }
    lists = [list(selection.in_lists()) for selection in found.values()]
    listed = iter(rows.rows([event for part in lists for event in part], _language(), context["request"]))
    return {name: [next(listed) for _event in part] for name, part in zip(found, lists, strict=True)}


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
    return facts.of_page(context["page"], context["request"], _language())


@register.simple_tag
def place(event: Event, date: Occurrence | None = None) -> str:
    """City and country, with the language of a name that is not in the page's; of a date, where that one is."""
    city_name = (date and tri(date.city)) or tri(event.city)
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
