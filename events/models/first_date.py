"""The first date of a series: the rule must give it, and nobody may skip it."""

import datetime as dt

from babel.dates import format_date
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from recurrence import Recurrence

from .expansion import anchor, skipped_starts


def objection(recurrence: Recurrence | None, start_local: dt.datetime) -> ValidationError | None:
    """What a rule and the first date of its series have against each other, if anything.

    Calendar apps show the first date even where the rule does not give it
    (RFC 5545 3.8.5.3), so it must.
    """
    if recurrence is None or not recurrence.rrules:
        return None
    first = anchor(recurrence, start_local)
    if first != start_local:
        return ValidationError(
            _("The event begins on %(start)s, which this rule does not give: its first date is %(first)s."),
            code="off_rule",
            params={"start": _told(start_local), "first": _told(first)},
        )
    given = {start.date() for start in skipped_starts(recurrence, start_local)}
    strangers = sorted({moment.date() for moment in recurrence.exdates} - given)
    if strangers:
        return ValidationError(
            _("These dates can't be skipped, because the rule does not give them: %(days)s."),
            code="not_given",
            params={"days": ", ".join(day.isoformat() for day in strangers)},
        )
    if start_local.date() in given:
        return ValidationError(
            _("The first date can't be skipped: let the event begin on the next one."), code="first_skipped"
        )
    return None


def _told(day: dt.date) -> str:
    language = get_language() or settings.LANGUAGE_CODE
    return format_date(day, "long", locale="en_GB" if language == "en" else language)
