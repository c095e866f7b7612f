"""The rule of a series as text: what the form makes of the choices, and what it keeps."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from events.desk.dates.rule import parse, written
from events.models.expansion import expand
from events.models.fields import RecurrenceField
from events.models.first_date import objection

pytestmark = pytest.mark.once

START = dt.datetime(2027, 1, 28, 15, 30)


def dates(line: str, skipped: str = "", start: dt.datetime = START) -> list[str]:
    found = expand(parse(line, skipped), start, start, start + dt.timedelta(days=400))
    return [f"{moment:%m-%d %H:%M}" for moment in found]


def stored(line: str, skipped: str = "") -> tuple[str, str]:
    """Through the column and back."""
    field = RecurrenceField(include_dtstart=False)
    return written(field.to_python(field.get_prep_value(parse(line, skipped))))


def test_the_last_thursday_of_six_months():
    assert dates("FREQ=MONTHLY;BYDAY=-1TH;COUNT=6") == [
        "01-28 15:30",
        "02-25 15:30",
        "03-25 15:30",
        "04-29 15:30",
        "05-27 15:30",
        "06-24 15:30",
    ]


def test_a_skipped_date_is_left_out_whatever_the_hour_of_the_meeting():
    assert dates("FREQ=MONTHLY;BYDAY=-1TH;COUNT=3", "2027-02-25") == ["01-28 15:30", "03-25 15:30"]


def test_the_day_of_until_counts():
    assert dates("FREQ=WEEKLY;UNTIL=20270211")[-1] == "02-11 15:30"


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Toronto", "Asia/Kolkata"])
def test_what_is_typed_survives_the_database_whatever_the_editors_zone(zone):
    line = "FREQ=WEEKLY;INTERVAL=2;UNTIL=20271231;BYDAY=TH"
    with timezone.override(zone):
        assert stored(line, "2027-02-11\n2027-02-25") == (line, "2027-02-11\n2027-02-25")


def test_a_rule_is_read_with_its_name_in_small_letters_and_with_spaces():
    assert written(parse(" rrule:freq=daily; count=3 "))[0] == "FREQ=DAILY;COUNT=3"


def test_nothing_typed_is_no_rule():
    assert parse("", "") is None


@pytest.mark.parametrize(
    "line",
    [
        "FREQ=HOURLY",
        "FREQ=SECONDLY;COUNT=3",
        "COUNT=3",
        "every month",
        "FREQ=MONTHLY;BYDAY=6TH",
        "FREQ=MONTHLY;BYDAY=XX",
        "FREQ=WEEKLY;COUNT=0",
        "FREQ=WEEKLY;COUNT=-5",
        "FREQ=WEEKLY;COUNT=100000",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;COUNT=3;UNTIL=20270301",
        "FREQ=WEEKLY;UNTIL=20270230",
        "FREQ=WEEKLY;BYHOUR=3",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=WEEKLY;WKST=2MO",
        "FREQ=WEEKLY;FREQ=DAILY",
        "FREQ=WEEKLY\nDTSTART:20200101T000000Z",
        "FREQ=WEEKLY;BYSETPOS=1",
        "FREQ=²",
        "FREQ=WEEKLY;COUNT=٣",
    ],
)
def test_what_cannot_be_followed_is_refused_in_a_sentence(line):
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        parse(line)
    assert len(refused.value.messages[0]) > 15


def test_a_date_that_is_none_is_named():
    with translation.override("en"), pytest.raises(ValidationError, match="31/12/2027"):
        parse("FREQ=DAILY", "2027-01-30 31/12/2027")


def test_dates_skipped_without_a_rule_are_refused():
    with pytest.raises(ValidationError):
        parse("", "2027-01-30")


def test_the_first_date_must_be_one_of_the_rule():
    assert objection(parse("FREQ=MONTHLY;BYDAY=-1TH"), START) is None
    assert objection(parse("FREQ=MONTHLY;BYDAY=1TH"), START).code == "off_rule"


def test_only_dates_that_the_rule_gives_can_be_skipped():
    assert objection(parse("FREQ=WEEKLY", "2027-02-04"), START) is None
    assert objection(parse("FREQ=WEEKLY", "2027-02-05"), START).code == "not_given"
    assert objection(parse("FREQ=WEEKLY", "2027-01-28"), START).code == "first_skipped"


@pytest.mark.parametrize(("language", "told"), [("en", "27 March 2027"), ("es", "27 de marzo de 2027")])
def test_a_first_date_off_the_rule_is_told_as_the_language_writes_dates(language, told):
    start = dt.datetime(2027, 3, 27, 9)
    with translation.override(language):
        assert told in str(objection(parse("FREQ=WEEKLY;BYDAY=MO"), start))
