"""The letters that leave by themselves around a date: a reminder, how to join, thanks. The date is told as it is."""

import datetime as dt
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from events.calendars.description import joining_link
from events.calendars.rows import addresses
from events.models import Attendance, Event, Occurrence, Registration, facts
from letters.kinds import kind
from letters.models import Letter

from .body import body, is_rehearsal, still
from .calendars import Wish, invite
from .words import SAID

Told = dict[str, Any] | None
DAY = dt.timedelta(days=1)


@kind("reminder", _("reminder"))
def reminder(letter: Letter) -> Told:
    """It is soon; not sent once it has begun, is called off or has another day, or to who has no place any more."""
    rows = still(letter, lambda row: _is_on(letter, row, "starts_at"))
    if not rows:
        return None
    _tell_anew(letter, rows[0])
    return body(letter, rows) | {"can_leave": True}


@kind("joining", _("how to join"))
def joining(letter: Letter) -> Told:
    """The link to join as it is now; to who comes to the venue, where it is. Not sent once it is over."""
    rows = still(letter, lambda row: _is_on(letter, row, "ends_at"))
    if not rows:
        return None
    _tell_anew(letter, rows[0])
    told = body(letter, rows)
    if told["attendance"] != Attendance.ONLINE or not (url := _link(letter, rows[0])):
        return told
    into = [Wish(row, letter.facts["event"], joins=True) for row in rows if row.is_confirmed]
    return told | {"joining_url": url, "calendar": invite(letter, into)}


@kind("thanks", _("thanks"))
def thanks(letter: Letter) -> Told:
    """Thank you for having been there: to who had a place, if it took place."""
    rows = still(letter, lambda row: row.is_confirmed and row.takes_place and row.event.live)
    if not rows:
        return None
    told, language = body(letter, rows) | {"joins": False}, get_language() or settings.LANGUAGE_CODE
    public = addresses(Event.objects.public().filter(uid=told["event"]["uid"]), language)
    if page := next(iter(public.values()), ""):
        told |= {"button": gettext("See the page of the event"), "link": urljoin(settings.SITE_URL, page)}
    return told


def _is_on(letter: Letter, row: Registration, until: str) -> bool:
    """Whether this person still has a place, on the day that the letter was written for, and it is not too late."""
    if not (row.is_confirmed and row.takes_place and row.event.live):
        return False
    date = _date(letter, row)
    return date is not None and getattr(date, until) > timezone.now()


def _date(letter: Letter, row: Registration) -> Occurrence | None:
    """The date that the letter was written for, if it still is on that day."""
    line = next((one for one in letter.facts.get("registrations", ()) if one["uid"] == str(row.uid)), None)
    told = (line and line["date"]) or letter.facts["event"]
    morning = dt.datetime.combine(dt.datetime.fromisoformat(told["start_local"]).date(), dt.time())
    dates = row.event.occurrences.taking_place().filter(start_local__gte=morning, start_local__lt=morning + DAY)
    if row.occurrence_id:
        dates = dates.filter(pk=row.occurrence_id)
    return dates.select_related("event").order_by("starts_at").first()


def _tell_anew(letter: Letter, row: Registration) -> None:
    """Until the letter first leaves, hour and place are those of now."""
    if letter.sent_at or SAID in letter.facts or is_rehearsal(letter):
        return
    date = _date(letter, row)
    if date is not None:
        letter.facts = letter.facts | facts.of_each([row], date)[0]


def _link(letter: Letter, row: Registration) -> str:
    """Where one joins: for who has a place, and in a preview as it would be."""
    return joining_link(row.event, _date(letter, row)) if row.is_confirmed or is_rehearsal(letter) else ""
