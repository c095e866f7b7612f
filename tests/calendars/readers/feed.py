"""What readers are given, what they answer, and overrides for those that only parse."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

Moment = dt.datetime | dt.date
Span = tuple[Moment, Moment]
# UID -> every date that takes place, in order: UTC instants, or dates for whole days.
Dates = dict[str, list[Span]]
Reader = Callable[[bytes], Dates]
# From a VTIMEZONE and wall-clock hours to the offsets there.
ZoneReader = Callable[[str, list[dt.datetime]], list[dt.timedelta]]

HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//\r\n"
TAIL = "END:VCALENDAR\r\n"
END_OF_TIME = dt.datetime(2037, 1, 1, tzinfo=dt.UTC)
serial = itertools.count()


def estranged(body: bytes) -> str:
    """The feed with zone names nobody knows, so that only its own VTIMEZONEs can be believed."""
    text = body.decode().replace("\r\n ", "")
    for line in [line for line in text.split("\r\n") if line.startswith("TZID:")]:
        tzid, stranger = line.removeprefix("TZID:"), f"Unheard/Of-{next(serial)}"
        text = text.replace(f"TZID:{tzid}\r\n", f"TZID:{stranger}\r\n").replace(f"TZID={tzid}:", f"TZID={stranger}:")
    return text


def alone(vtimezone: str) -> str:
    """A calendar of this zone under a name of its own."""
    before, tzid = vtimezone.split("\r\n")[1].split(":")
    return HEAD + vtimezone.replace(f"{before}:{tzid}", f"{before}:Unheard/Of-{next(serial)}", 1) + TAIL


def offsets(zone: dt.tzinfo, hours: list[dt.datetime]) -> list[dt.timedelta]:
    """What a zone of Python answers."""
    return [hour.replace(tzinfo=zone).utcoffset() for hour in hours]  # type: ignore[misc]


def utc(moment: Moment) -> Moment:
    """The instant; a whole day stays a day."""
    if not isinstance(moment, dt.datetime):
        return moment
    if moment.tzinfo is None:
        raise ValueError(f"floating, whose hour nobody knows: {moment}")
    return moment.astimezone(dt.UTC)


def like(start: Moment) -> Callable[[dt.datetime], Moment]:
    """dateutil knows no days: what it gives as midnights is made days again where the series has days."""
    return (lambda at: at) if isinstance(start, dt.datetime) else (lambda at: dt.date(at.year, at.month, at.day))


def until_the_end(dates: Iterable[dt.datetime]) -> Iterator[dt.datetime]:
    return itertools.takewhile(lambda at: at.year < END_OF_TIME.year, dates)


class Series:
    """The VEVENTs of one UID for a reader that only parses: what the rule gives, less what is overridden.

    Args are instants (or days). RFC 5545 3.8.4.4: an override names by
    RECURRENCE-ID the date it stands for, and stands for no other.
    """

    def __init__(self) -> None:
        self.given: list[Span] = []
        self.instead: dict[Moment, Span | None] = {}

    def gives(self, spans: Iterable[Span]) -> None:
        self.given += spans

    def override(self, original: Moment, span: Span | None) -> None:
        """None for a date that does not take place."""
        assert original not in self.instead, f"told twice: {original}"
        self.instead[original] = span

    def takes_place(self) -> list[Span]:
        kept = [span for span in self.given if span[0] not in self.instead]
        return sorted(kept + [span for span in self.instead.values() if span is not None])


def by_event(dates: Dates) -> Dates:
    """Together under the event's own identity, which begins the UID of a date that is told alone."""
    found: Dates = {}
    for uid, spans in dates.items():
        found.setdefault(uid[:36], []).extend(spans)
    return {uid: sorted(spans) for uid, spans in found.items()}


def disagreement(told: Dates, ours: Dates) -> list[str]:
    """Where a reader and we differ, in words short enough for the message of a test; empty where all is well."""
    wrong = []
    for uid in sorted(told.keys() | ours.keys()):
        theirs, mine = Counter(told.get(uid, ())), Counter(ours.get(uid, ()))
        wrong += [f"{uid[:8]} reader only: {start} – {end}" for start, end in sorted(theirs - mine)[:3]]
        wrong += [f"{uid[:8]} we only: {start} – {end}" for start, end in sorted(mine - theirs)[:3]]
    return wrong
