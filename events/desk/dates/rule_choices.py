"""Choices: the rule of a series as an editor chooses it, control by control.

They become one RFC 5545 line and come back from it. A rule that the controls can't say (months named
one by one, the last working day) is *kept*: it stays as it is until somebody replaces it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from recurrence import Recurrence

from .rule import NUMBERED, kept, parse, written

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = ("daily", "weekly", "monthly", "yearly")
LAST = -1
ORDINALS = (1, 2, 3, 4, 5, LAST)
MONTHDAYS = (*range(1, 32), LAST)
ON_DAY, ON_WEEKDAY = "monthday", "weekday"
NEVER, AFTER, UNTIL = "never", "count", "until"
KEEP, REPLACE = "keep", "replace"
CENTURIES = (1900, 2200)

CONTROLS = {
    "rule": "kept",
    "refused": "kept",
    "off_rule": "frequency",
    "not_given": "skipped",
    "first_skipped": "skipped",
    "no_rule": "skipped",
    "many": "skipped",
    "day": "skipped",
    "until_early": "until",
}
"At which control an error is told, by its code; codes of this module name their control themselves."


@dataclass(frozen=True)
class Choices:
    """What the controls hold, as texts, right or wrong."""

    frequency: str = ""
    interval: str = "1"
    weekdays: tuple[str, ...] = ()
    "Of a weekly series; none is the weekday of the first date."
    monthly: str = ON_DAY
    monthday: str = ""
    "Empty: the day of the first date."
    ordinal: str = ""
    weekday: str = ""
    ends: str = NEVER
    count: str = ""
    until: str = ""
    skipped: tuple[str, ...] = ()
    kept: str = ""
    "The line of a rule that the controls can't say."
    keep: str = KEEP

    @classmethod
    def of(cls, recurrence: Recurrence | None) -> Choices:
        """What the controls hold for a rule."""
        line, skipped = written(recurrence)
        days = tuple(skipped.split())
        if not line:
            return cls()
        try:
            said = replace(_said(dict(part.split("=", 1) for part in line.split(";"))), skipped=days)
            if written(parse(said.line()))[0] == line:
                return said
        except (ValidationError, ValueError, KeyError):
            pass
        return cls(kept=line, skipped=days)

    @classmethod
    def sent(cls, data: Any, name: str) -> Choices:
        """What a form sends; a control that it does not send holds nothing."""

        def one(part: str, default: str = "") -> str:
            return str(data.get(f"{name}_{part}") or default).strip()

        def many(part: str) -> tuple[str, ...]:
            key = f"{name}_{part}"
            values = data.getlist(key) if hasattr(data, "getlist") else data.get(key) or ()
            values = [values] if isinstance(values, str) else values
            return tuple(value.strip() for value in values if value.strip())

        return cls(
            frequency=one("frequency"),
            interval=one("interval", "1"),
            weekdays=tuple(sorted(many("weekdays"), key=",".join(WEEKDAYS).find)),
            monthly=one("monthly", ON_DAY),
            monthday=one("monthday"),
            ordinal=one("ordinal"),
            weekday=one("weekday"),
            ends=one("ends", NEVER),
            count=one("count"),
            until=one("until"),
            skipped=many("skipped"),
            kept=one("kept"),
            keep=one("keep", KEEP),
        )

    @property
    def keeps(self) -> bool:
        """Whether the rule is one that stays as it is."""
        return bool(self.kept) and self.keep != REPLACE

    def recurrence(self) -> Recurrence | None:
        """The rule chosen; None for an event that does not repeat.

        Raises:
            ValidationError: all that is wrong, each with the code of its control.
        """
        skipped = "\n".join(self.skipped)
        return kept(self.kept, skipped) if self.keeps else parse(self.line(), skipped)

    def line(self) -> str:
        """The rule as RFC 5545 writes it; "" where there is none."""
        if not self.frequency:
            return ""
        wrong: list[ValidationError] = []
        parts = [f"FREQ={self.frequency.upper()}"]
        if self.frequency not in FREQUENCIES:
            wrong.append(ValidationError(_("Choose how often it takes place."), code="frequency"))
        interval = _number(self.interval or "1", NUMBERED["INTERVAL"])
        if interval is None:
            wrong.append(
                ValidationError(
                    _("The interval is a number from 1 to %(most)d."),
                    code="interval",
                    params={"most": NUMBERED["INTERVAL"]},
                )
            )
        elif interval > 1:
            parts.append(f"INTERVAL={interval}")
        try:
            parts += self._end()
        except ValidationError as error:
            wrong.append(error)
        try:
            parts += self._days()
        except ValidationError as error:
            wrong.append(error)
        if wrong:
            raise ValidationError(wrong)
        return ";".join(parts)

    def _end(self) -> list[str]:
        given = {AFTER: self.count.strip(), UNTIL: self.until.strip()}
        if any(value for end, value in given.items() if end != self.ends):
            raise ValidationError(
                _("A number of dates or a last day is given that is not chosen as the end: choose it, or empty it."),
                code="ends",
            )
        if self.ends == AFTER:
            count = _number(given[AFTER], NUMBERED["COUNT"])
            if count is None:
                raise ValidationError(
                    _("Say after how many dates it ends: a number from 1 to %(most)d."),
                    code="count",
                    params={"most": NUMBERED["COUNT"]},
                )
            return [f"COUNT={count}"]
        if self.ends == UNTIL:
            if not given[UNTIL]:
                raise ValidationError(_("Give the last day."), code="until")
            return [f"UNTIL={_day(given[UNTIL]):%Y%m%d}"]
        return []

    def _days(self) -> list[str]:
        if self.frequency == "weekly" and self.weekdays:
            if not set(self.weekdays) <= set(WEEKDAYS):
                raise ValidationError(_("Choose days of the week."), code="weekdays")
            return [f"BYDAY={','.join(day for day in WEEKDAYS if day in self.weekdays)}"]
        if self.frequency != "monthly":
            return []
        if self.monthly == ON_WEEKDAY:
            if self.ordinal not in map(str, ORDINALS) or self.weekday not in WEEKDAYS:
                raise ValidationError(_("Choose which one in the month, and which day of the week."), code="weekday")
            return [f"BYDAY={self.ordinal}{self.weekday}"]
        if not self.monthday:
            return []
        if self.monthday not in map(str, MONTHDAYS):
            raise ValidationError(_("Choose a day of the month."), code="monthday")
        return [f"BYMONTHDAY={self.monthday}"]


def too_early(recurrence: Recurrence | None, start: dt.datetime) -> ValidationError | None:
    """A series that ends before it begins has no date at all."""
    until = recurrence.rrules[0].until if recurrence is not None and recurrence.rrules else None
    if until is None or until.date() >= start.date():
        return None
    return ValidationError(_("The last day lies before the first date."), code="until_early")


def control_of(code: str | None) -> str:
    """The control at which an error is told; "" for one that concerns all of them."""
    if code in CONTROLS:
        return CONTROLS[code]
    return code if code in Choices.__dataclass_fields__ else ""


def _said(parts: dict[str, str]) -> Choices:
    """What the controls would hold for the parts of a line, if they can say it."""
    told: dict[str, Any] = {"frequency": parts["FREQ"].lower(), "interval": parts.get("INTERVAL", "1")}
    if "COUNT" in parts:
        told |= {"ends": AFTER, "count": parts["COUNT"]}
    elif "UNTIL" in parts:
        told |= {"ends": UNTIL, "until": dt.date.fromisoformat(parts["UNTIL"]).isoformat()}
    days = parts.get("BYDAY", "")
    if told["frequency"] == "weekly":
        told["weekdays"] = tuple(filter(None, days.split(",")))
    elif days:
        told |= {"monthly": ON_WEEKDAY, "ordinal": days[:-2].lstrip("+"), "weekday": days[-2:]}
    elif told["frequency"] == "monthly":
        told["monthday"] = parts.get("BYMONTHDAY", "")
    return Choices(**told)


def _number(text: str, most: int) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 and 1 <= int(text) <= most else None


def _day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not CENTURIES[0] < day.year < CENTURIES[1]:
        raise ValidationError(
            _("“%(day)s” is not a date. Write it like 2027-05-06."), code="until", params={"day": text}
        )
    return day
