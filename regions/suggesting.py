"""Suggesting: names of the directory for whoever begins to write one, as a small file for each two letters.

Public facts only, the same for everybody, so that keepers and browsers keep them: whoever
goes on writing asks nothing more.
"""

import re

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from pages.folding import fold
from pages.keeping import keep
from pages.trilingual import shown

from . import countries
from .models import Organisation

LETTERS = 2
MOST = 250
"Names in one file: more than so many begin alike in no directory that one writes in by hand."
KEPT_FOR = 900  # seconds

SHORT = {"ensure_ascii": False, "separators": (",", ":")}

Suggestion = tuple[str, str, str, str]


@require_safe
def suggestions(request: HttpRequest, letters: str) -> HttpResponse:
    """Organisations of which some name has a word that begins with these folded letters, in the reader's alphabet.

    Each is its name in the reader's language, its acronym, its country, and its other names, by which it is found too.
    """
    if len(letters) != LETTERS or fold(letters) != letters or not letters.isalnum():
        raise Http404
    found = beginning(letters, get_language() or "fr")
    response = JsonResponse({"organisations": found}, json_dumps_params=SHORT)
    response["Cache-Control"] = f"public, max-age={KEPT_FOR}"
    response["X-Robots-Tag"] = "noindex"
    return keep(response) if found else response


def beginning(letters: str, language: str) -> list[Suggestion]:
    """Those of which some name or the acronym has a word that begins so."""
    word = re.compile(rf"(?<!\w){re.escape(letters)}")
    found: list[Suggestion] = []
    for one in Organisation.objects.only("short_name", "name", "country"):
        row = (shown(one.name, language).text, one.acronym, _country(one, language), _others(one, language))
        if word.search(fold(" ".join((row[0], row[1], row[3])))):
            found.append(row)
    return sorted(found, key=lambda row: fold(row[0]))[:MOST]


def _country(one: Organisation, language: str) -> str:
    return countries.name(one.country, language) if one.country else ""


def _others(one: Organisation, language: str) -> str:
    name = shown(one.name, language).text
    said = one.name.data.values() if isinstance(one.name.data, dict) else ()
    return " ".join(dict.fromkeys(text for text in said if text and text != name))
