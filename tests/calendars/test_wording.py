"""A series in words: its days, its hour on the clock of the place, and its end."""

import datetime as dt

import pytest
import recurrence
from django.utils import translation

from events.calendars.wording import words
from tests.calendars.said import THURSDAY, days, rule
from tests.factories import EventFactory

pytestmark = pytest.mark.once

NARROW = "\N{NARROW NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("language", "zone", "hour", "told"),
    [
        ("fr", "Europe/Paris", (15, 0), f"tous les deux jeudis à 15{NARROW}h, heure de Paris"),
        ("en", "Europe/Paris", (15, 0), "every second Thursday at 15:00, Paris time"),
        ("es", "Europe/Paris", (15, 0), "cada dos jueves a las 15:00, hora de París"),
        ("fr", "Africa/Cairo", (8, 30), f"tous les deux jeudis à 8{NARROW}h{NARROW}30, heure du Caire"),
        ("en", "Africa/Cairo", (8, 30), "every second Thursday at 08:30, Cairo time"),
        ("es", "Africa/Cairo", (1, 30), "cada dos jueves a la 1:30, hora de El Cairo"),
        ("fr", "Africa/Abidjan", (9, 0), f"tous les deux jeudis à 9{NARROW}h, heure d’Abidjan"),
        ("fr", "Europe/Athens", (9, 0), f"tous les deux jeudis à 9{NARROW}h, heure d’Athènes"),
        ("fr", "Europe/Helsinki", (9, 0), f"tous les deux jeudis à 9{NARROW}h, heure d’Helsinki"),
        ("fr", "Africa/Harare", (9, 0), f"tous les deux jeudis à 9{NARROW}h, heure de Harare"),
        ("fr", "America/La_Paz", (9, 0), f"tous les deux jeudis à 9{NARROW}h, heure de La Paz"),
        ("fr", "Atlantic/Azores", (9, 0), f"tous les deux jeudis à 9{NARROW}h, heure des Açores"),
        ("fr", "Pacific/Easter", (9, 0), f"tous les deux jeudis à 9{NARROW}h, heure de l’île de Pâques"),
        ("es", "Atlantic/Azores", (13, 0), "cada dos jueves a las 13:00, hora de las Azores"),
        ("es", "America/Argentina/Buenos_Aires", (9, 0), "cada dos jueves a las 9:00, hora de Buenos Aires"),
        ("fr", "UTC", (9, 0), f"tous les deux jeudis à 9{NARROW}h, temps universel (UTC)"),
        ("en", "Etc/UTC", (9, 0), "every second Thursday at 09:00, Universal Time (UTC)"),
    ],
)
def test_the_hour_is_that_of_the_place_and_says_so(language, zone, hour, told):
    start = THURSDAY.replace(hour=hour[0], minute=hour[1])
    event = EventFactory.build(recurrence=rule("WEEKLY;INTERVAL=2"), start_local=start, timezone=zone)
    assert words(event, language) == told


@pytest.mark.parametrize(
    ("end", "fr", "en", "es"),
    [
        ("UNTIL=20270612", "jusqu’au 12 juin 2027", "until 12 June 2027", "hasta el 12 de junio de 2027"),
        ("UNTIL=20270601T000000Z", "jusqu’au 1er juin 2027", "until 1 June 2027", "hasta el 1 de junio de 2027"),
        # A moment before the hour of the meeting leaves that day out.
        ("UNTIL=20270612T090000Z", "jusqu’au 11 juin 2027", "until 11 June 2027", "hasta el 11 de junio de 2027"),
        ("COUNT=6", "six fois en tout", "six times in all", "seis veces en total"),
        ("COUNT=2", "deux fois en tout", "twice in all", "dos veces en total"),
        ("COUNT=1", "une seule fois", "once only", "una sola vez"),
        ("COUNT=24", "24 fois en tout", "24 times in all", "24 veces en total"),
    ],
)
def test_the_end_is_told_last(end, fr, en, es):
    event = EventFactory.build(recurrence=rule(f"WEEKLY;BYMONTH=1,2,3;{end}"), start_local=THURSDAY)
    assert words(event, "fr") == f"tous les jeudis à 15{NARROW}h, heure de Paris, de janvier à mars, {fr}"
    assert words(event, "en") == f"every Thursday at 15:00, Paris time, from January to March, {en}"
    assert words(event, "es") == f"todos los jueves a las 15:00, hora de París, de enero a marzo, {es}"


def test_whole_days_have_neither_hour_nor_clock():
    day = dt.datetime(2026, 12, 5)
    event = EventFactory.build(recurrence=rule("YEARLY"), start_local=day, all_day=True, timezone="UTC")
    assert words(event, "fr") == "chaque année le 5 décembre"


def test_a_single_date_has_no_words():
    assert words(EventFactory.build(), "fr") == ""
    assert words(EventFactory.build(recurrence=recurrence.Recurrence(include_dtstart=False)), "fr") == ""


def test_the_language_asked_for_counts_not_the_one_in_use():
    with translation.override("es"):
        assert days("WEEKLY", "en") == "every Thursday"


@pytest.mark.parametrize("line", ["HOURLY", "DAILY;BYHOUR=3", "WEEKLY;BYWEEKNO=3", "YEARLY;BYYEARDAY=100"])
def test_a_rule_that_is_not_followed_has_a_sentence_that_is_true(line):
    assert days(line, "en") == "on dates set by a rule of its own"
