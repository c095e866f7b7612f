"""What rules are and how tests write them: a line of iCalendar in, the words of each language out."""

import datetime as dt
from collections.abc import Iterable

import recurrence

from events.calendars.wording import rule_words

THURSDAY = dt.datetime(2027, 1, 28, 15)  # the last one of its month
LANGUAGES = ("fr", "en", "es")


def rule(line: str) -> recurrence.Recurrence:
    return recurrence.deserialize(f"RRULE:FREQ={line}", include_dtstart=False)


def days(line: str, language: str, start: dt.datetime = THURSDAY) -> str:
    """Its words without an hour."""
    return rule_words(rule(line), start, True, language)


def each(said: Iterable[tuple[str, str, str, str]]) -> list[tuple[str, str, str]]:
    """A rule, a language and what is said in it, from a table with a rule and its three sentences in a row."""
    return [
        (line, language, told) for line, *all_told in said for language, told in zip(LANGUAGES, all_told, strict=True)
    ]
