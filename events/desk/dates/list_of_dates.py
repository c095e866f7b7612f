"""A list of dates as staff type or paste it: one a line, in one of three languages or as ISO, with hours if need be."""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field

from babel.dates import get_day_names, get_month_names
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.calendars.hours import day_of
from events.calendars.zone_names import locale
from events.models.several import Meeting

LANGUAGES = ("fr", "en", "es")
MOST = 60
"So many dates at once are a list; more are a mistake."
ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
NUMBERS = re.compile(r"\b(\d{1,2})[./-](\d{1,2})[./-](\d{4})\b")
DAY_MONTH = re.compile(
    r"\b(\d{1,2})(?:er|st|nd|rd|th|º|o)?\.?\s+(?:de\s+|of\s+)?([a-z]{3,})\.?,?\s+(?:de\s+|del\s+)?(\d{4})\b"
)
MONTH_DAY = re.compile(r"\b([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b")
HOUR = re.compile(
    r"\b(\d{1,2})\s*(?:[:h]\s*(\d{2})(?::\d{2})?|h(?:eures?|oras?|rs?)?\b|(?=\s*[ap]\.?m\b))(?:\s*(?:min|h)\b)?(?:\s*([ap])\.?m\b\.?)?"
)
FILLING = re.compile(
    r"\b(?:le|el|on|the|at|to|from|until|de|des|du|del|a|al|las|la|hasta|desde|y|et|and|ho?ra?s?|h|hrs?|heures?|uhr)\b"
    r"|[^\w]|t(?=\b)"
)


class Unreadable(ValueError):
    """A line that can't be read; the message says why, in the reader's language."""


@dataclass
class Line:
    """One line of the list: what it says, or why it can't be read; and what to know of it before it is made."""

    number: int
    typed: str
    meeting: Meeting | None = None
    error: str = ""
    warnings: list[str] = field(default_factory=list)
    when: str = ""
    hours: str = ""
    ticked: bool = True

    @property
    def key(self) -> str:
        return self.meeting.start.isoformat() if self.meeting else ""


def _folded(text: str) -> str:
    """Small letters without accents; no-break spaces and dashes made plain."""
    plain = unicodedata.normalize("NFD", text.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.sub(r"\s+", " ", re.sub(r"[‐-―−]", "-", plain)).strip()


def _names(of: str) -> dict[str, int]:
    """The names of months or weekdays in all languages, in full and short, with their number."""
    found: dict[str, int] = {}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                if of == "months":
                    names = get_month_names(width, context, locale(language))  # type: ignore[arg-type]
                else:
                    names = get_day_names(width, context, locale(language))  # type: ignore[arg-type]
                for number, name in names.items():
                    found.setdefault(_folded(name).rstrip("."), number)
    return found


MONTHS, WEEKDAYS = _names("months"), _names("days")


def read(text: str, start: dt.datetime, end: dt.datetime, *, all_day: bool = False) -> list[Line]:
    """Each line that says something; hours that it does not say are those of the model, from ``start`` to ``end``."""
    lines = []
    for number, typed in enumerate(text.splitlines(), 1):
        if not typed.strip(" \t-*•·;,"):
            continue
        line = Line(number, typed.strip())
        try:
            line.meeting = _meeting(_folded(typed.strip(" \t*•·;,")), start, end, all_day=all_day)
        except Unreadable as error:
            line.error = str(error)
        lines.append(line)
    seen: dict[dt.date, int] = {}
    for line in lines:
        if line.meeting is None:
            continue
        day = line.meeting.start.date()
        if day in seen:
            line.error = _("This day stands in line %(number)d already.") % {"number": seen[day]}
            line.meeting = None
        else:
            seen[day] = line.number
    return lines


def _meeting(text: str, start: dt.datetime, end: dt.datetime, *, all_day: bool) -> Meeting:
    day, rest = _day(re.sub(r"(?<=\d)t(?=\d)", " ", text))
    rest = _weekday(day, rest)
    times = _times(rest)
    length = end - start
    if all_day or not times:
        if times:
            raise Unreadable(_("The model takes whole days: leave the hour out."))
        begins = dt.datetime.combine(day, start.time())
        return Meeting(begins, begins + length)
    begins = dt.datetime.combine(day, times[0])
    if len(times) == 1:
        return Meeting(begins, begins + length)
    ends = dt.datetime.combine(day, times[1])
    if ends <= begins:
        raise Unreadable(_("The end must come after the beginning."))
    return Meeting(begins, ends)


def _day(text: str) -> tuple[dt.date, str]:
    for form, order in ((ISO, "ymd"), (NUMBERS, "dmy"), (DAY_MONTH, "dmy"), (MONTH_DAY, "mdy")):
        found = form.search(text)
        if not found:
            continue
        part = dict(zip(order, found.groups(), strict=True))
        month = MONTHS.get(part["m"]) if part["m"].isalpha() else int(part["m"])
        if month is None:
            raise Unreadable(_("“%(word)s” is no month.") % {"word": part["m"]})
        try:
            day = dt.date(int(part["y"]), month, int(part["d"]))
        except ValueError as error:
            said = found[0]
            if form is NUMBERS:
                reason = _("There is no such day: %(day)s. The day stands before the month, as in 25/12/2027.")
            else:
                reason = _("There is no such day: %(day)s.")
            raise Unreadable(reason % {"day": said}) from error
        if not 1990 <= day.year <= 2100:
            raise Unreadable(_("There is no such day: %(day)s.") % {"day": found[0]})
        return day, f"{text[: found.start()]} {text[found.end() :]}"
    raise Unreadable(_("No date with its year is found here. Write it like 2027-05-06, 6 May 2027 or 06/05/2027."))


def _weekday(day: dt.date, rest: str) -> str:
    """The rest without the weekday, which must be that of the day."""
    for word in re.findall(r"[a-z]{2,}", rest):
        if word not in WEEKDAYS:
            continue
        if WEEKDAYS[word] != day.weekday():
            language = get_language() or "fr"
            raise Unreadable(_("The weekday does not fit: that day is %(day)s.") % {"day": day_of(day, language)})
        rest = re.sub(rf"\b{word}\b\.?", " ", rest, count=1)
    return rest


def _times(rest: str) -> list[dt.time]:
    found, left = [], rest.replace("noon", "12:00").replace("midi", "12:00").replace("mediodia", "12:00")
    for hour in HOUR.finditer(left):
        number, minutes, half = int(hour[1]), int(hour[2] or 0), hour[3]
        if half and not 1 <= number <= 12:
            raise Unreadable(_("There is no such hour: %(hour)s.") % {"hour": hour[0].strip()})
        if half:
            number = number % 12 + (12 if half == "p" else 0)
        try:
            found.append(dt.time(number, minutes))
        except ValueError as error:
            raise Unreadable(_("There is no such hour: %(hour)s.") % {"hour": hour[0].strip()}) from error
    strange = FILLING.sub("", HOUR.sub(" ", left))
    if strange or len(found) > 2:
        said = strange or rest.strip()
        raise Unreadable(_("“%(words)s” is not understood beside the date.") % {"words": said})
    return found
