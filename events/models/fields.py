"""Field types of events: the clock on the wall, and the languages spoken."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from recurrence.fields import RecurrenceField as StoredRecurrenceField
from wagtail.admin.widgets import AdminDateTimeInput


class WallClockInput(AdminDateTimeInput):
    """What is typed stays: Wagtail's own rewrites it when one leaves it, by the clock of the editor's machine.

    An hour that this clock skips in spring would become another one, wherever the event is.
    """

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "validateOnBlur": False}


class WallClockFormField(forms.DateTimeField):
    """Naive in, naive out: the editor's own zone plays no part. A year that no meeting has is a slip of the keys."""

    widget = WallClockInput
    years = range(1900, 2201)

    def prepare_value(self, value: Any) -> Any:
        return value

    def to_python(self, value: Any) -> dt.datetime | None:
        with timezone.override(dt.UTC):
            value = super().to_python(value)
        if value and value.year not in self.years:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return value.replace(tzinfo=None) if value else None


class WallClockField(models.Field):
    """A date and a time as a clock on the wall shows them, without a zone.

    Not a ``DateTimeField``: Django, modelcluster and the admin convert those.
    """

    description = _("Wall-clock date and time")
    empty_strings_allowed = False

    def db_type(self, connection: Any) -> str:
        return "timestamp without time zone" if connection.vendor == "postgresql" else "datetime"

    def get_internal_type(self) -> str:
        return "WallClockField"

    def to_python(self, value: Any) -> dt.datetime | None:
        if value in (None, ""):
            return None
        if isinstance(value, str):
            try:
                value = parse_datetime(value)
            except ValueError:
                value = None
        if not isinstance(value, dt.datetime) or value.tzinfo is not None:
            raise ValidationError(_("Not a wall-clock date and time."), code="wall_clock")
        return value

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> dt.datetime | None:
        return self.to_python(value)

    def get_prep_value(self, value: Any) -> str | None:
        value = self.to_python(super().get_prep_value(value))
        return value.isoformat(" ") if value else None

    def pre_save(self, model_instance: models.Model, add: bool) -> str | None:
        # A text: modelcluster would shift a naive datetime to UTC in a revision.
        return self._text(getattr(model_instance, self.attname))

    def value_to_string(self, obj: models.Model) -> str | None:  # type: ignore[override]
        return self._text(self.value_from_object(obj))

    def _text(self, value: Any) -> str | None:
        value = self.to_python(value)
        return value.isoformat() if value else None

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": WallClockFormField, "widget": WallClockInput, **kwargs})


class LanguagesFormField(forms.TypedMultipleChoiceField):
    """Check boxes, one a language."""


class LanguagesField(models.CharField):
    """Language codes as a list, stored as ``,fr,en,`` so that one can be looked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 80)
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> list[str]:
        if not value:
            return []
        if isinstance(value, str):
            value = value.split(",")
        known = [code for code, _name in settings.LANGUAGES_OF_EVENTS]
        codes = {str(code).strip() for code in value} - {""}
        return sorted(codes, key=lambda code: (known.index(code) if code in known else len(known), code))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> list[str]:
        return self.to_python(value)

    def get_prep_value(self, value: Any) -> str:
        codes = self.to_python(value)
        return f",{','.join(codes)}," if codes else ""

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))

    def run_validators(self, value: Any) -> None:
        """Only the list's members are checked, in validate()."""

    def validate(self, value: Any, model_instance: Any) -> None:
        unknown = set(value) - {code for code, _name in settings.LANGUAGES_OF_EVENTS}
        if unknown:
            raise ValidationError(
                _("Unknown language: %(codes)s"), code="language", params={"codes": ", ".join(sorted(unknown))}
            )

    def formfield(self, **kwargs: Any) -> Any:
        kept = {k: kwargs[k] for k in ("label", "help_text", "required") if k in kwargs}
        described: dict[str, Any] = {
            "label": capfirst(self.verbose_name),
            "help_text": self.help_text,
            "required": not self.blank,
        }
        return LanguagesFormField(
            choices=settings.LANGUAGES_OF_EVENTS, widget=forms.CheckboxSelectMultiple, **(described | kept)
        )


class _Kept(DeferredAttribute):
    """Coerces what is assigned, and survives ``defer()`` and ``only()``."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = self.field.to_python(value)


class RecurrenceField(StoredRecurrenceField):
    """An RFC 5545 rule whose every ``Z`` means the clock on the wall.

    django-recurrence 1.14 raises KeyError on deferred rows; this one does not.
    """

    def contribute_to_class(self, cls: Any, *args: Any, **kwargs: Any) -> None:
        super().contribute_to_class(cls, *args, **kwargs)
        setattr(cls, self.name, _Kept(self))
