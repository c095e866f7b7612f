"""Files that a spreadsheet opens right."""

import csv
import datetime as dt
import io

import pytest
from django.utils import translation

from events.desk.spreadsheet import cell, csv_response, separator
from events.models import Series
from pages.trilingual import shown
from tests.factories import told

pytestmark = pytest.mark.once

NOTE = 'dit "oui",\nvraiment;'


@pytest.mark.parametrize("text", ["=1+1", "+33 1 23", "-2", "@SUM(A1)", "\tx", "\rx", "\n=1", "  =1+1"])
def test_what_would_be_run_as_a_formula_is_kept_from_it(text):
    assert cell(text) == f"'{text}"


def test_other_texts_are_left_as_they_are():
    assert cell("Zoé O’Connor = physicist") == "Zoé O’Connor = physicist"
    assert cell(None) == ""


@pytest.mark.parametrize("border", [",", ";", "\t", "\n", '";"', "; "])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_formula_hides_behind_no_border_of_cells_of_another_language(border, language):
    """The file is made in one language, the Excel that opens it is in another."""
    cells = [cell(f"Soil Institute{border}=1+1"), cell(f"{border.strip()}=2"), "Mali"]
    for delimiter in (",", ";", "\t"):
        lines = io.StringIO(newline="")
        csv.writer(lines, delimiter=separator(language)).writerow(cells)
        seen = [
            one.strip(' "') for row in csv.reader(io.StringIO(lines.getvalue()), delimiter=delimiter) for one in row
        ]
        assert not [one for one in seen if one.startswith("=")]


def test_an_instant_is_written_in_utc():
    noon = dt.datetime(2027, 3, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    assert cell(noon) == "2027-03-01 10:00:00"


@pytest.mark.parametrize("text", ["＝1+1", "\N{NO-BREAK SPACE}=1+1"])
def test_no_wide_letter_and_no_odd_space_hides_a_formula(text):
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize(("language", "separator"), [("en", ","), ("fr", ";"), ("es", ";")])
@pytest.mark.django_db
def test_accents_quotes_and_lines_survive_and_excel_finds_the_cells(language, separator):
    Series.objects.create(code="one", name=told("Zoé"))
    with translation.override(language):
        response = csv_response("people", ["Nom", "Note"], Series.objects.all(), lambda row: [shown(row.name), NOTE])
    with translation.override("de"):  # what is active when the file leaves
        said = response.getvalue()
    assert said.startswith(b"\xef\xbb\xbf")
    lines = said.decode("utf-8-sig").splitlines(keepends=True)
    assert list(csv.reader(lines, delimiter=separator))[1] == ["Zoé", NOTE]
    assert response["Cache-Control"] == "no-store"
