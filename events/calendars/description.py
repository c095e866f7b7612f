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

from events.models import Event, EventOrganiser
from pages.trilingual import Shown, shown
from regions import countries


def description(event: Event, language: str) -> str:
    """Paragraphs, the address of the page last: some apps never show URL."""
    return "\n\n".join(text for text in _paragraphs(event, language) if text)


def location(event: Event, language: str) -> Shown:
    """Venue, city and country, or that it is online; never a link to join."""
    venue, city = shown(event.venue, language), shown(event.city, language)
    country = countries.name(event.country, language) if event.country else ""
    place = ", ".join(part for part in (venue.text, city.text, country) if part)
    said_in = venue.lang if venue.text else city.lang if city.text else language
    if event.format == Event.Format.ONSITE:
        return Shown(place, said_in)
    online = _("Online (%(platform)s)") % {"platform": event.online_platform} if event.online_platform else _("Online")
    if event.format == Event.Format.HYBRID and place:
        return Shown(f"{place} / {online}", said_in)
    return Shown(online, language)


def page_address(event: Event, language: str) -> str:
    """The event's page in the language, else in French; empty where it has none."""
    pages = {page.locale.language_code: page for page in event.pages.all()}
    page = pages.get(language) or pages.get(settings.LANGUAGE_CODE)
    if page is None:
        return ""
    # As Wagtail's own get_url_parts(), which would ask for the sites once a page.
    _root, _home, below = page.url_path.split("/", 2)
    with override(page.locale.language_code):
        return f"{settings.SITE_URL}{reverse('wagtail_serve', args=[below])}"


def _paragraphs(event: Event, language: str) -> Iterator[str]:
    yield from _changes(event, language)
    yield shown(event.theme, language).text
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
