"""French lines break where they may."""

import pytest

from pages.typography import typeset, typeset_html, typeset_prose

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Réunion « Sols vivants » : la suite", "Réunion «\u00a0Sols vivants\u00a0»\u00a0: la suite"),
        ("Et alors ? Oui ! Enfin ; bref", "Et alors\u202f? Oui\u202f! Enfin\u202f; bref"),
        ("Déjà\u00a0: fait", "Déjà\u00a0: fait"),
        ("à 10:30 :x", "à 10:30 :x"),
        ("Paroles de sols »", "Paroles de sols\u00a0»"),
    ],
)
def test_spaces_before_and_inside_french_marks_do_not_break(written, shown):
    assert typeset(written, "fr") == shown
    assert typeset(written, "en") == written


@pytest.mark.parametrize("language", ["fr", "en", "es"])
def test_an_apostrophe_typed_straight_is_shown_as_one_and_a_measure_is_not(language):
    assert typeset("l'Afrique de l'Ouest", language) == "l’Afrique de l’Ouest"
    assert typeset("5' de latitude, 'ainsi'", language) == "5' de latitude, 'ainsi'"


@pytest.mark.parametrize(
    ("written", "shown", "language"),
    [
        ("Réunion « 4 pour 1000 » Asie", "Réunion «\u00a04\u00a0pour\u00a01000\u00a0» Asie", "fr"),
        ("The “4 per 1000” Initiative", "The “4\u00a0per\u00a01000” Initiative", "en"),
        ("La Iniciativa «4 por 1000»", "La Iniciativa «4\u00a0por\u00a01000»", "es"),
        ("24 pour 1000 personnes, 4 pour 10000", "24 pour 1000 personnes, 4 pour 10000", "fr"),
    ],
)
def test_no_line_breaks_the_name_of_the_initiative(written, shown, language):
    assert typeset(written, language) == shown


def test_french_hours_percentages_and_thousands_stay_on_one_line():
    assert typeset("à 8 h 30, 4 % de 12 000 ha", "fr") == "à 8\u202fh\u202f30, 4\u202f% de 12\u202f000 ha"
    assert typeset("de 8 h à 9 h", "fr") == "de 8\u202fh à 9\u202fh"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("1re réunion", "1<sup>re</sup> réunion"),
        ("1er appel", "1<sup>er</sup> appel"),
        ("La 11e Journée", "La 11<sup>e</sup> Journée"),
        ("COP27 et 4e", "COP27 et 4<sup>e</sup>"),
        ("A1e, 3erx", "A1e, 3erx"),
    ],
)
def test_french_ordinals_are_raised_and_nothing_else_is(written, shown):
    assert typeset_html(written, "fr") == shown
    assert typeset_html(written, "en") == written


def test_no_title_becomes_markup():
    assert typeset_html("<b>1re</b> & l'autre", "fr") == "&lt;b&gt;1<sup>re</sup>&lt;/b&gt; &amp; l’autre"


def test_in_prose_words_are_set_and_addresses_are_not():
    prose = "<p>L'an <a href=\"/x?a='b'&amp;c=1 ; d\">2 : 1er</a> !</p>"
    shown = "<p>L’an <a href=\"/x?a='b'&amp;c=1 ; d\">2\u00a0: 1<sup>er</sup></a>\u202f!</p>"
    assert typeset_prose(prose, "fr") == shown
