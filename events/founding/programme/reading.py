"""Reading: the file's records, field by field, with every mistake named by its path."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError

from regions.models.fields import valid_zone

Trilingual = dict[str, str]
MISSING = object()


class Problem(NamedTuple):
    """What is wrong, and where in the file: "events[12].end_local"."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class ProgrammeRefused(Exception):
    """The file can't be loaded; nothing has been changed."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class Record:
    """One object of the file.

    Asking for a field gives its value in the type asked, or notes a problem and
    gives an empty one. What has never been asked for is "not loaded".
    """

    def __init__(self, path: str, data: dict[str, Any], problems: list[Problem]) -> None:
        self.path = path
        self.data = data
        self.problems = problems
        self.asked: set[str] = set()
        self.inner: dict[str, list[Record]] = {}

    def refuse(self, name: str, reason: str) -> None:
        self.problems.append(Problem(f"{self.path}.{name}" if name else self.path, reason))

    def _get(self, name: str, kind: type | tuple[type, ...], said: str, required: bool) -> Any:
        self.asked.add(name)
        value = self.data.get(name)
        if value is None:
            if required:
                self.refuse(name, "is missing.")
            return None
        if not isinstance(value, kind) or (isinstance(value, bool) and bool not in _kinds(kind)):
            self.refuse(name, f"must be {said}, not {json.dumps(value, ensure_ascii=False)[:60]}.")
            return None
        return value

    def text(self, name: str, required: bool = False) -> str:
        value = self._get(name, str, "a text", required) or ""
        if "\x00" in value:
            self.refuse(name, "holds a character that no text has (NUL).")
        elif required and not value.strip() and self.data.get(name) is not None:
            self.refuse(name, "is empty.")
        return value.strip()

    def trilingual(self, name: str, required: bool = False) -> Trilingual:
        """A text per language; French is required once there is any."""
        said = self._get(name, dict, "a text per language", required)
        if not said:
            if required and said is not None:
                self.refuse(name, "the French text is missing.")
            return {}
        known = {code for code, _name in settings.LANGUAGES}
        inner = Record(f"{self.path}.{name}", said, self.problems)
        for code in said:
            if code not in known:
                inner.refuse(code, "is not a language of the site.")
        texts = {code: text for code in sorted(known) if (text := inner.text(code))}
        if settings.LANGUAGE_CODE not in texts:
            self.refuse(name, "the French text is missing.")
        return texts

    def proper_name(self, name: str) -> Trilingual:
        """A name that is the same in every language, or one told per language."""
        if isinstance(self.data.get(name), dict):
            return self.trilingual(name)
        text = self.text(name)
        return dict.fromkeys(sorted(code for code, _name in settings.LANGUAGES), text) if text else {}

    def choice(self, name: str, choices: dict[str, str], required: bool = True) -> str:
        """One of the words of the file, in the word of the house."""
        value = self.text(name, required)
        if value and value not in choices:
            self.refuse(name, f"“{value}” is none of: {', '.join(choices)}.")
            return ""
        return choices.get(value, "")

    def flag(self, name: str) -> bool:
        return bool(self._get(name, bool, "true or false", False))

    def whole(self, name: str) -> int | None:
        value = self._get(name, int, "a whole number", False)
        if value is not None and value < 0:
            self.refuse(name, "can't be less than nothing.")
            return None
        return int(value) if value is not None else None

    def degrees(self, name: str, most: int) -> str | None:
        """A coordinate with six places, as a text."""
        value = self._get(name, (int, float), "a number of degrees", False)
        if value is None:
            return None
        if not -most <= value <= most:
            self.refuse(name, f"must lie between -{most} and {most}.")
            return None
        return f"{Decimal(str(value)):.6f}"

    def minor_units(self, name: str) -> int:
        """A price in the smallest unit of its currency: "60.00" is 6000."""
        text = self.text(name) or "0"
        try:
            price = Decimal(text) * 100
        except InvalidOperation:
            price = Decimal("NaN")
        if not price.is_finite() or price < 0 or price != price.to_integral_value():
            self.refuse(name, f"“{text}” is not a price like 60.00.")
            return 0
        return int(price)

    def wall_clock(self, name: str, required: bool = False) -> str | None:
        """A naive date and time, as ISO 8601."""
        return self._clock(name, self.text(name, required))

    def _clock(self, name: str, text: str) -> str | None:
        if not text:
            return None
        try:
            value = dt.datetime.fromisoformat(text)
        except ValueError:
            self.refuse(name, f"“{text}” is not a date and time like 2027-04-20T09:00:00.")
            return None
        if value.tzinfo is not None:
            self.refuse(name, "must be the clock on the wall, without an offset.")
            return None
        return value.isoformat()

    def day(self, name: str) -> str:
        text = self.text(name, required=True)
        try:
            return dt.date.fromisoformat(text).isoformat()
        except ValueError:
            if text:
                self.refuse(name, f"“{text}” is not a date like 2027-04-20.")
            return ""

    def zone(self, name: str, required: bool = False) -> str:
        """The IANA name of a zone that a place has."""
        text = self.text(name, required)
        try:
            if text:
                valid_zone(text)
        except ValidationError as error:
            self.refuse(name, " ".join(error.messages))
            return ""
        return text

    def texts(self, name: str) -> list[str]:
        values = self._get(name, list, "a list", False) or []
        found = []
        for index, value in enumerate(values):
            if not isinstance(value, str) or not value.strip():
                self.refuse(f"{name}[{index}]", "must be a text.")
            elif value.strip() in found:
                self.refuse(f"{name}[{index}]", f"“{value}” is named twice.")
            else:
                found.append(value.strip())
        return found

    def clocks(self, name: str) -> list[str]:
        return [clock for text in self.texts(name) if (clock := self._clock(name, text))]

    def record(self, name: str) -> "Record | None":
        value = self._get(name, dict, "an object", False)
        if value is None:
            return None
        inner = Record(f"{self.path}.{name}", value, self.problems)
        self.inner.setdefault(name, []).append(inner)
        return inner

    def records(self, name: str) -> "list[Record]":
        values = self._get(name, list, "a list", False) or []
        found = []
        for index, value in enumerate(values):
            if isinstance(value, dict):
                found.append(Record(f"{self.path}.{name}[{index}]", value, self.problems))
            else:
                self.refuse(f"{name}[{index}]", "must be an object.")
        self.inner.setdefault(name, []).extend(found)
        return found

    def reference(self, name: str, known: set[str], of: str, required: bool = False) -> str | None:
        value = self.text(name, required)
        if value and value not in known:
            self.refuse(name, f"unknown {of} “{value}”.")
            return None
        return value or None

    def references(self, name: str, known: set[str], of: str) -> list[str]:
        found = []
        for index, value in enumerate(self.texts(name)):
            if value in known:
                found.append(value)
            else:
                self.refuse(f"{name}[{index}]", f"unknown {of} “{value}”.")
        return found

    def unasked(self, prefix: str) -> Iterator[str]:
        """The names of fields with a value that nobody has asked for."""
        for name, value in self.data.items():
            if name not in self.asked:
                if value not in (None, [], {}, ""):
                    yield f"{prefix}.{name}"
                continue
            for inner in self.inner.get(name, []):
                yield from inner.unasked(f"{prefix}.{name}")


def _kinds(kind: type | tuple[type, ...]) -> tuple[type, ...]:
    return kind if isinstance(kind, tuple) else (kind,)


class Programme(Record):
    """The whole file; its sections are lists of records, each known by a key."""

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__("", data, [])
        self.keys: dict[str, set[str]] = {}

    def refuse(self, name: str, reason: str) -> None:
        self.problems.append(Problem(name, reason))

    def section(self, name: str, key: str) -> list[Record]:
        """The records of a section; those without a key, or with one given before, are refused."""
        first: dict[str, str] = {}
        found = []
        for record in self.records(name):
            value = record.text(key, required=True)
            if value in first:
                record.refuse(key, f"“{value}” is {first[value]} already.")
            elif value:
                first[value] = record.path
                found.append(record)
        self.keys[name] = set(first)
        return found

    def records(self, name: str) -> list[Record]:
        found = super().records(name)
        for record in found:
            record.path = record.path.removeprefix(".")
        return found

    def not_loaded(self) -> Counter[str]:
        """How many times each thing without a home stands in the file, by name."""
        found: Counter[str] = Counter()
        for name, value in self.data.items():
            if name not in self.asked:
                found[name] = len(value) if isinstance(value, list | dict) else 1
            for record in self.inner.get(name, []):
                found.update(record.unasked(name))
        return found


def read(path: Path) -> Programme:
    """Parse a file.

    Raises:
        ProgrammeRefused: it can't be read or is no JSON object.
    """
    try:
        data = json.loads(path.read_bytes(), parse_constant=_no_constant)
    except OSError as error:
        raise ProgrammeRefused([Problem(str(path), f"can't be read ({error.strerror}).")]) from error
    except json.JSONDecodeError as error:
        reason = f"is not valid JSON at line {error.lineno}, column {error.colno}: {error.msg}."
        raise ProgrammeRefused([Problem(path.name, reason)]) from error
    except RecursionError as error:
        raise ProgrammeRefused([Problem(path.name, "holds lists within lists without end.")]) from error
    except ValueError as error:  # bytes that are no UTF-8, or NaN
        raise ProgrammeRefused([Problem(path.name, f"is not valid JSON: {error}.")]) from error
    if not isinstance(data, dict):
        raise ProgrammeRefused([Problem(path.name, "must hold one object with the sections of the programme.")])
    return Programme(data)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")
