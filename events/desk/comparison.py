"""What changed between two versions of an event, told as a reader would say it."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from wagtail.admin.compare import FieldComparison, TextDiff, diff_text, register_comparison_class

from events.calendars.days import long_date
from events.calendars.hours import time_of
from events.models.fields import LanguagesField, RecurrenceField, WallClockField

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


class WallClockComparison(TextComparison):
    """Shows both hours whole: half an hour changed is another hour."""

    def text(self, value: Any) -> str:
        language = get_language() or settings.LANGUAGE_CODE
        return f"{long_date(value, language)}, {time_of(value, language)}" if value else ""

    def htmldiff(self) -> str:
        before, after = self.text(self.val_a), self.text(self.val_b)
        parts = [("equal", before)] if before == after else [("deletion", before), ("addition", after)]
        html: str = TextDiff([part for part in parts if part[1]]).to_html()
        return html


class LanguagesComparison(TextComparison):
    """Names the languages spoken."""

    def text(self, value: Any) -> str:
        names = dict(settings.LANGUAGES_OF_EVENTS)
        return ", ".join(str(names.get(code, code)) for code in value or [])


class RuleComparison(TextComparison):
    """Shows the rule and the dates skipped as they are typed."""

    def text(self, value: Any) -> str:
        return "\n".join(part for part in written(value) if part)


register_comparison_class(WallClockField, comparison_class=WallClockComparison)
register_comparison_class(LanguagesField, comparison_class=LanguagesComparison)
register_comparison_class(RecurrenceField, comparison_class=RuleComparison)
