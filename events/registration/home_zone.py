"""A person's own time zone: asked beside the country, filled in by the browser where it can."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.calendars.zone_choices import zone_choices
from events.models import Event
from regions.models.fields import valid_zone

from .long_select import Choices, Listed, LongSelect


class HomeZoneField(forms.ChoiceField):
    """One of the world's clocks, by its city; what is none counts as not said."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Your time zone"),
            help_text=_("So that we can tell you the hours where you are, and warn you when clocks change."),
            required=False,
            widget=LongSelect(attrs={"data-home-zone": True}),
        )

    def offer(self, event: Event, chosen: str, language: str) -> None:
        """One city for most clocks, with what they show when the event begins; and what was chosen."""
        at = event.starts_at or timezone.now()
        known = chosen if _is_zone(chosen) else ""

        def listed() -> Choices:
            zones = zone_choices(at, known, event.timezone, language)
            return (("", gettext("Not said")), *((zone["name"], zone["text"]) for zone in zones))

        self.choices = Listed(listed)

    def to_python(self, value: Any) -> str:
        zone = super().to_python(value)
        return zone if _is_zone(zone) else ""

    def valid_value(self, value: Any) -> bool:
        """Any zone is: a browser may know one that is not listed."""
        return True


def _is_zone(name: str) -> bool:
    try:
        valid_zone(name)
    except ValidationError:
        return False
    return True
