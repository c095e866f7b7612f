"""French lines break where they may."""

import pytest

from pages.typography import typeset


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Réunion « 4 pour 1000 » : la suite", "Réunion «\u00a04 pour 1000\u00a0»\u00a0: la suite"),
        ("Et alors ? Oui ! Enfin ; bref", "Et alors\u202f? Oui\u202f! Enfin\u202f; bref"),
        ("Déjà\u00a0: fait", "Déjà\u00a0: fait"),
        ("à 10:30 :x", "à 10:30 :x"),
        ("Paroles de sols »", "Paroles de sols\u00a0»"),
    ],
)
def test_spaces_before_and_inside_french_marks_do_not_break(written, shown):
    assert typeset(written, "fr") == shown
    assert typeset(written, "en") == written
