"""The rule of a series as text: one RFC 5545 line, and the dates skipped.

The widget of django-recurrence moves skipped dates by the zone of the editor's
browser and loses the last day of UNTIL. Here everything typed is wall clock.
What editors choose becomes such a line in `rule_choices`.
"""

import datetime as dt
import re

import recurrence as rules
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from recurrence import Recurrence
from recurrence.exceptions import DeserializationError
from recurrence.exceptions import ValidationError as BadRule

from events.models.expansion import RuleRefused, check

FREQUENCIES = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]
PARTS = ["FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"]
NUMBERED = {"INTERVAL": 366, "COUNT": 1000}
LISTED = {"BYMONTHDAY": 31, "BYMONTH": 12, "BYSETPOS": 366}
KEPT = re.compile(r"[A-Z0-9=;,+-]{1,500}")
DAY = re.compile(r"([+-]?[1-5]?)(MO|TU|WE|TH|FR|SA|SU)")
UNTIL = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(T[0-2]\d[0-5]\d[0-5]\d)?Z?")
MOST_SKIPPED = 500


def parse(line: str, skipped: str = "") -> Recurrence | None:
    """The recurrence that two typed texts describe; None where no rule is given.

    Raises:
        ValidationError: what is wrong, in the reader's language.
    """
    parts = _parts(line)
    days = _days(skipped)
    if not parts:
        if days:
            raise ValidationError(_("Dates can be skipped only where there is a rule."), code="no_rule")
        return None
    return _read(";".join(f"{name}={value}" for name, value in parts.items()), days, line)


def _read(text: str, days: list[dt.date], line: str) -> Recurrence:
    try:
        recurrence = rules.deserialize(f"RRULE:{text}", include_dtstart=False)
        recurrence.exdates = [dt.datetime.combine(day, dt.time(), dt.UTC) for day in days]
        rules.serialize(recurrence)
        check(recurrence)
    except RuleRefused as error:
        raise ValidationError(str(error), code="refused") from error
    except (DeserializationError, BadRule, ValueError) as error:
        raise ValidationError(_("This rule can't be read: %(line)s"), code="rule", params={"line": line}) from error
    return recurrence


def kept(line: str, skipped: str = "") -> Recurrence | None:
    """A rule that stays as it was stored, with the dates skipped as they are typed now.

    It may say more than what is chosen in the form; it is refused only where nobody could follow it.
    """
    if not KEPT.fullmatch(line):
        raise ValidationError(_("This rule can't be read: %(line)s"), code="kept", params={"line": line})
    return _read(re.sub(r"UNTIL=(\d{8})(?=;|$)", r"UNTIL=\1T000000Z", line), _days(skipped), line)


def written(recurrence: Recurrence | None) -> tuple[str, str]:
    """The two texts that describe a recurrence."""
    if recurrence is None or not recurrence.rrules:
        return "", ""
    line = rules.serialize(recurrence.rrules[0])
    line = re.sub(r"UNTIL=(\d{8})T000000Z", r"UNTIL=\1", line.removeprefix("RRULE:"))
    days = sorted({moment.date() for moment in recurrence.exdates})
    return line, "\n".join(day.isoformat() for day in days)


def _parts(line: str) -> dict[str, str]:
    line = "".join(line.split()).upper().removeprefix("RRULE:").strip(";")
    if not line:
        return {}
    parts: dict[str, str] = {}
    for part in line.split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value or name not in PARTS:
            raise ValidationError(
                _("“%(part)s” is not understood. A rule is made of %(parts)s, each with “=” and a value."),
                code="part",
                params={"part": part, "parts": ", ".join(PARTS)},
            )
        if name in parts:
            raise ValidationError(_("%(part)s is given twice."), code="twice", params={"part": name})
        parts[name] = _value(name, value)
    if "FREQ" not in parts:
        raise ValidationError(
            _("Say how often it repeats: FREQ=%(frequencies)s."),
            code="frequency",
            params={"frequencies": "|".join(FREQUENCIES)},
        )
    if "COUNT" in parts and "UNTIL" in parts:
        raise ValidationError(_("Give either COUNT or UNTIL, not both."), code="two_ends")
    return parts


def _value(name: str, value: str) -> str:
    wrong = ValidationError(
        _("“%(value)s” is no value for %(part)s."), code="value", params={"value": value, "part": name}
    )
    if name == "FREQ" and value not in FREQUENCIES:
        raise ValidationError(
            _("A series repeats by days, weeks, months or years: FREQ=%(frequencies)s."),
            code="frequency",
            params={"frequencies": "|".join(FREQUENCIES)},
        )
    if name in NUMBERED and not (value.isascii() and value.isdecimal() and 1 <= int(value) <= NUMBERED[name]):
        raise ValidationError(
            _("%(part)s must be a number from 1 to %(most)d."),
            code="bounds",
            params={"part": name, "most": NUMBERED[name]},
        )
    if name == "UNTIL":
        return _until(value, wrong)
    if name == "WKST" and not (DAY.fullmatch(value) and len(value) == 2):
        raise wrong
    if name == "BYDAY" and not all(DAY.fullmatch(day) for day in value.split(",")):
        raise wrong
    if name in LISTED and not all(
        _within(number, LISTED[name], negative=name != "BYMONTH") for number in value.split(",")
    ):
        raise wrong
    return value


def _within(number: str, most: int, *, negative: bool) -> bool:
    if not re.fullmatch(r"-?\d{1,3}", number):
        return False
    return 1 <= abs(int(number)) <= most and (negative or int(number) > 0)


def _until(value: str, wrong: ValidationError) -> str:
    match = UNTIL.fullmatch(value)
    try:
        day = dt.date(*map(int, match.groups()[:3])) if match else None
    except ValueError:
        day = None
    if match is None or day is None or not 1900 < day.year < 2200:
        raise wrong
    # A bare day is kept as its midnight: the last date counts, whatever its hour.
    return f"{day:%Y%m%d}{match.group(4) or 'T000000'}Z"


def _days(text: str) -> list[dt.date]:
    days = set()
    for word in re.split(r"[\s,;]+", text.strip()):
        if not word:
            continue
        try:
            days.add(dt.date.fromisoformat(word))
        except ValueError as error:
            raise ValidationError(
                _("“%(day)s” is not a date. Write it like 2027-05-06."), code="day", params={"day": word}
            ) from error
    if len(days) > MOST_SKIPPED:
        raise ValidationError(_("At most %(most)d dates can be skipped."), code="many", params={"most": MOST_SKIPPED})
    return sorted(days)
