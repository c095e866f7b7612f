"""A rule in words, as a person would say it, in French, English and Spanish.

    words(event, "fr")   # "tous les deux jeudis à 15 h, heure de Paris, jusqu’au 12 juin 2027"
    words(event, "en")   # "every second Thursday at 15:00, Paris time, until 12 June 2027"
    words(event, "es")   # "cada dos jueves a las 15:00, hora de París, hasta el 12 de junio de 2027"

The sentence begins with a small letter and has no full stop: who shows it sets it. What it says is
the rule: dates skipped, moved or cancelled are told beside it by pages. What no form can make, but
a file may bring, has its words too; the few rules that nobody would say aloud get a general
sentence, which is true of them. Months and days are CLDR's, by Babel.
"""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from recurrence import Recurrence

from events.models.expansion import RuleRefused, check, last_start, recurs

from .english import English
from .french import French
from .shape import shape_of
from .spanish import Spanish
from .tongue import Tongue

TONGUES: dict[str, Tongue] = {"fr": French(), "en": English(), "es": Spanish()}


class Repeated(Protocol):
    """What of an event is asked for here; its row, or what an editor is typing."""

    @property
    def recurrence(self) -> Recurrence | None: ...
    @property
    def start_local(self) -> dt.datetime: ...
    @property
    def all_day(self) -> bool: ...
    @property
    def timezone(self) -> str: ...


def words(event: Repeated, language: str) -> str:
    """How often an event takes place, with its hour and whose clock that is; "" where it takes place once."""
    return rule_words(event.recurrence, event.start_local, event.all_day, language, zone=event.timezone)


def rule_words(
    recurrence: Recurrence | None, start_local: dt.datetime, all_day: bool, language: str, *, zone: str = ""
) -> str:
    """The same of a rule by itself; without a zone the clock is not named.

    Args:
        start_local: wall clock; it says what the rule leaves open (the weekday, the day of the month).
        all_day: no hour is told.
        language: French for any other than the site's.
    """
    if not recurs(recurrence):
        return ""
    assert recurrence is not None
    tongue = TONGUES.get(language, TONGUES["fr"])
    rule = recurrence.rrules[0]
    try:
        check(recurrence)
        said = tongue.say(shape_of(rule, start_local))
    except RuleRefused:
        said = tongue.say(None)
    hour = "" if all_day else tongue.at(start_local.time())
    clock = tongue.of_zone(zone) if zone and not all_day else ""
    if said.days:
        parts = [" ".join(filter(None, (said.days, hour))), clock, *said.limits]
    else:  # the general sentence is a limit by itself
        parts = [*said.limits, hour, clock]
    if rule.count is not None:
        parts.append(tongue.times(rule.count))
    elif last := last_start(rule, start_local):
        parts.append(tongue.until(last.date()))
    return ", ".join(filter(None, parts))
