"""The letters that leave by themselves around a date: a reminder, how to join, thanks. The date is told as it is."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.calendars.description import joining_link
from events.models import Attendance, Event, Occurrence, Registration, facts
from letters.kinds import kind
from letters.models import Letter

from .letter_body import body, is_rehearsal, still
from .letter_words import SAID

Told = dict[str, Any] | None
DAY = dt.timedelta(days=1)


@kind("reminder", _("reminder"))
def reminder(letter: Letter) -> Told:
    """It is soon; not sent once it has begun, is called off or has another day, or to who has no place any more."""
    rows = still(letter, lambda row: _is_on(letter, row, "starts_at"))
    if not rows:
        return None
    _tell_anew(letter, rows)
    return body(letter, rows) | {"can_leave": True}


@kind("joining", _("how to join"))
def joining(letter: Letter) -> Told:
    """The link to join as it is now; to who comes to the venue, where it is. Not sent once it is over."""
    rows = still(letter, lambda row: _is_on(letter, row, "ends_at"))
    if not rows:
        return None
    _tell_anew(letter, rows)
    told = body(letter, rows)
    url = _link(letter, rows[0]) if told["attendance"] == Attendance.ONLINE else ""
    return told | {"joining_url": url}


@kind("thanks", _("thanks"))
def thanks(letter: Letter) -> Told:
    """Thank you for having been there: to who had a place, if it took place."""
    rows = still(letter, lambda row: row.is_confirmed and row.takes_place and row.event.live)
    return body(letter, rows) | {"joins": False} if rows else None


def _is_on(letter: Letter, row: Registration, until: str) -> bool:
    """Whether this person still has a place, on the day that the letter was written for, and it is not too late."""
    if not (row.is_confirmed and row.takes_place and row.event.live):
        return False
    date = _date(letter, row)
    return date is not None and getattr(date, until) > timezone.now()


def _date(letter: Letter, row: Registration) -> Event | Occurrence | None:
    """What takes place on the day that the letter was written for."""
    line = next((one for one in letter.facts.get("registrations", ()) if one["uid"] == str(row.uid)), None)
    told = (line and line["date"]) or letter.facts["event"]
    day = dt.datetime.fromisoformat(told["start_local"]).date()
    if row.occurrence is None and row.event.recurs:
        morning = dt.datetime.combine(day, dt.time())
        dates = row.event.occurrences.taking_place()
        return dates.filter(start_local__gte=morning, start_local__lt=morning + DAY).order_by("starts_at").first()
    date: Event | Occurrence = row.occurrence or row.event
    return date if date.start_local.date() == day else None


def _tell_anew(letter: Letter, rows: list[Registration]) -> None:
    """Until the letter first leaves, hour and place are those of now."""
    if letter.sent_at or SAID in letter.facts or is_rehearsal(letter):
        return
    dates = {row.uid: _date(letter, row) for row in rows}
    told = facts.of_registrations(rows)
    date = dates[rows[0].uid]
    if rows[0].occurrence is None and isinstance(date, Occurrence):  # one date of a whole series
        here = facts.of_date(date)
        times = {name: here[name] for name in ("start_local", "end_local", "starts_at", "ends_at")}
        told["event"] |= times | {name: here[name] for name in ("city", "venue") if here[name]}
    letter.facts = letter.facts | told


def _link(letter: Letter, row: Registration) -> str:
    """Where one joins: for who has a place, and in a preview as it would be."""
    if not (row.is_confirmed or is_rehearsal(letter)):
        return ""
    date = row.occurrence or _date(letter, row)
    return joining_link(row.event, date if isinstance(date, Occurrence) else None)
