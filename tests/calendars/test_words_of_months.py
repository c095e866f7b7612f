"""A rule of months or years in words is what somebody would say aloud, in each of the three languages."""

import pytest

from tests.calendars.said import days, each

pytestmark = pytest.mark.once

# FREQ=…, then what a French, an English and a Spanish speaker says.
SAID = [
    ("MONTHLY", "le 28 de chaque mois", "on the 28th of every month", "el día 28 de cada mes"),
    ("MONTHLY;BYMONTHDAY=1", "le 1er de chaque mois", "on the 1st of every month", "el día 1 de cada mes"),
    (
        "MONTHLY;BYMONTHDAY=12,2",
        "le 2 et le 12 de chaque mois",
        "on the 2nd and the 12th of every month",
        "los días 2 y 12 de cada mes",
    ),
    (
        "MONTHLY;BYMONTHDAY=-1",
        "le dernier jour de chaque mois",
        "on the last day of every month",
        "el último día de cada mes",
    ),
    (
        "MONTHLY;BYMONTHDAY=-2",
        "l’avant-dernier jour de chaque mois",
        "on the second-to-last day of every month",
        "el penúltimo día de cada mes",
    ),
    (
        "MONTHLY;BYMONTHDAY=15,-1",
        "le 15 et le dernier jour de chaque mois",
        "on the 15th and the last day of every month",
        "el día 15 y el último día de cada mes",
    ),
    (
        "MONTHLY;BYMONTHDAY=31",
        "le 31 de chaque mois, quand il y en a un",
        "on the 31st of every month, when there is one",
        "el día 31 de cada mes, cuando lo haya",
    ),
    (
        "MONTHLY;INTERVAL=2;BYMONTHDAY=12",
        "tous les deux mois, le 12",
        "every second month on the 12th",
        "cada dos meses, el día 12",
    ),
    (
        "MONTHLY;INTERVAL=3;BYMONTHDAY=-1",
        "tous les trois mois, le dernier jour du mois",
        "every three months on the last day of the month",
        "cada tres meses, el último día del mes",
    ),
    (
        "MONTHLY;BYDAY=1TH",
        "le premier jeudi de chaque mois",
        "on the first Thursday of every month",
        "el primer jueves de cada mes",
    ),
    (
        "MONTHLY;BYDAY=-1TH",
        "le dernier jeudi de chaque mois",
        "on the last Thursday of every month",
        "el último jueves de cada mes",
    ),
    (
        "MONTHLY;BYDAY=TH;BYSETPOS=2",
        "le deuxième jeudi de chaque mois",
        "on the second Thursday of every month",
        "el segundo jueves de cada mes",
    ),
    (
        "MONTHLY;BYDAY=-2FR",
        "l’avant-dernier vendredi de chaque mois",
        "on the second-to-last Friday of every month",
        "el penúltimo viernes de cada mes",
    ),
    (
        "MONTHLY;BYDAY=TH;BYSETPOS=-4",
        "le quatrième jeudi de chaque mois en partant de la fin",
        "on the fourth-to-last Thursday of every month",
        "el cuarto jueves de cada mes empezando por el final",
    ),
    (
        "MONTHLY;BYDAY=3TU,1TU",
        "le premier et le troisième mardi de chaque mois",
        "on the first and third Tuesday of every month",
        "el primer y el tercer martes de cada mes",
    ),
    (
        "MONTHLY;BYDAY=-1FR,1MO",
        "le premier lundi et le dernier vendredi de chaque mois",
        "on the first Monday and the last Friday of every month",
        "el primer lunes y el último viernes de cada mes",
    ),
    (
        "MONTHLY;BYDAY=5TH",
        "le cinquième jeudi de chaque mois, quand il y en a un",
        "on the fifth Thursday of every month, when there is one",
        "el quinto jueves de cada mes, cuando lo haya",
    ),
    (
        "MONTHLY;INTERVAL=2;BYDAY=-1TH",
        "tous les deux mois, le dernier jeudi du mois",
        "every second month on the last Thursday of the month",
        "cada dos meses, el último jueves del mes",
    ),
    (
        "MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "le dernier jour de semaine de chaque mois (du lundi au vendredi)",
        "on the last weekday of every month (Monday to Friday)",
        "el último día entre semana de cada mes (de lunes a viernes)",
    ),
    (
        "MONTHLY;BYDAY=TU,TH;BYSETPOS=1",
        "le premier jour de chaque mois qui est un mardi ou un jeudi",
        "on the first day of every month that is a Tuesday or a Thursday",
        "el primer día de cada mes que sea martes o jueves",
    ),
    (
        "MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "chaque vendredi qui tombe un 13",
        "every Friday that falls on the 13th",
        "cada viernes que caiga en día 13",
    ),
    (
        "MONTHLY;BYDAY=SA,SU;BYMONTHDAY=7,8",
        "chaque samedi ou dimanche qui tombe un 7 ou un 8",
        "every Saturday or Sunday that falls on the 7th or the 8th",
        "cada sábado o domingo que caiga en día 7 u 8",
    ),
    (
        "MONTHLY;BYDAY=SA;BYMONTHDAY=8,9,10,11,12,13,14",
        "chaque samedi qui tombe entre le 8 et le 14 du mois",
        "every Saturday that falls between the 8th and the 14th of the month",
        "cada sábado que caiga entre el 8 y el 14 del mes",
    ),
    (
        "MONTHLY;BYDAY=2TH;BYMONTH=9,10,11,12,1,2,3,4,5,6",
        "le deuxième jeudi de chaque mois, de septembre à juin",
        "on the second Thursday of every month, from September to June",
        "el segundo jueves de cada mes, de septiembre a junio",
    ),
    (
        "MONTHLY;BYDAY=2TH;BYMONTH=3,8",
        "chaque année le deuxième jeudi de mars et d’août",
        "every year on the second Thursday of March and August",
        "cada año, el segundo jueves de marzo y de agosto",
    ),
    ("YEARLY", "chaque année le 28 janvier", "every year on 28 January", "cada año, el 28 de enero"),
    (
        "YEARLY;INTERVAL=2",
        "tous les deux ans, le 28 janvier",
        "every second year on 28 January",
        "cada dos años, el 28 de enero",
    ),
    (
        "YEARLY;BYMONTH=12;BYMONTHDAY=5",
        "chaque année le 5 décembre",
        "every year on 5 December",
        "cada año, el 5 de diciembre",
    ),
    (
        "YEARLY;BYMONTH=9,3;BYMONTHDAY=1",
        "chaque année le 1er mars et le 1er septembre",
        "every year on 1 March and 1 September",
        "cada año, el 1 de marzo y el 1 de septiembre",
    ),
    (
        "YEARLY;BYMONTH=2;BYMONTHDAY=29",
        "chaque année le 29 février, quand il y en a un",
        "every year on 29 February, when there is one",
        "cada año, el 29 de febrero, cuando lo haya",
    ),
    (
        "YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29",
        "tous les quatre ans, le 29 février",
        "every four years on 29 February",
        "cada cuatro años, el 29 de febrero",
    ),
    (
        "YEARLY;BYMONTH=3;BYDAY=-1TH",
        "chaque année le dernier jeudi de mars",
        "every year on the last Thursday of March",
        "cada año, el último jueves de marzo",
    ),
    (
        "YEARLY;BYDAY=1MO",
        "le premier lundi de chaque année",
        "on the first Monday of every year",
        "el primer lunes de cada año",
    ),
    (
        "YEARLY;BYDAY=20MO",
        "le 20e lundi de chaque année",
        "on the 20th Monday of every year",
        "el 20.º lunes de cada año",
    ),
    ("YEARLY;BYMONTHDAY=12", "le 12 de chaque mois", "on the 12th of every month", "el día 12 de cada mes"),
    ("YEARLY;BYDAY=TH;BYMONTH=3", "tous les jeudis de mars", "every Thursday in March", "todos los jueves de marzo"),
    (
        "YEARLY;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        "chaque mardi qui tombe entre le 2 et le 8 novembre",
        "every Tuesday that falls between 2 and 8 November",
        "cada martes que caiga entre el 2 y el 8 de noviembre",
    ),
    (
        "MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1",
        "à des dates que fixe une règle particulière",
        "on dates set by a rule of its own",
        "en fechas que fija una regla particular",
    ),
]


@pytest.mark.parametrize(("line", "language", "told"), each(SAID))
def test_a_rule_of_months_or_years_is_said_as_a_person_would(line, language, told):
    assert days(line, language) == told
