"""Every rule that is followed has words in each of the three languages, and the words say which dates it gives."""

from itertools import combinations, product

import pytest

from events.calendars.wording import rule_words
from events.models.expansion import RuleRefused, check, expand
from tests.calendars.said import LANGUAGES, THURSDAY, rule

pytestmark = pytest.mark.once


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
