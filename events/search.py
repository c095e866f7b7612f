"""What search finds in this room: events, and what sitemaps know of their pages."""

from django.utils.translation import gettext as _

from pages.models import HomePage
from pages.search import Found, Group, looked_up
from pages.sitemaps import Below, Known
from pages.trilingual import shown, told_in
from regions import countries

from .calendars import hours, rows, subscribing
from .models import Event, EventPage


def events(asked: str, language: str) -> Group:
    """Public events, by what they are called in any language, their theme and their place."""
    found = looked_up(asked, Event.objects.filter(live=True))
    where = rows.addresses(found, language)
    dates = rows.dates_listed(list(Event.objects.with_next().filter(pk__in=[event.pk for event in found])))
    results = []
    for event in found:
        if event.pk not in where:
            continue
        text, lang = shown(event.title, language)
        place = ", ".join(
            part
            for part in (
                shown(event.city, language).text,
                countries.name(event.country, language) if event.country else "",
            )
            if part
        )
        when = hours.at_place(event, language, dates.get(event.pk)).date_text
        called_off = event.get_status_display() if event.status in Event.CALLED_OFF else ""
        about = " · ".join(part for part in (when, place, called_off) if part)
        results.append(Found(where[event.pk], text, lang, about))
    return Group(_("Meetings"), results)


def below() -> list[Below]:
    """The page that tells how to subscribe, for sitemaps; it lies below the home page."""
    home = HomePage.objects.live().order_by("depth", "pk").first()
    return [Below(home.translation_key, subscribing.words())] if home else []


def sitemap() -> dict[int, Known]:
    """In which languages each event's page really says something, and when its facts last changed."""
    pages = EventPage.objects.live().order_by()
    return {
        pk: Known(told_in(title), changed)
        for pk, title, changed in pages.values_list("pk", "event__title", "event__calendar_entry__stamp")
    }
