"""Invitations: what a letter puts into its reader's calendar, and takes out of it (RFC 5546, sent as RFC 6047 says).

A REQUEST holds one UID, that of the feeds: a whole event with its rule and the
dates that differ from it, or one date as an event of its own. Its only ATTENDEE is
the reader. It tells the facts that the letter froze, from the revision that was
public then, so that letter and calendar never contradict each other; its bytes are
kept with the letter before it first leaves, so that a second attempt sends the same.

SEQUENCE never falls for one person. It is the event's own number (CalendarEntry)
plus two for each place that the same person had before and gave back: what ends a
place is one higher than what told of it, and what revives it one higher again, as
RFC 5546 2.1.4 and 2.1.5 ask. An app that has put an event away takes it up again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import quote

import icalendar

from events.calendars import vevent
from events.calendars.vtimezone import vtimezones
from events.models import Event, Occurrence, Registration, last_public, rounds
from events.models.joining import is_shown
from letters.models import Letter
from letters.writing import called

from .body import is_rehearsal

REQUEST, CANCEL = "REQUEST", "CANCEL"
CALENDAR = "calendar"
"Where a letter keeps what it has put into a calendar."


class Wish(NamedTuple):
    """One place that a letter tells of: the facts it froze, whether the person has given it back, and may join now."""

    registration: Registration
    told: dict[str, Any]
    method: str = REQUEST
    given_back: bool = False
    joins: bool = False


def invite(letter: Letter, wishes: Iterable[Wish]) -> list[dict[str, str]]:
    """What a letter carries: one calendar for each UID, the main one first; none in a preview or a test."""
    if CALENDAR in letter.facts:
        return list(letter.facts[CALENDAR])
    if is_rehearsal(letter):
        return []
    made = ((wish.method, _calendar(letter, wish)) for wish in wishes)
    return [{"method": method, "text": text} for method, text in made if text]


def _calendar(letter: Letter, wish: Wish) -> str:
    """The text of one calendar; empty where there is nothing that an app should do."""
    event = as_of(wish.told)
    if event is None:
        return ""
    if wish.method == REQUEST and (not event.live or event.status in event.CALLED_OFF):
        return ""
    if wish.given_back and _is_there_again(wish.registration):
        return ""
    date = _date(event, wish.registration)
    joining = wish.method == REQUEST and wish.registration.is_confirmed and (wish.joins or _may_join(wish.registration))
    if date is not None:
        components = [vevent.single(event, date, letter.language, joining)]
    else:
        components = _under_one_uid(vevent.components(event, letter.language, joining))
    if wish.method == CANCEL:
        components = components[:1]  # the first one has no RECURRENCE-ID: all goes with it
    number = wish.told.get("sequence", 0) + rounds.sequence(wish.registration, wish.given_back)
    for component in components:
        _address(component, letter, wish.method, number)
    zone = vevent.zone_told(event)
    since = min(vevent.first_day(event), date.start_local.date() if date is not None else dt.date.max)
    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//4 per 1000 Initiative//Humus//{letter.language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", wish.method)
    end = b"END:VCALENDAR\r\n"
    head = calendar.to_ical().removesuffix(end)
    zones = vtimezones({zone} if zone else (), since).encode()
    return b"".join([head, zones, *(component.to_ical() for component in components), end]).decode()


def as_of(told: dict[str, Any]) -> Event | None:
    """The event as it was public when its facts were frozen; None if nobody can say any more."""
    now = Event.objects.filter(uid=told["uid"]).select_related("calendar_entry").first()
    if now is None or getattr(now, "calendar_entry", None) is None:
        return None
    revision = now.revisions.filter(pk=told["revision"]).first() if told.get("revision") else None
    if revision is not None:
        then: Event = revision.as_object()
        then.live = True
        then.derive_instants()
        return then
    if now.live:  # the old revisions were swept away
        return now if now.calendar_entry.sequence == told.get("sequence") else None
    return last_public(now)


def _date(event: Event, registration: Registration) -> Occurrence | None:
    """The one date that a person is registered for, as it was then."""
    if registration.occurrence is None:
        return None
    day = registration.occurrence.original.date()
    exception = next((one for one in event.exceptions.all() if one.day == day), None) if event.live else None
    return Occurrence.given_by(event, dt.datetime.combine(day, event.start_local.time()), exception)


def _may_join(registration: Registration) -> bool:
    """Whether the hour has come at which the link to join is shown; before it, no calendar tells it either."""
    return is_shown(registration.event, registration.occurrence)


def _is_there_again(registration: Registration) -> bool:
    """Whether the person has registered again since."""
    mine = Registration.objects.living().filter(event_id=registration.event_id, email_key=registration.email_key)
    return mine.filter(occurrence=registration.occurrence_id).exists()


def _under_one_uid(components: list[icalendar.Event]) -> list[icalendar.Event]:
    """Every date under the UID of its series, which is all that one message may name.

    What feeds tell as an event of its own, because Outlook can't show it past its neighbour, is
    an override here. A REQUEST has no cancelled ones (RFC 5546 3.2.2): those are left out by EXDATE.
    """
    master, *others = components
    alone = {str(one["UID"]).split("@")[0][-8:]: one for one in others if one["UID"] != master["UID"]}
    found = [master]
    for one in [one for one in others if one["UID"] == master["UID"]]:
        original: Any = one["RECURRENCE-ID"]
        moved = alone.get(f"{original.dt:%Y%m%d}")
        if moved is not None:
            moved["UID"], moved["RECURRENCE-ID"] = master["UID"], original
            moved.pop("RELATED-TO", None)
            found.append(moved)
        elif one.get("STATUS") == "CANCELLED":
            master.add("exdate", original.dt, parameters=dict(original.params))
        else:
            found.append(one)
    return found


def _address(component: icalendar.Event, letter: Letter, method: str, sequence: int) -> None:
    """Make a VEVENT of the feeds one to this reader."""
    for name in ("SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "CREATED"):
        component.pop(name, None)
    component.add("sequence", sequence)
    component.add("dtstamp", letter.created_at.astimezone(dt.UTC).replace(microsecond=0))
    if method == CANCEL:
        component.pop("STATUS", None)
        component.add("status", "CANCELLED")
    name = vevent.CONTROL.sub("", called(letter.recipient_name)).replace('"', "’")
    params = {"CN": name or letter.recipient, "CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "RSVP": "FALSE"}
    if method == REQUEST:
        params["PARTSTAT"] = "ACCEPTED"
    address = quote(letter.recipient, safe="@+/!#$&'*=^_`{|}~.-")
    component.add("attendee", icalendar.vCalAddress(f"mailto:{address}", params=params))
