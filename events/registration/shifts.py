"""Shifts: before a change of the clocks gives a series another hour where somebody is, one letter tells them.

A series keeps its hour at its own place. Where the clock is put forward on another
day, or never, the hour there is another one from some date on. Whoever takes part
online in a whole series is told of it some days before that date: once for each
person and change, whatever dies on the way. Dates that were moved by hand have had
a letter of their own, with the hour where the reader is.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from events.calendars import fair, hours
from events.calendars.home_zones import zone_of
from events.calendars.zone_names import city, locale
from events.models import Attendance, Event, Occurrence, Registration, facts
from letters.kinds import kind
from letters.models import Letter
from pages.trilingual import shown

from . import links
from .letters.body import hours_told

JOB = "shifts"
AHEAD = dt.timedelta(days=6, hours=18)
"So long before the date a letter leaves: of a weekly series, when the date before it is over."
TOO_LATE = dt.timedelta(hours=12)
"Nobody is told of a date that begins so soon."
AGAIN = dt.timedelta(weeks=5)
"A shift that is undone within this time is told with its end."
CHUNK = 50


def write_what_is_due(stop: Callable[[], bool] = lambda: False) -> str:
    """Write the letters of every shift that is near; what is written already is not written again."""
    written = 0
    for date in _near(timezone.now()):
        if stop():
            break
        before = _by_rule(date.event).filter(starts_at__lt=date.starts_at).order_by("-starts_at").first()
        if before is not None:
            written += _tell(before, date, stop)
    return f"{written} letters written"


def _near(now: dt.datetime) -> QuerySet[Occurrence]:
    """The dates that the rule gives in the coming days, of online series that people are registered for."""
    somebody = _concerned(OuterRef("event"))
    return (
        Occurrence.objects.public()
        .taking_place()
        .filter(Exists(somebody), start_local=F("original"), event__all_day=False, event__recurrence__isnull=False)
        .filter(starts_at__gt=now + TOO_LATE, starts_at__lte=now + AHEAD)
        .filter(event__format__in=(Event.Format.ONLINE, Event.Format.HYBRID))
        .exclude(event__status__in=Event.CALLED_OFF)
        .select_related("event")
        .order_by("starts_at", "pk")
    )


def _by_rule(event: Event) -> QuerySet[Occurrence]:
    return Occurrence.objects.taking_place().filter(event=event, start_local=F("original"))


def _concerned(event: Any) -> QuerySet[Registration]:
    confirmed = Registration.objects.known().filter(state=Registration.State.CONFIRMED, attendance=Attendance.ONLINE)
    return confirmed.filter(event=event, occurrence=None)


def zone_of_person(registration: Registration) -> str:
    """Where they said they are; else the zone of their country, if it has only one."""
    return registration.home_zone or zone_of(registration.country)


def _tell(before: Occurrence, date: Occurrence, stop: Callable[[], bool]) -> int:
    """Write to those whose hour is another one on this date than on the one before; how many letters that is."""
    # Who registered later was told this hour from the first.
    people = _concerned(date.event).filter(created_at__lt=before.ends_at).order_by("pk")
    pairs = people.order_by().values_list("home_zone", "country").distinct()
    zones = {zone for home, country in pairs if (zone := home or zone_of(country))}
    place = date.event.timezone
    shifted = {zone for zone in zones if fair.is_shifted(before.starts_at, date.starts_at, zone, place)}
    if not shifted:
        return 0
    ends = {zone: _last_such(date, zone) for zone in shifted}
    times = ("start_local", "end_local", "starts_at", "ends_at")
    told = facts.of_event(date.event) | {name: getattr(date, name).isoformat() for name in times}
    written, reached = 0, 0
    while not stop():
        with transaction.atomic():
            rows = list(people.filter(pk__gt=reached)[:CHUNK])
            if not rows:
                break
            reached = rows[-1].pk
            letters = [
                _letter(row, zone_of_person(row), before, date, ends[zone_of_person(row)], told)
                for row in rows
                if zone_of_person(row) in shifted
            ]
            known = set(Letter.objects.filter(key__in=[one.key for one in letters]).values_list("key", flat=True))
            Letter.objects.bulk_create([one for one in letters if one.key not in known], ignore_conflicts=True)
            written += len(letters) - len(known)
    return written


def _last_such(date: Occurrence, zone: str) -> str:
    """The last date at the new hour, if the shift is undone soon; else nothing."""
    last = date
    for following in _by_rule(date.event).filter(starts_at__gt=date.starts_at).order_by("starts_at"):
        if following.starts_at > date.starts_at + AGAIN:
            break
        if fair.is_shifted(date.starts_at, following.starts_at, zone, date.event.timezone):
            return last.starts_at.isoformat()
        last = following
    return ""


def _letter(
    registration: Registration, zone: str, before: Occurrence, date: Occurrence, until: str, told: dict[str, Any]
) -> Letter:
    return Letter(
        key=f"shift:{registration.uid}:{date.original.date().isoformat()}",
        kind="shift",
        recipient=registration.email,
        recipient_name=registration.name,
        language=registration.language,
        to_many=True,
        facts={
            "event": told,
            "before": before.starts_at.isoformat(),
            "until": until,
            "zone": zone,
            "zone_is_known": bool(registration.home_zone),
        },
        link_view="participant",
        link_subject=str(registration.uid),
        about=date.event.uid,
    )


@kind("shift", _("another hour with the clocks"))
def shift(letter: Letter) -> dict[str, Any] | None:
    """From a date on a series begins at another hour where its reader is; None once that is not so."""
    registration = Registration.objects.filter(uid=letter.link_subject).select_related("event").first()
    if registration is None or not registration.is_confirmed or not _is_true(letter, registration.event):
        return None
    language = get_language() or settings.LANGUAGE_CODE
    told, zone = letter.facts["event"], letter.facts["zone"]
    here, there = hours_told(told, language, zone), hours_told(told, language)
    title = LazyI18nString(told["title"])
    now, then = (dt.datetime.fromisoformat(moment) for moment in (told["starts_at"], letter.facts["before"]))
    begins, began = _clock(now, then, zone, language)
    until = letter.facts["until"]
    return {
        "subject": gettext("Another hour for you: %(title)s, %(date)s")
        % {"title": shown(title).text, "date": here.date_text},
        "title": title,
        "here": here,
        "there": there,
        "begins": begins,
        "began": began,
        "stays": hours.time_of(now.astimezone(ZoneInfo(told["timezone"])), language),
        "city": city(zone, language),
        "place": city(told["timezone"], language),
        "last": _day(until, zone, language) if until and until != told["starts_at"] else "",
        "only_once": until == told["starts_at"],
        "theirs": _changes(then, now, told["timezone"]),
        "ours": _changes(then, now, zone),
        "guessed": not letter.facts["zone_is_known"],
        "link": links.address(registration, language),
        "reply_to": told["contact"],
    }


def _is_true(letter: Letter, event: Event) -> bool:
    told = letter.facts["event"]
    starts_at = dt.datetime.fromisoformat(told["starts_at"])
    if not event.live or event.status in Event.CALLED_OFF or starts_at <= timezone.now():
        return False
    return bool(_by_rule(event).filter(starts_at=starts_at).exists())


def _clock(now: dt.datetime, then: dt.datetime, zone: str, language: str) -> Iterator[str]:
    """The hour as it will be and as it was; with the weekday where that is another one too."""
    there = ZoneInfo(zone)
    after, before = now.astimezone(there), then.astimezone(there)
    away = (after.date() - now.date()).days != (before.date() - then.date()).days
    for moment in (after, before):
        weekday = format_date(moment, "EEEE", locale(language))
        time = hours.time_of(moment, language)
        yield f"{weekday}, {time}" if away else time


def _day(moment: str, zone: str, language: str) -> str:
    return hours.day_of(dt.datetime.fromisoformat(moment).astimezone(ZoneInfo(zone)).date(), language)


def _changes(then: dt.datetime, now: dt.datetime, zone: str) -> bool:
    """Whether the clock of a zone was put forward or back between two instants."""
    there = ZoneInfo(zone)
    return then.astimezone(there).utcoffset() != now.astimezone(there).utcoffset()
