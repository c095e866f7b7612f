"""The catalogues of translations: complete, right and the same bytes whoever makes them."""

import gettext
import json
from pathlib import Path

import pytest

from tools.messages import main

pytestmark = pytest.mark.once

PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy as p

def say(count):
    _("Hello, %(name)s")
    p("month", "May")
    return ngettext("%(count)s seat", "%(count)s seats", count)
"""
TEMPLATE = """
{% load i18n %}
    <p>{% blocktranslate trimmed with name=person.name %}
        Welcome,
        {{ name }}
    {% endblocktranslate %}</p>
  <p title="{% translate "Close" %}">{% translate "Full" context "an event" %}</p>
{% blocktranslate count seats=free %}{{ seats }} place{% plural %}{{ seats }} places{% endblocktranslate %}
"""
TRANSLATIONS = {
    "Hello, %(name)s": {"fr": "Bonjour, %(name)s", "es": "Hola, %(name)s"},
    "month\x04May": {"fr": "mai", "es": "mayo"},
    "%(count)s seat\x00%(count)s seats": {
        "fr": ["%(count)s siège", "%(count)s sièges"],
        "es": ["%(count)s asiento", "%(count)s asientos"],
    },
    "Welcome, %(name)s": {"fr": "Bienvenue, %(name)s", "es": "Le damos la bienvenida, %(name)s"},
    "Close": {"fr": "Fermer", "es": "Cerrar"},
    "an event\x04Full": {"fr": "Complet", "es": "Completo"},
    "%(seats)s place\x00%(seats)s places": {
        "fr": ["%(seats)s place", "%(seats)s places"],
        "es": ["%(seats)s plaza", "%(seats)s plazas"],
    },
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A little project whose strings are all translated."""
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / "seats.py").write_text(PYTHON)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    take(tmp_path, TRANSLATIONS)
    return tmp_path


def take(project: Path, translations: dict) -> None:
    file = project / "translations.json"
    file.write_text(json.dumps(translations))
    main(["--merge", str(file)], root=project)


def problems(project: Path, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    failed = main(["--check"], root=project)
    printed = capsys.readouterr().out
    assert bool(failed) == (": 0 problems" not in printed)
    return printed if failed else ""


def test_a_translated_project_passes_and_its_catalogue_answers(project: Path, capsys):
    assert problems(project, capsys) == ""
    with (project / "site/locale/fr/LC_MESSAGES/django.mo").open("rb") as file:
        french = gettext.GNUTranslations(file)
    assert french.gettext("Welcome, %(name)s") == "Bienvenue, %(name)s"
    assert french.pgettext("month", "May") == "mai"
    assert french.ngettext("%(seats)s place", "%(seats)s places", 0) == "%(seats)s place"
    assert french.ngettext("%(count)s seat", "%(count)s seats", 2) == "%(count)s sièges"


def test_making_the_catalogues_again_changes_no_byte(project: Path):
    files = sorted((project / "site").rglob("django.*"))
    before = [path.read_bytes() for path in files]
    main([], root=project)
    assert [path.read_bytes() for path in files] == before
    assert len(files) == 4


@pytest.mark.parametrize(
    ("key", "language", "text", "complaint"),
    [
        ("Hello, %(name)s", "fr", "Bonjour, %(nom)s", "placeholders"),
        ("Close", "fr", "Fermer l'onglet", "apostrophe"),
        ("Close", "fr", "Fermer ?", "plain space"),
        ("Close", "es", "Cerrar?", "¿"),
        ("Close", "es", "<b>Cerrar</b>", "HTML"),
        ("%(count)s seat\x00%(count)s seats", "es", ["un asiento", "asientos"], "placeholders"),
    ],
)
def test_a_wrong_translation_is_named(project: Path, capsys, key, language, text, complaint):
    take(project, {key: TRANSLATIONS[key] | {language: text}})
    assert complaint in problems(project, capsys)


def test_a_singular_may_leave_the_number_out(project: Path, capsys):
    key = "%(count)s seat\x00%(count)s seats"
    take(project, {key: TRANSLATIONS[key] | {"es": ["un asiento", "%(count)s asientos"]}})
    assert problems(project, capsys) == ""


def test_a_new_string_is_missed_until_it_is_translated(project: Path, capsys):
    (project / "templates" / "new.txt").write_text('{% load i18n %}{% translate "Your seat" %}')
    assert "out of date" in problems(project, capsys)
    main([], root=project)
    assert "'Your seat' (templates/new.txt) is not translated" in problems(project, capsys)
    take(project, {"Your seat": {"fr": "Votre place", "es": "Su plaza"}})
    assert problems(project, capsys) == ""


def test_a_fuzzy_translation_and_a_stale_compilation_are_refused(project: Path, capsys):
    catalogue = project / "site/locale/es/LC_MESSAGES/django.po"
    catalogue.write_text(catalogue.read_text().replace('msgid "Close"', '#, fuzzy\nmsgid "Close"'))
    printed = problems(project, capsys)
    assert "is fuzzy" in printed
    assert "is not the compiled catalogue" in printed
