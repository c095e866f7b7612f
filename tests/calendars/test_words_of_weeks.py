"""A rule of days or weeks in words is what somebody would say aloud, in each of the three languages."""

import pytest

from tests.calendars.said import days, each

pytestmark = pytest.mark.once

# FREQ=…, then what a French, an English and a Spanish speaker says.
SAID = [
    ("DAILY", "tous les jours", "every day", "todos los días"),
    ("DAILY;INTERVAL=2", "tous les deux jours", "every second day", "cada dos días"),
    ("DAILY;INTERVAL=3", "tous les trois jours", "every three days", "cada tres días"),
    ("DAILY;INTERVAL=15", "tous les 15 jours", "every 15 days", "cada 15 días"),
    (
        "DAILY;COUNT=5",
        "tous les jours, cinq fois en tout",
        "every day, five times in all",
        "todos los días, cinco veces en total",
    ),
    ("DAILY;BYMONTH=6", "tous les jours de juin", "every day in June", "todos los días de junio"),
    ("DAILY;BYDAY=TH", "tous les jeudis", "every Thursday", "todos los jueves"),
    (
        "DAILY;INTERVAL=3;BYDAY=TU,TH",
        "tous les trois jours, si c’est un mardi ou un jeudi",
        "every three days, if that is a Tuesday or a Thursday",
        "cada tres días, si cae en martes o jueves",
    ),
    (
        "DAILY;INTERVAL=3;BYMONTHDAY=7,8",
        "tous les trois jours, si c’est le 7 ou le 8 du mois",
        "every three days, if that is the 7th or the 8th of the month",
        "cada tres días, si es el día 7 o el día 8 del mes",
    ),
    ("WEEKLY", "tous les jeudis", "every Thursday", "todos los jueves"),
    (
        "WEEKLY;BYDAY=SA,SU",
        "tous les samedis et dimanches",
        "every Saturday and Sunday",
        "todos los sábados y domingos",
    ),
    ("WEEKLY;INTERVAL=2", "tous les deux jeudis", "every second Thursday", "cada dos jueves"),
    ("WEEKLY;INTERVAL=2;BYDAY=SA", "tous les deux samedis", "every second Saturday", "cada dos sábados"),
    (
        "WEEKLY;INTERVAL=3",
        "toutes les trois semaines, le jeudi",
        "every three weeks on Thursday",
        "cada tres semanas, el jueves",
    ),
    (
        "WEEKLY;BYDAY=FR,MO,WE",
        "tous les lundis, mercredis et vendredis",
        "every Monday, Wednesday and Friday",
        "todos los lunes, miércoles y viernes",
    ),
    (
        "WEEKLY;INTERVAL=2;BYDAY=TU,TH",
        "toutes les deux semaines, le mardi et le jeudi",
        "every second week on Tuesday and Thursday",
        "cada dos semanas, el martes y el jueves",
    ),
    (
        "WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        "tous les jours du lundi au vendredi",
        "every day from Monday to Friday",
        "todos los días de lunes a viernes",
    ),
    (
        "WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR",
        "toutes les deux semaines, du lundi au vendredi",
        "every second week from Monday to Friday",
        "cada dos semanas, de lunes a viernes",
    ),
    ("WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", "tous les jours", "every day", "todos los días"),
    (
        "WEEKLY;BYMONTH=4,10",
        "tous les jeudis d’avril et d’octobre",
        "every Thursday in April and October",
        "todos los jueves de abril y de octubre",
    ),
    (
        "WEEKLY;INTERVAL=2;BYMONTH=9,10,11,12,1,2,3,4,5,6",
        "tous les deux jeudis, de septembre à juin seulement",
        "every second Thursday, from September to June only",
        "cada dos jueves, solo de septiembre a junio",
    ),
]


@pytest.mark.parametrize(("line", "language", "told"), each(SAID))
def test_a_rule_of_days_or_weeks_is_said_as_a_person_would(line, language, told):
    assert days(line, language) == told
