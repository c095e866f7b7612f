"""Spanish: «cada dos jueves a las 15:00, hora de París»."""

from __future__ import annotations

import datetime as dt

from events.calendars.days import long_date

from .shape import Period
from .tongue import (
    LONG_RUN,
    RUN,
    WORKDAYS,
    Tongue,
    by_weekday,
    everyday,
    is_run,
    joined,
)

ORDINALS = {
    1: "primer",
    2: "segundo",
    3: "tercer",
    4: "cuarto",
    5: "quinto",
    -1: "último",
    -2: "penúltimo",
    -3: "antepenúltimo",
}
FROM_THE_END = "empezando por el final"
PERIODS = {Period.DAY: "días", Period.WEEK: "semanas", Period.MONTH: "meses", Period.YEAR: "años"}
WITH_ARTICLE = {"Azores": "las Azores", "Comoras": "las Comoras", "Galápagos": "las Galápagos"}
WITH_ARTICLE |= {"Marquesas": "las Marquesas", "Isla de Man": "la isla de Man", "Isla de Pascua": "la isla de Pascua"}
EIGHT_AND_ELEVEN = ("8", "11")


class Spanish(Tongue):
    language = "es"
    GENERAL = "en fechas que fija una regla particular"
    NUMBERS = ("dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez")
    WHEN_THERE_IS_ONE, WHEN_THERE_ARE_ANY = "cuando lo haya", "cuando los haya"
    OF_EVERY_MONTH, OF_THE_MONTH = "de cada mes", "del mes"
    OF_EVERY_YEAR, OF_THE_YEAR = "de cada año", "del año"

    def every(self, period: Period, interval: int) -> str:
        return f"cada {self.number(interval)} {PERIODS[period]}"

    def every_day(self) -> str:
        return "todos los días"

    def weekly(self, weekdays: tuple[int, ...]) -> str:
        if is_run(weekdays, LONG_RUN):
            return f"todos los días {self._from_to(weekdays)}"
        return f"todos los {joined(map(self._weekdays, weekdays), 'y')}"

    def _weekdays(self, day: int) -> str:
        """Several of them: only Saturday and Sunday change."""
        name = self.weekday(day)
        return name if name.endswith("s") else f"{name}s"

    def every_weeks(self, interval: int, weekdays: tuple[int, ...]) -> str:
        if interval == 2 and len(weekdays) == 1:
            return f"cada dos {self._weekdays(weekdays[0])}"
        if everyday(weekdays):
            told = self.every_day()
        elif is_run(weekdays, LONG_RUN):
            told = self._from_to(weekdays)
        else:
            told = joined((f"el {self.weekday(day)}" for day in weekdays), "y")
        return f"{self.every(Period.WEEK, interval)}, {told}"

    def _from_to(self, weekdays: tuple[int, ...]) -> str:
        return f"de {self.weekday(weekdays[0])} a {self.weekday(weekdays[-1])}"

    def after_period(self, period: Period, interval: int, told: str) -> str:
        return f"cada año, {told}" if interval == 1 else f"{self.every(period, interval)}, {told}"

    def if_weekday(self, weekdays: tuple[int, ...]) -> str:
        return f"si cae en {joined(map(self.weekday, weekdays), 'o')}"

    def if_monthday(self, monthdays: tuple[int, ...]) -> str:
        return f"si es {_or([self._monthday(day) for day in monthdays])} del mes"

    def each_weekday(self, weekdays: tuple[int, ...], of: str) -> str:
        if everyday(weekdays):
            return f"todos los días {of}"
        return f"todos los {joined(map(self._weekdays, weekdays), 'y')} {of}"

    def on_monthdays(self, monthdays: tuple[int, ...], of: str) -> str:
        told = self._monthdays(monthdays)
        return told if of == self.OF_THE_MONTH and min(monthdays) > 0 else f"{told} {of}"

    def _monthdays(self, monthdays: tuple[int, ...]) -> str:
        if len(monthdays) > 1 and min(monthdays) > 0:
            return f"los días {joined(map(str, monthdays), 'y')}"
        return joined(map(self._monthday, monthdays), "y")

    def _monthday(self, day: int) -> str:
        if day > 0:
            return f"el día {day}"
        if day in ORDINALS:
            return f"el {ORDINALS[day]} día"
        return f"el {self._ordinal(-day)} día {FROM_THE_END}"

    def _ordinal(self, number: int) -> str:
        return ORDINALS.get(number) or f"{abs(number)}.º"

    def on_nth(self, days: tuple[tuple[int, int], ...], of: str) -> str:
        told = [
            f"{joined((f'el {self._nth(number)}' for number in ordinals), 'y')} {self.weekday(weekday)}"
            for weekday, ordinals in by_weekday(days)
        ]
        after = f" {FROM_THE_END}" if any(number < -3 for number, _weekday in days) else ""
        return f"{joined(told, 'y')} {of}{after}"

    def _nth(self, number: int) -> str:
        return self._ordinal(number if number >= -3 else -number)

    def on_nth_among(self, ordinals: tuple[int, ...], weekdays: tuple[int, ...], of: str) -> str:
        nth = joined((f"el {self._nth(number)}" for number in ordinals), "y")
        after = f" {FROM_THE_END}" if any(number < -3 for number in ordinals) else ""
        if everyday(weekdays):
            return f"{nth} día {of}{after}"
        if is_run(weekdays, LONG_RUN):
            noun = "día entre semana" if weekdays == WORKDAYS else "día"
            return f"{nth} {noun} {of}{after} ({self._from_to(weekdays)})"
        return f"{nth} día {of}{after} que sea {joined(map(self.weekday, weekdays), 'o')}"

    def falling(self, weekdays: tuple[int, ...], monthdays: tuple[int, ...], months: tuple[int, ...]) -> str:
        who = f"cada {joined(map(self.weekday, weekdays), 'o')} que caiga"
        of = f" de {self.month(months[0])}" if len(months) == 1 else ""
        if is_run(monthdays, RUN):
            told = f"{who} entre el {monthdays[0]} y el {monthdays[-1]}{of or ' del mes'}"
        else:
            told = f"{who} en {'' if of else 'día '}{_or([str(day) for day in monthdays])}{of}"
        return told

    def dates(self, monthdays: tuple[int, ...], months: tuple[int, ...]) -> str:
        if len(months) == 1 and min(monthdays) > 0:
            return f"{joined((f'el {day}' for day in monthdays), 'y')} de {self.month(months[0])}"
        return joined((self._date(day, month) for month in months for day in monthdays), "y")

    def _date(self, day: int, month: int) -> str:
        return f"{f'el {day}' if day > 0 else self._monthday(day)} de {self.month(month)}"

    def of_months(self, months: tuple[int, ...]) -> str:
        return joined((f"de {self.month(month)}" for month in months), "y")

    def in_months(self, months: tuple[int, ...]) -> str:
        return self.of_months(months)

    def between(self, first: int, last: int) -> str:
        return f"de {self.month(first)} a {self.month(last)}"

    def only_in(self, months: tuple[int, ...], run: tuple[int, int] | None) -> str:
        return f"solo {self.between(*run)}" if run else f"solo en {joined(map(self.month, months), 'y')}"

    def at(self, time: dt.time) -> str:
        return f"a la{'' if time.hour == 1 else 's'} {self.clock(time)}"

    def of_zone(self, zone: str) -> str:
        place = self.city(zone)
        if place == "UTC":
            return "tiempo universal (UTC)"
        if place.startswith("El Vat"):
            return "hora del Vaticano"
        return f"hora de {WITH_ARTICLE.get(place, place)}"

    def times(self, count: int) -> str:
        return "una sola vez" if count == 1 else f"{self.number(count)} veces en total"

    def until(self, day: dt.date) -> str:
        return f"hasta el {long_date(day, self.language)}"


def _or(parts: list[str]) -> str:
    """ "7 u 8", "10 u 11": o becomes u before the sound of an o."""
    return joined(parts, "u" if parts[-1] in EIGHT_AND_ELEVEN else "o")
