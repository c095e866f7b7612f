"""The next dates of what is being typed, in words and on the clocks of all regions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from recurrence import Recurrence

from events.calendars import fair
from events.calendars.days import long_date
from events.calendars.wording import rule_words
from events.models.expansion import LONGEST, expand
from events.models.first_date import objection
from events.models.occurrence import span
from regions.models.fields import zone_names

from .. import beside
from .rule_choices import Choices, too_early

SHOWN = 8
COUNTED = 1000
LOOKED_BACK, SECOND = dt.timedelta(days=800), dt.timedelta(seconds=1)
"So far back lies the date before the first one shown, whose hour it is compared with."
MOST_SENT = 50_000
"Characters of a form's text that are looked at: the most dates that can be skipped are far fewer."


@dataclass(frozen=True)
class Typed:
    """The zone typed, and whether whole days are meant."""

    timezone: str
    all_day: bool


@dataclass
class Coming:
    """A rule in words, its next dates, and what is wrong with it."""

    words: str = ""
    table: fair.Table | None = None
    trouble: tuple[str, ...] = ()
    total: int = 0
    "How many dates there are in all, where the rule ends; 0 where it does not."
    last: str = ""
    over: bool = False
    "Whether all of them have passed: the first ones are shown then."


def told(typed: Mapping[str, Any]) -> Coming | None:
    """The dates of what was typed, in the reader's language; None where nothing repeats or can be read yet.

    ``typed`` holds the fields of the hours, as text or as values, and ``choices``.
    """
    choices: Choices = typed["choices"]
    start, zone = beside.clock(typed.get("start_local")), typed.get("timezone") or ""
    end = beside.clock(typed.get("end_local")) or start
    if start is None or end is None or zone not in zone_names() or not (choices.frequency or choices.kept):
        return None
    try:
        recurrence = choices.recurrence()
    except ValidationError as error:
        return Coming(trouble=tuple(error.messages))
    if recurrence is None:
        return None
    return _dates(recurrence, start, max(end, start), Typed(zone, bool(typed.get("all_day"))))


def _dates(recurrence: Recurrence, start: dt.datetime, end: dt.datetime, typed: Typed) -> Coming:
    language = get_language() or settings.LANGUAGE_CODE
    said = rule_words(recurrence, start, typed.all_day, language, zone=typed.timezone)
    refused = too_early(recurrence, start) or objection(recurrence, start)
    if refused:
        return Coming(words=said, trouble=tuple(refused.messages))
    rule = recurrence.rrules[0]
    ends = rule.count is not None or rule.until is not None
    starts = expand(recurrence, start, start, start + LONGEST, limit=COUNTED if ends else 1)
    now = timezone.now().astimezone(ZoneInfo(typed.timezone)).replace(tzinfo=None)
    coming = expand(recurrence, start, max(start, now - (end - start)), start + LONGEST, limit=SHOWN)
    shown = coming or starts[:SHOWN]
    earlier = expand(recurrence, start, shown[0] - LOOKED_BACK, shown[0] - SECOND, limit=COUNTED)[-1:] if shown else []
    length = end - start
    spans = [_span(one, one + length, typed) for one in shown]
    return Coming(
        words=said,
        table=fair.table(typed, spans, language, before=_span(earlier[0], earlier[0], typed)[0] if earlier else None),
        total=len(starts) if ends and len(starts) < COUNTED else 0,
        last=long_date(starts[-1], language) if ends and starts and len(starts) < COUNTED else "",
        over=bool(starts) and not coming,
    )


def _span(start: dt.datetime, end: dt.datetime, typed: Typed) -> fair.Span:
    instants = span(start, end, typed.timezone, typed.all_day, None, None)
    return instants["starts_at"], max(instants["ends_at"], instants["starts_at"])


@never_cache
def lines(request: HttpRequest) -> HttpResponse:
    """The same as the form shows, for what is chosen just now; it changes nothing and reads nothing of any event."""
    sent = request.POST if request.method == "POST" else request.GET
    size = sum(len(value) for _name, values in sent.lists() for value in values)
    found = None
    if size <= MOST_SENT:
        found = told({**{name: sent.get(name) for name in beside.FIELDS}, "choices": Choices.sent(sent, "recurrence")})
    return render(request, "desk/rule_dates.html", {"coming": found})
