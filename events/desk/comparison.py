"""What changed between two versions of an event, told as a reader would say it."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.admin.compare import FieldComparison, TextDiff, diff_text, register_comparison_class

from events.calendars.days import long_date
from events.calendars.hours import time_of
from events.calendars.wording import rule_words
from events.models.fields import LanguagesField, RecurrenceField, WallClockField
from regions import countries
from regions.models.fields import CountryField, ZoneField

from .dates.rule import written


class TextComparison(FieldComparison):
    """Compares two values by the text that stands for each."""

    def text(self, value: Any) -> str:
        return str(value or "")

    def has_changed(self) -> bool:
        return self.text(self.val_a) != self.text(self.val_b)

    def htmldiff(self) -> str:
        html: str = diff_text(self.text(self.val_a), self.text(self.val_b)).to_html()
        return html


class WholeComparison(TextComparison):
    """Shows both values whole: a part of a number or of a name means nothing."""

    def htmldiff(self) -> str:
        before, after = self.text(self.val_a), self.text(self.val_b)
        parts = [("equal", before)] if before == after else [("deletion", before), ("addition", after)]
        html: str = TextDiff([part for part in parts if part[1]]).to_html()
        return html


class WallClockComparison(WholeComparison):
    """Shows both hours whole: half an hour changed is another hour."""

    def text(self, value: Any) -> str:
        language = get_language() or settings.LANGUAGE_CODE
        return f"{long_date(value, language)}, {time_of(value, language)}" if value else ""


class DayComparison(WholeComparison):
    """Shows both days whole."""

    def text(self, value: Any) -> str:
        return long_date(value, get_language() or settings.LANGUAGE_CODE) if value else ""


class LanguagesComparison(TextComparison):
    """Names the languages spoken."""

    def text(self, value: Any) -> str:
        names = dict(settings.LANGUAGES_OF_EVENTS)
        return ", ".join(str(names.get(code, code)) for code in value or [])


class RuleComparison(WholeComparison):
    """Says the rule in words, and which dates are skipped."""

    def __init__(self, field: Any, obj_a: Any, obj_b: Any) -> None:
        super().__init__(field, obj_a, obj_b)
        language = get_language() or settings.LANGUAGE_CODE
        self.words = {
            id(value): rule_words(value, event.start_local, event.all_day, language)
            for value, event in ((self.val_a, obj_a), (self.val_b, obj_b))
        }

    def has_changed(self) -> bool:
        return written(self.val_a) != written(self.val_b)

    def text(self, value: Any) -> str:
        language = get_language() or settings.LANGUAGE_CODE
        line, skipped = written(value)
        days = ", ".join(long_date(dt.date.fromisoformat(day), language) for day in skipped.split())
        without = _("without %(days)s") % {"days": days} if days else ""
        return ", ".join(part for part in (self.words[id(value)] if line else "", without) if part)


class YesOrNoComparison(WholeComparison):
    """Says yes or no."""

    def text(self, value: Any) -> str:
        return _("yes") if value else _("no")


class NumberComparison(WholeComparison):
    """Shows numbers; where there is none, a dash."""

    def text(self, value: Any) -> str:
        return "—" if value is None else str(value)


class ZoneComparison(WholeComparison):
    """Names both zones whole."""


class CountryComparison(WholeComparison):
    """Names the country."""

    def text(self, value: Any) -> str:
        return countries.name(value) if value else ""


register_comparison_class(WallClockField, comparison_class=WallClockComparison)
register_comparison_class(models.DateField, comparison_class=DayComparison, exact_class=True)
register_comparison_class(LanguagesField, comparison_class=LanguagesComparison)
register_comparison_class(RecurrenceField, comparison_class=RuleComparison)
register_comparison_class(ZoneField, comparison_class=ZoneComparison)
register_comparison_class(CountryField, comparison_class=CountryComparison)
register_comparison_class(models.BooleanField, comparison_class=YesOrNoComparison)
for number in (models.PositiveIntegerField, models.PositiveSmallIntegerField, models.DecimalField):
    register_comparison_class(number, comparison_class=NumberComparison)
