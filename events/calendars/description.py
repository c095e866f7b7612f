"""Description: what an event's entry in a calendar says beside its title and its time.

Run under ``translation.override(language)``; from an event as ``fragments.gathered()``
brings it, without a query.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from events.calendars import hours
from events.calendars.programme import elsewhere, programme
from events.models import Event, EventOrganiser, Occurrence
from pages.trilingual import Shown, shown
from regions import countries


def description(
    event: Event, language: str, date: Occurrence | None = None, link: str = "", has_left: bool = False
) -> str:
    """Paragraphs, the address of the page last: some apps never show URL.

    Args:
        date: of a series, the one that is told; without it, the series.
        link: to join, for one who takes part.
        has_left: told at the hour that the date has left.
    """
    return "\n\n".join(text for text in _paragraphs(event, language, date, link, has_left) if text)


def joining_link(event: Event, date: Occurrence | None = None) -> str:
    """Where one joins; a date may have a link of its own. For confirmed participants alone."""
    if event.format == Event.Format.ONSITE:
        return ""
    return (date.joining_url if date is not None else "") or event.joining_url


def location(event: Event, language: str, date: Occurrence | None = None, link: str = "") -> Shown:
    """Venue, city and country, or that it is online: for one who takes part, the link to join."""
    venue, city = shown(event.venue, language), shown(event.city, language)
    if date is not None:  # what is left empty is as in the series
        own_venue, own_city = shown(date.venue, language), shown(date.city, language)
        venue, city = own_venue if own_venue.text else venue, own_city if own_city.text else city
    country = countries.name(event.country, language) if event.country else ""
    place = ", ".join(part for part in (venue.text, city.text, country) if part)
    said_in = venue.lang if venue.text else city.lang if city.text else language
    if event.format == Event.Format.ONSITE:
        return Shown(place, said_in)
    if link and event.format == Event.Format.ONLINE:
        return Shown(link, language)
    online = _("Online (%(platform)s)") % {"platform": event.online_platform} if event.online_platform else _("Online")
    if event.format == Event.Format.HYBRID and place:
        return Shown(f"{place} / {online}", said_in)
    return Shown(online, language)


def page_address(event: Event, language: str) -> str:
    """The event's page in the language, else in French; empty where it has none."""
    pages = {page.locale.language_code: page for page in event.pages.all() if page.live}
    page = pages.get(language) or pages.get(settings.LANGUAGE_CODE)
    if page is None:
        return ""
    # As Wagtail's own get_url_parts(), which would ask for the sites once a page.
    _root, _home, below = page.url_path.split("/", 2)
    with override(page.locale.language_code):
        return f"{settings.SITE_URL}{reverse('wagtail_serve', args=[below])}"


def _paragraphs(event: Event, language: str, date: Occurrence | None, link: str, has_left: bool) -> Iterator[str]:
    yield from _changes(event, language)
    if date is not None:
        yield from _of_date(date, language, has_left)
    yield _("Join: %(link)s") % {"link": link} if link else ""
    yield shown(event.theme, language).text
    yield "\n".join(elsewhere(event, date, language))
    yield "\n".join(programme(event, language))
    yield "\n".join(_lines(event, language))
    yield page_address(event, language)


def _changes(event: Event, language: str) -> Iterator[str]:
    if event.status == Event.Status.TENTATIVE:
        yield _("The date is still to be confirmed.")
    replacement = event.replacement
    if replacement is not None and replacement.live:
        yield _("Replaced by “%(title)s”: %(address)s") % {
            "title": shown(replacement.title, language).text,
            "address": page_address(replacement, language),
        }
    elif event.status == Event.Status.POSTPONED:
        yield _("Postponed: the new date is not known yet.")
    replaces = getattr(event, "replaces", None)
    if replaces is not None and replaces.live:
        yield _("Takes the place of “%(title)s”.") % {"title": shown(replaces.title, language).text}
    if event.continues is not None and event.continues.live:
        yield _("Continues “%(title)s”.") % {"title": shown(event.continues.title, language).text}
    after = getattr(event, "continued_by", None)
    if after is not None and after.live:
        yield _("Continued by “%(title)s”.") % {"title": shown(after.title, language).text}


def _of_date(date: Occurrence, language: str, has_left: bool) -> Iterator[str]:
    """What one date of a series has to say for itself."""
    yield shown(date.note, language).text
    if date.is_cancelled or date.is_dropped:
        yield _("This date does not take place.")
    elif date.is_moved:
        day = hours.day_of((date.start_local if has_left else date.original).date(), language)
        said = _("Moved: this date is now on %(day)s.") if has_left else _("Moved: this date was to be on %(day)s.")
        yield said % {"day": day}


def _lines(event: Event, language: str) -> Iterator[str]:
    """One line a fact: label and value."""
    if event.parent is not None and event.parent.live:
        yield _line(_("Within"), [shown(event.parent.title, language).text])
    organisers: dict[str, list[str]] = {}
    for organiser in event.organisers.all():
        name = shown(organiser.organisation.name, language).text or organiser.organisation.short_name
        organisers.setdefault(organiser.role, []).append(name)
    for role, names in organisers.items():
        yield _line(str(EventOrganiser.Role(role).label), names)
    if event.languages:
        said = [str(name) for code, name in settings.LANGUAGES_OF_EVENTS if code in event.languages]
        yield _line(_("languages"), said) + (f" ({_('with interpretation')})" if event.interpretation else "")
    if event.access != Event.Access.PUBLIC:
        yield _line(_("access"), [event.get_access_display()])
    if event.registration == Event.RegistrationMode.ELSEWHERE and event.registration_url:
        yield _line(_("registration"), [event.registration_url])


def _line(label: str, values: list[str]) -> str:
    return _("%(label)s: %(values)s") % {"label": capfirst(label), "values": ", ".join(values)}
