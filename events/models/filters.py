"""The agenda's filter: what its address says, and which events that leaves."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings

from regions.models import Goal, Objective, Region

from .schedule import Schedule

if TYPE_CHECKING:
    from .agenda import EventQuerySet

# In the order in which an address holds them. They never change: people keep addresses.
WORDS: dict[str, dict[str, str]] = {
    "past": {"fr": "passees", "en": "past", "es": "pasadas"},
    "month": {"fr": "mois", "en": "month", "es": "mes"},
    "region": {"fr": "region", "en": "region", "es": "region"},
    "kind": {"fr": "type", "en": "kind", "es": "tipo"},
    "language": {"fr": "langue", "en": "language", "es": "idioma"},
    "format": {"fr": "format", "en": "format", "es": "formato"},
    "objective": {"fr": "objectif", "en": "objective", "es": "objetivo"},
    "page": {"fr": "page", "en": "page", "es": "pagina"},
}
CHOICES = ("region", "kind", "language", "format", "objective")
RESERVED = {word for words in WORDS.values() for word in words.values()}
"Never the slug of an event: the agenda uses these segments itself."


MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")
"Two centuries: nobody turns the leaves for ever."


class Unknown(LookupError):
    """An address names something the agenda does not have."""


@dataclass(frozen=True)
class Filter:
    """What the agenda shows. Two equal filters have one address in each language.

    ``past`` shows what is over, of one ``year`` or of all; ``month`` ("2027-05") a
    month whole, whatever of it is past; a region holds its sub-regions; an
    objective is a code ("D2") or the letter of a goal ("D").
    """

    past: bool = False
    year: int | None = None
    month: str = ""
    region: str = ""
    kind: str = ""
    language: str = ""
    format: str = ""
    objective: str = ""
    page: int = 1

    @classmethod
    def read(cls, segments: Sequence[str], language: str) -> Self:
        """The filter that the segments of a path say, in whatever order.

        Raises:
            Unknown: a word or a value is not known, or is said twice.
        """
        names = {words[language]: name for name, words in WORDS.items()}
        said: dict[str, Any] = {}
        left = list(segments)
        while left:
            name = names.get(left.pop(0))
            if name is None or name in said:
                raise Unknown(name)
            if name == "past":
                said["past"] = True
                if left and left[0].isdecimal() and len(left[0]) == 4:
                    said["year"] = int(left.pop(0))
            elif not left:
                raise Unknown(name)
            elif name == "page":
                said["page"] = _number(left.pop(0))
            else:
                said[name] = left.pop(0)
        found = cls(**said)
        found.check()
        return found

    @classmethod
    def ask(cls, form: Any) -> Self | None:
        """The filter a form asks for; None if it is no form of ours.

        Raises:
            Unknown: a value is not known.
        """
        if not any(name in form for name in (*CHOICES, "past", "month")):
            return None
        year = form.get("year", "")
        month = form.get("month", "")
        past = bool(form.get("past")) and not month
        found = cls(
            past=past,
            month=month,
            year=_number(year) if past and year else None,
            **{name: form.get(name, "").strip() for name in CHOICES},
        )
        found.check()
        return found

    def check(self) -> None:
        """Raises Unknown if a value is none of those there are."""
        from .event import Event

        known: dict[str, Any] = {
            "kind": Event.Kind.values,
            "language": [code for code, _name in settings.LANGUAGES_OF_EVENTS],
            "format": Schedule.Format.values,
        }
        for name, values in known.items():
            value = getattr(self, name)
            if value and value not in values:
                raise Unknown(name)
        if "\x00" in self.region + self.objective:
            raise Unknown("value")
        if self.region and not Region.objects.filter(code=self.region).exists():
            raise Unknown("region")
        if self.objective:
            table = Goal if len(self.objective) == 1 else Objective
            if not table.objects.filter(code=self.objective).exists():
                raise Unknown("objective")
        if self.month and (not MONTH.fullmatch(self.month) or self.past or self.page > 1):
            raise Unknown("month")
        if self.year is not None and not dt.MINYEAR <= self.year < dt.MAXYEAR:
            raise Unknown("year")

    def path(self, language: str) -> str:
        """The one path of this filter below the agenda: "" or "region/AFR-W/type/forum/"."""
        parts: list[str] = []
        for name, words in WORDS.items():
            value = getattr(self, name)
            if name == "past" and value:
                parts += [words[language], *([f"{self.year:04}"] if self.year else [])]
            elif name == "page" and value > 1:
                parts += [words[language], str(value)]
            elif name not in ("past", "page") and value:
                parts += [words[language], value]
        return "".join(f"{part}/" for part in parts)

    def but(self, **changes: Any) -> Self:
        """This filter with something else; on its first page unless that is what changes."""
        return replace(self, **{"page": 1, **changes})

    @property
    def chosen(self) -> dict[str, str]:
        """What is chosen, without time and page: name → value."""
        return {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if field.name in CHOICES and getattr(self, field.name)
        }

    def narrow(self, events: "EventQuerySet") -> "EventQuerySet":
        """Only the events that agree with every choice, of any time."""
        if self.region:
            events = events.in_region(self.region)
        if self.kind:
            events = events.of_kind(self.kind)
        if self.language:
            events = events.spoken_in(self.language)
        if self.format:
            events = events.in_format(self.format)
        if self.objective:
            events = events.towards(self.objective)
        return events


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < len(text) < 5 and int(text) > 0 and not text.startswith("0")):
        raise Unknown("number")
    return int(text)
