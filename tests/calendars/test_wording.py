"""A rule in words is what somebody would say aloud, in each of the three languages."""

import datetime as dt
from itertools import combinations, product

import pytest
import recurrence
from django.utils import translation

from events.calendars.wording import rule_words, words
from events.models.expansion import RuleRefused, check, expand
from tests.factories import EventFactory

NARROW = "\N{NARROW NO-BREAK SPACE}"
THURSDAY = dt.datetime(2027, 1, 28, 15)  # the last one of its month
LANGUAGES = ("fr", "en", "es")


def rule(line):
    return recurrence.deserialize(f"RRULE:FREQ={line}", include_dtstart=False)


def days(line, language, start=THURSDAY):
    """Its words without an hour."""
    return rule_words(rule(line), start, True, language)


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


@pytest.mark.parametrize(
    ("line", "language", "told"),
    [(line, language, told) for line, *all_told in SAID for language, told in zip(LANGUAGES, all_told, strict=True)],
)
def test_a_rule_is_said_as_a_person_would(line, language, told):
    assert days(line, language) == told


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


def _rules():
    """Every allowed way to put the parts of a rule together, with values of each kind."""
    parts = {
        "INTERVAL": ("", "INTERVAL=2", "INTERVAL=11"),
        "BYDAY": (
            "",
            "BYDAY=TH",
            "BYDAY=MO,TU,WE,TH,FR",
            "BYDAY=MO,TU,WE,TH,FR,SA,SU",
            "BYDAY=TU,SU",
            "BYDAY=1MO,-2FR",
            "BYDAY=5TH,TU",
        ),
        "BYMONTHDAY": ("", "BYMONTHDAY=1", "BYMONTHDAY=-1,30", "BYMONTHDAY=8,9,10,11", "BYMONTHDAY=31"),
        "BYMONTH": ("", "BYMONTH=8", "BYMONTH=1,3,10", "BYMONTH=11,12,1,2", "BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12"),
        "BYSETPOS": ("", "BYSETPOS=1", "BYSETPOS=-1,2", "BYSETPOS=-40"),
        "END": ("", "COUNT=1", "UNTIL=20280229"),
    }
    for frequency in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        for chosen in product(*parts.values()):
            made = rule(";".join(filter(None, [frequency, *chosen])))
            try:
                check(made)
            except RuleRefused:
                continue
            yield made


def test_every_rule_that_is_followed_has_words_in_every_language():
    found = {language: [] for language in LANGUAGES}
    for made in _rules():
        for language in LANGUAGES:
            said = rule_words(made, THURSDAY, False, language, zone="Asia/Kolkata")
            assert said.strip(" ,") == said, made
            assert "  " not in said, made
            assert ", ," not in said, made
            assert "None" not in said, made
            found[language].append(said)
    assert len(found["fr"]) > 5000
    # Where two rules differ in one language, they do in all.
    for one, other in combinations(LANGUAGES, 2):
        pairs = set(zip(found[one], found[other], strict=True))
        assert len(pairs) == len(set(found[one])) == len(set(found[other]))


def test_two_rules_with_the_same_words_give_the_same_dates():
    dates_of = {}
    for made in _rules():
        part = made.rrules[0]
        if part.count or part.until or part.interval > 2 or part.bysetpos == [-40]:
            continue
        said = rule_words(made, THURSDAY, True, "en")
        if "a rule of its own" in said:
            continue
        dates = expand(made, THURSDAY, THURSDAY, THURSDAY.replace(year=2032), limit=40)
        assert dates_of.setdefault(said, dates) == dates, (said, str(made))
    assert len(dates_of) > 200
