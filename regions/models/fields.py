"""Field types shared by this room's tables and those above it."""

import zoneinfo
from collections.abc import Callable
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from regions import countries


def valid_country(code: str) -> None:
    if not countries.is_country(code):
        raise ValidationError(_("“%(code)s” is not a country's code."), code="country", params={"code": code})


@cache
def zone_names() -> frozenset[str]:
    """Every zone tzdata knows; it reads the whole folder, so once a process."""
    return frozenset(zoneinfo.available_timezones())


def valid_zone(name: str) -> None:
    """Only names of places: a fixed offset would be wrong half of the year, and "Factory" is a clock nobody set."""
    if name not in zone_names() or name.startswith(("Etc/", "posix", "right", "Factory")):
        raise ValidationError(
            _("“%(zone)s” is not a time zone. Write it like Africa/Abidjan."), code="zone", params={"zone": name}
        )


def zone_choices() -> list[tuple[str, str]]:
    """The zones that carry a place's name, and UTC."""
    return [
        (name, name.replace("_", " "))
        for name in sorted(zone_names())
        if name == "UTC"
        or (
            "/" in name
            and not name.startswith(
                ("Etc/", "posix/", "right/", "US/", "Brazil/", "Canada/", "Chile/", "Mexico/", "SystemV/")
            )
        )
    ]


def _choice(field: models.Field[Any, Any], options: Callable[[], Any], given: dict[str, Any]) -> forms.ChoiceField:
    """A select whose options follow the reader's language at each request."""
    kept = {name: given[name] for name in ("label", "help_text", "required", "initial", "widget") if name in given}
    described: dict[str, Any] = {
        "label": capfirst(field.verbose_name),
        "help_text": field.help_text,
        "required": not field.blank,
    }
    if field.has_default():
        described["initial"] = field.get_default()
    return forms.ChoiceField(choices=options, **(described | kept))


class CountryField(models.CharField):
    """An ISO 3166-1 alpha-2 code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 2
        super().__init__(*args, **kwargs)
        self.validators = [*self.validators, valid_country]

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("max_length", None)
        return name, path, args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        def options() -> list[tuple[str, str]]:
            return [*([("", "—")] if self.blank else []), *countries.choices()]

        return _choice(self, options, kwargs)


class ZoneField(models.CharField):
    """The IANA name of a time zone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 64
        super().__init__(*args, **kwargs)
        self.validators = [*self.validators, valid_zone]

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("max_length", None)
        return name, path, args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        return _choice(self, zone_choices, kwargs)
