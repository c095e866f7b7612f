"""The hours typed, beside them on other clocks: those of the place, of the editor, of Paris, of all (UTC)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from wagtail.admin.panels import Panel

from events.calendars import hours
from events.calendars.hours import day_of, time_of
from events.calendars.zone_names import city, is_utc
from events.models.fields import WallClockFormField
from events.models.occurrence import span
from events.models.wallclock import clock_problem
from regions.models.fields import zone_names

BESIDE = ("Europe/Paris", "UTC", "America/Bogota")
"Where else an hour is told, where the editor's own clock adds nothing: the Secretariat, everybody, the other side."
FIELDS = ("timezone", "start_local", "end_local", "all_day", "start_fold", "end_fold")


@dataclass
class Beside:
    """What the clocks show: at the place, then two others."""

    place: hours.Hours | None = None
    others: list[hours.Hours] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    "Which of start and end lies in an hour that comes twice: the form asks which is meant."
    trouble: str = ""


def told(typed: Mapping[str, Any], here: str = "") -> Beside:
    """The hours of what was typed, in the reader's language.

    ``here`` is the zone of the editor's own clock. Nothing is told of what can't be read yet.
    """
    zone = typed.get("timezone") or ""
    start, end = clock(typed.get("start_local")), clock(typed.get("end_local"))
    if zone not in zone_names() or start is None:
        return Beside()
    all_day = bool(typed.get("all_day"))
    found = Beside()
    if not all_day:
        for name, local in (("start", start), ("end", end)):
            problem = clock_problem(local, zone) if local else None
            if problem == "twice":
                found.twice.append(name)
            elif problem == "gap" and local:
                found.trouble = _("%(time)s does not exist that day at the place: the clock is put forward.") % {
                    "time": f"{local:%H:%M}"
                }
    last = end if end is not None else start
    instants = span(start, last, zone, all_day, _fold(typed.get("start_fold")), _fold(typed.get("end_fold")))
    if instants["ends_at"] < instants["starts_at"] or (end is not None and end == start and not all_day):
        found.trouble = found.trouble or _("The end must come after the beginning.")
        instants["ends_at"], last = instants["starts_at"], start
    language = get_language() or settings.LANGUAGE_CODE

    def on_the_clock_of(there: str) -> hours.Hours:
        return hours.tell(instants["starts_at"], instants["ends_at"], there, all_day, start, last, language)

    found.place = on_the_clock_of(zone)
    if not all_day:
        found.others = [on_the_clock_of(other) for other in _others(zone, here)]
    return found


def _others(zone: str, here: str) -> list[str]:
    known = [name for name in (here, *BESIDE) if name in zone_names() and name != zone]
    if is_utc(zone):
        known = [name for name in known if not is_utc(name)]
    return list(dict.fromkeys(known))[:2]


def clock(value: Any) -> dt.datetime | None:
    """A wall clock as typed or as stored; None for what can't be read."""
    if isinstance(value, dt.datetime):
        return value
    try:
        return WallClockFormField(required=False).clean(value)
    except ValidationError:
        return None


def _fold(value: Any) -> int | None:
    return int(value) if str(value) in ("0", "1") else None


def own_zone(user: Any) -> str:
    """The zone that somebody chose for their account; empty where they chose none."""
    profile = getattr(user, "wagtail_userprofile", None)
    return profile.current_time_zone if profile else ""


def whose_clock(at: dt.datetime | None, zone: str) -> str:
    """Whose clock a scheduled publication goes by: the editor's; and what it is then at the place, once it is set."""
    language = get_language() or settings.LANGUAGE_CODE
    own = timezone.get_current_timezone_name()
    said = _("On your own clock (%(zone)s), which your account sets.") % {"zone": city_of(own, language)}
    if at is None or zone not in zone_names() or zone == own:
        return said
    there = at.astimezone(ZoneInfo(zone))
    return f"{said} " + _("Set for %(day)s, %(time)s in %(city)s.") % {
        "day": day_of(there, language),
        "time": time_of(there, language),
        "city": city_of(zone, language),
    }


def city_of(zone: str, language: str) -> str:
    return "UTC" if is_utc(zone) else city(zone, language)


@never_cache
def lines(request: HttpRequest) -> HttpResponse:
    """The same as the form shows, for what is typed just now; it changes nothing."""
    here = own_zone(request.user) or request.GET.get("here", "")
    return render(request, "desk/hours_lines.html", {"beside": told(request.GET, here)})


class HoursPanel(Panel):
    """Below the hours typed: what other clocks show then. A script keeps it true as one types."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "desk/hours_beside.html"

        class Media:
            js = ["desk/hours.js"]

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            typed = {name: self.form[name].value() for name in FIELDS if name in self.form.fields}
            return context | {"beside": told(typed, own_zone(self.request.user))}
