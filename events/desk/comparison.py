"""What changed between two versions of an event, told as a reader would say it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.admin.compare import FieldComparison, TextDiff, diff_text, register_comparison_class

from events.calendars.days import long_date
from events.calendars.hours import time_of
from events.models.fields import LanguagesField, RecurrenceField, WallClockField
from regions import countries
from regions.models.fields import CountryField, ZoneField

from .rule import written


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


class RuleComparison(TextComparison):
    """Shows the rule and the dates skipped as they are typed."""

    def text(self, value: Any) -> str:
        line, skipped = written(value)
        days = _("without %(days)s") % {"days": ", ".join(skipped.split())} if skipped else ""
        return "\n".join(part for part in (line, days) if part)


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
