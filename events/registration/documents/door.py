"""Tickets at the door: a page that is opened once and then tells true tickets from others without the network.

It knows the public keys and what is public of the event, and nothing of anybody: whoever finds its
address finds nothing else. What has become of a registration since its ticket was made, the admin knows.
"""

import base64
import datetime as dt
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from events.calendars import hours
from events.models import Event, Occurrence, Ticket
from pages.languages import name_of
from pages.trilingual import shown

from . import signing

AROUND = dt.timedelta(days=180)
"Other meetings so near are known by name, where somebody shows a ticket of theirs."
OTHERS, DATES = 60, 400


@require_safe
@cache_control(public=True, max_age=3600)
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys, for other tools; of anybody, from anywhere."""
    return JsonResponse(signing.key_set(), headers={"Access-Control-Allow-Origin": "*"})


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the pages beside it on the device; it works below its own address alone."""
    return HttpResponse(
        render_to_string("events/registration/documents/door_worker.js"), content_type="text/javascript"
    )


@require_safe
@cache_control(no_cache=True)
def page(request: HttpRequest, uid: Any) -> HttpResponse:
    """The page for one event."""
    event = Event.objects.filter(uid=uid, live=True).first()
    if event is None:
        raise Http404
    language = get_language() or settings.LANGUAGE_CODE
    context = {
        "event": event,
        "there": hours.at_place(event, language),
        "facts": facts(event, language),
        "dates": dates(event, language),
        "languages": [(code, name_of(code, code), _in(code, event)) for code, _name in settings.LANGUAGES],
        "worker_url": reverse("door_worker"),
        "check_url": reverse("papers:check"),
    }
    response = render(request, "events/registration/documents/door.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def facts(event: Event, language: str) -> dict[str, Any]:
    """What the script needs: keys, the event, its tickets and dates, and meetings that one may have mistaken it for."""
    return {
        "keys": {key["kid"]: _plain(key["x"]) for key in signing.key_set()["keys"]},
        "event": event.uid.hex,
        "title": shown(event.title, language).text,
        "when": "" if event.recurs else hours.at_place(event, language).date_text,
        "tickets": {one.code: shown(one.name, language).text for one in tickets(event)},
        "dates": {str(minutes): text for minutes, text, _day in dates(event, language)},
        "others": {one.uid.hex: _headline(one, language) for one in near(event)},
        "language": language,
    }


def dates(event: Event, language: str) -> list[tuple[int, str, str]]:
    """The dates for which one registers one by one, as tickets name them: number, words, and the day they are held."""
    if not event.by_date:
        return []
    since = timezone.now() - dt.timedelta(days=7)
    found: list[Occurrence] = list(event.occurrences.filter(ends_at__gt=since).order_by("starts_at")[:DATES])
    return [
        (signing.minutes(one.original), _when(event, language, one), one.start_local.date().isoformat())
        for one in found
        if one.takes_place
    ]


def tickets(event: Event) -> list[Ticket]:
    """Those that everybody reads of in the form; what is for the press or who has a code goes by its code here."""
    known = event.tickets.filter(audience=Ticket.Audience.PUBLIC)
    return [one for one in known if one.is_free or settings.STRIPE_SECRET_KEY]


def near(event: Event) -> list[Event]:
    """Public meetings with tickets of ours about the same time."""
    if event.starts_at is None or event.ends_at is None:
        return []
    others = Event.objects.filter(live=True, registration=Event.RegistrationMode.HERE).exclude(pk=event.pk)
    others = others.filter(starts_at__lt=event.ends_at + AROUND, ends_at__gt=event.starts_at - AROUND)
    return list(others.order_by("starts_at")[:OTHERS])


def _headline(event: Event, language: str) -> str:
    return f"{shown(event.title, language).text}, {hours.at_place(event, language).date_text}"


def _when(event: Event, language: str, occurrence: Occurrence) -> str:
    told = hours.at_place(event, language, occurrence)
    return ", ".join(filter(None, (told.date_text, told.time_text)))


def _plain(key: str) -> str:
    """A public key as hexadecimal digits."""
    return base64.urlsafe_b64decode(key + "=").hex()


def _in(language: str, event: Event) -> str:
    with override(language):
        return reverse("door", args=[event.uid])
