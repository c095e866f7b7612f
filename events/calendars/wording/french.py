"""French: « tous les deux jeudis à 15 h, heure de Paris »."""

from __future__ import annotations

import datetime as dt
import unicodedata

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
    1: "premier",
    2: "deuxième",
    3: "troisième",
    4: "quatrième",
    5: "cinquième",
    -1: "dernier",
    -2: "avant-dernier",
}
FROM_THE_END = "en partant de la fin"
PLURAL = {"Açores", "Bermudes", "Caïmans", "Comores", "Galápagos", "Maldives", "Marquises"}
ISLANDS = {"Île": "de l’île", "Îles": "des îles"}
SILENT_H = {"Helsinki", "Honolulu", "Hébron"}


class French(Tongue):
    language = "fr"
    GENERAL = "à des dates que fixe une règle particulière"
    NUMBERS = ("deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")
    WHEN_THERE_IS_ONE, WHEN_THERE_ARE_ANY = "quand il y en a un", "quand il y en a"
    OF_EVERY_MONTH, OF_THE_MONTH = "de chaque mois", "du mois"
    OF_EVERY_YEAR, OF_THE_YEAR = "de chaque année", "de l’année"
    ALL = {Period.DAY: ("tous les", "jours"), Period.WEEK: ("toutes les", "semaines")}
    ALL |= {Period.MONTH: ("tous les", "mois"), Period.YEAR: ("tous les", "ans")}

    def every(self, period: Period, interval: int) -> str:
        article, noun = self.ALL[period]
        return f"{article} {self.number(interval)} {noun}"

    def every_day(self) -> str:
        return "tous les jours"

    def weekly(self, weekdays: tuple[int, ...]) -> str:
        if is_run(weekdays, LONG_RUN):
            return f"tous les jours {self._from_to(weekdays)}"
        return f"tous les {joined((f'{self.weekday(day)}s' for day in weekdays), 'et')}"

    def every_weeks(self, interval: int, weekdays: tuple[int, ...]) -> str:
        if interval == 2 and len(weekdays) == 1:
            return f"tous les deux {self.weekday(weekdays[0])}s"
        if everyday(weekdays):
            told = self.every_day()
        elif is_run(weekdays, LONG_RUN):
            told = self._from_to(weekdays)
        else:
            told = joined((f"le {self.weekday(day)}" for day in weekdays), "et")
        return f"{self.every(Period.WEEK, interval)}, {told}"

    def _from_to(self, weekdays: tuple[int, ...]) -> str:
        return f"du {self.weekday(weekdays[0])} au {self.weekday(weekdays[-1])}"

    def after_period(self, period: Period, interval: int, told: str) -> str:
        return f"chaque année {told}" if interval == 1 else f"{self.every(period, interval)}, {told}"

    def if_weekday(self, weekdays: tuple[int, ...]) -> str:
        return f"si c’est {joined((f'un {self.weekday(day)}' for day in weekdays), 'ou')}"

    def if_monthday(self, monthdays: tuple[int, ...]) -> str:
        return f"si c’est {joined(map(self._monthday, monthdays), 'ou')} du mois"

    def each_weekday(self, weekdays: tuple[int, ...], of: str) -> str:
        if everyday(weekdays):
            return f"tous les jours {of}"
        return f"{joined((f'chaque {self.weekday(day)}' for day in weekdays), 'et')} {of}"

    def on_monthdays(self, monthdays: tuple[int, ...], of: str) -> str:
        told = joined(map(self._monthday, monthdays), "et")
        return told if of == self.OF_THE_MONTH and min(monthdays) > 0 else f"{told} {of}"

    def _monthday(self, day: int) -> str:
        if day > 0:
            return f"le {self._number_of_day(day)}"
        if day == -1:
            return "le dernier jour"
        if day == -2:
            return "l’avant-dernier jour"
        return f"le {self._ordinal(-day)} jour {FROM_THE_END}"

    def _number_of_day(self, day: int) -> str:
        return "1er" if day == 1 else str(day)

    def _ordinal(self, number: int) -> str:
        return ORDINALS.get(number) or f"{number}e"

    def on_nth(self, days: tuple[tuple[int, int], ...], of: str) -> str:
        told = [
            f"{joined(map(self._nth, ordinals), 'et')} {self.weekday(weekday)}"
            for weekday, ordinals in by_weekday(days)
        ]
        after = f" {FROM_THE_END}" if any(number < -2 for number, _weekday in days) else ""
        return f"{joined(told, 'et')} {of}{after}"

    def _nth(self, number: int) -> str:
        article = "l’" if number == -2 else "le "
        return article + self._ordinal(number if number >= -2 else -number)

    def on_nth_among(self, ordinals: tuple[int, ...], weekdays: tuple[int, ...], of: str) -> str:
        nth = joined(map(self._nth, ordinals), "et")
        after = f" {FROM_THE_END}" if any(number < -2 for number in ordinals) else ""
        if everyday(weekdays):
            return f"{nth} jour {of}{after}"
        if is_run(weekdays, LONG_RUN):
            noun = "jour de semaine" if weekdays == WORKDAYS else "jour"
            return f"{nth} {noun} {of}{after} ({self._from_to(weekdays)})"
        return f"{nth} jour {of}{after} qui est {joined((f'un {self.weekday(day)}' for day in weekdays), 'ou')}"

    def falling(self, weekdays: tuple[int, ...], monthdays: tuple[int, ...], months: tuple[int, ...]) -> str:
        who = f"chaque {joined(map(self.weekday, weekdays), 'ou')}"
        of = f" {self.month(months[0])}" if len(months) == 1 else ""
        if is_run(monthdays, RUN):
            first, last = (self._number_of_day(day) for day in (monthdays[0], monthdays[-1]))
            told = f"{who} qui tombe entre le {first} et le {last}{of or ' du mois'}"
        else:
            told = f"{who} qui tombe {joined((f'un {self._number_of_day(day)}' for day in monthdays), 'ou')}{of}"
        return told

    def dates(self, monthdays: tuple[int, ...], months: tuple[int, ...]) -> str:
        if len(months) == 1 and min(monthdays) > 0:
            numbers = joined((f"le {self._number_of_day(day)}" for day in monthdays), "et")
            return f"{numbers} {self.month(months[0])}"
        return joined((self._date(day, month) for month in months for day in monthdays), "et")

    def _date(self, day: int, month: int) -> str:
        if day > 0:
            return f"le {self._number_of_day(day)} {self.month(month)}"
        return f"{self._monthday(day)} {_of(self.month(month))}"

    def of_months(self, months: tuple[int, ...]) -> str:
        return joined((_of(self.month(month)) for month in months), "et")

    def in_months(self, months: tuple[int, ...]) -> str:
        return self.of_months(months)

    def between(self, first: int, last: int) -> str:
        return f"{_of(self.month(first))} à {self.month(last)}"

    def only_in(self, months: tuple[int, ...], run: tuple[int, int] | None) -> str:
        told = self.between(*run) if run else f"en {joined(map(self.month, months), 'et')}"
        return f"{told} seulement"

    def at(self, time: dt.time) -> str:
        return f"à {self.clock(time)}"

    def of_zone(self, zone: str) -> str:
        place = self.city(zone)
        if place == "UTC":
            return "temps universel (UTC)"
        first, _space, rest = place.partition(" ")
        if first in ISLANDS:
            return f"heure {ISLANDS[first]} {rest}"
        if first == "Le":
            return f"heure du {rest}"
        if place in PLURAL:
            return f"heure des {place}"
        return f"heure {_of(place)}"

    def times(self, count: int) -> str:
        return "une seule fois" if count == 1 else f"{self.number(count)} fois en tout"

    def until(self, day: dt.date) -> str:
        return f"jusqu’au {long_date(day, self.language)}"


def _of(name: str) -> str:
    """ "de mars", "d’avril", "d’Helsinki"."""
    first = unicodedata.normalize("NFD", name)[0].lower()
    return f"d’{name}" if first in "aeiou" or name in SILENT_H else f"de {name}"
