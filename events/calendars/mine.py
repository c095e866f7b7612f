"""A person's own calendar: what they are registered for, with the links to join, behind a secret address.

It is made anew for each request and kept by nobody: a new place, a moved date or a
link that has changed is there the next time an app asks. A link is told from the hour on
from which the participant's page shows it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator

import icalendar
from django.conf import settings
from django.db import OperationalError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from events.calendars import vevent
from events.calendars.feeds import END, MOURNING, head
from events.calendars.fragments import gathered
from events.calendars.views import busy, not_found
from events.calendars.vtimezone import vtimezones
from events.models import CalendarKey, Event, Registration, rounds
from events.models.joining import is_shown, series_shown

NO_MEETING = "Europe/Paris"
"The zone declared where there is no meeting: a calendar without a component is none (RFC 5545 3.6)."


@csrf_exempt
@require_safe
def mine(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """The calendar that a key opens; an unknown, replaced or revoked one is told nothing else than any unknown feed.

    No cache may keep it. A calendar app does, by its nature, and may ask whether what it has is still true.
    """
    try:
        key = CalendarKey.objects.opened(token) if language in dict(settings.LANGUAGES) else None
        content = calendar(key.email_key, language) if key else None
    except OperationalError:
        return _discreet(busy())
    if content is None:
        return _discreet(not_found(request))
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=etag, response=None)
    if response is None:
        response = HttpResponse(
            b"" if request.method == "HEAD" else content, content_type="text/calendar; charset=utf-8"
        )
        response["Content-Length"] = str(len(content))
        response["Content-Disposition"] = f'inline; filename="agenda-{language}.ics"'
    response["ETag"] = etag
    return _discreet(response)


def _discreet(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def calendar(email_key: str, language: str, now: dt.datetime | None = None) -> bytes:
    """Everything a person is registered for; for ninety days too what they gave back or was taken back."""
    since = (now or timezone.now()) - MOURNING
    rows = _registrations(email_key, since)
    adds = rounds.sequences(rows)
    events = gathered(Event.objects.filter(pk__in={row.event_id for row in rows}), language)
    known = {event.pk: event for event in events}
    shown = series_shown(events, now)
    zones, first_days, bodies = set[str | None](), [], []
    with override(language):
        start = head(_("4 per 1000 – %(what)s") % {"what": _("my meetings")}, language)
        for row in sorted(rows, key=lambda row: (known[row.event_id].starts_at, row.event_id, row.pk)):
            event = known[row.event_id]
            joins = _joins(event, row, shown)
            bodies += [one.to_ical() for one in _components(event, row, language, adds[row.pk], joins)]
            zones.add(vevent.zone_told(event))
            first_days.append(vevent.first_day(event))
            if row.occurrence:
                first_days.append(row.occurrence.start_local.date())
    named = {zone for zone in zones if zone} if rows else {NO_MEETING}
    return b"".join([start, vtimezones(named, min(first_days, default=since.date())).encode(), *bodies, END])


def _registrations(email_key: str, since: dt.datetime) -> list[Registration]:
    """The last one for each event or date: living, or ended since then; of events that calendars may know of."""
    told = Registration.objects.filter(
        Q(state__in=Registration.LIVING) | Q(cancelled_at__gt=since),
        Q(event__live=True) | Q(event__calendar_entry__withdrawn_at__gt=since, event__tombstone__isnull=False),
        email_key=email_key,
        event__calendar_entry__isnull=False,
    )
    last = {(row.event_id, row.occurrence_id): row for row in told.select_related("occurrence").order_by("pk")}
    return list(last.values())


def _joins(event: Event, row: Registration, series: set[int]) -> bool:
    """Whether the link to join is this person's to see now; ``series`` are those whose link is shown."""
    if not row.is_confirmed:
        return False
    return event.pk in series if event.recurs and row.occurrence is None else is_shown(event, row.occurrence)


def _components(event: Event, row: Registration, language: str, add: int, joins: bool) -> Iterator[icalendar.Event]:
    """The VEVENTs of one registration: those of the feeds, with what is this person's alone."""
    if row.occurrence:
        found = [vevent.single(event, row.occurrence, language, joins)]
    else:
        found = vevent.components(event, language, joins)
    moments = (event.calendar_entry.stamp, row.created_at, row.confirmed_at, row.cancelled_at)
    stamp = max(moment for moment in moments if moment).replace(microsecond=0)
    for one in found if row.is_living else found[:1]:
        _put(one, "sequence", event.calendar_entry.sequence + add + (0 if row.is_living else 1))
        _put(one, "dtstamp", stamp)
        _put(one, "last-modified", stamp)
        if not row.is_living:
            _put(one, "status", "CANCELLED")
            _put(one, "transp", "TRANSPARENT")
            _lead(one, _("You are no longer registered."), language)
        elif not row.is_confirmed and one.get("STATUS") != "CANCELLED":
            _put(one, "status", "TENTATIVE")
            _lead(one, _("Your registration: %(state)s.") % {"state": row.get_state_display()}, language)
        yield one


def _put(told: icalendar.Event, name: str, value: object) -> None:
    told.pop(name, None)
    told.add(name, value)


def _lead(told: icalendar.Event, sentence: str, language: str) -> None:
    """Say it before all else."""
    said = told.pop("DESCRIPTION", None)
    told.add("description", "\n\n".join(filter(None, [sentence, str(said or "")])), parameters={"LANGUAGE": language})
