"""Documents as their reader gets them: the words of a PDF, what its drawing complained of, and pictures of codes."""

import contextlib
import io
import logging
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream

from pages import pdf

NAMES = {
    "Devanagari": "आशा राव श्रीनिवास",
    "Tamil": "கண்ணன் ஶ்ரீநிவாசன்",
    "Arabic": "محمد عبد الله",
    "Greek": "Ελένη Παπαδοπούλου",
    "Cyrillic": "Владимир Ґалаґан",
    "Han": "李小龙",
    "Yoruba": "Ọláńrewájú Ṣẹ́gun Adébáyọ̀",
    "Vietnamese": "Nguyễn Thị Ánh Tuyết",
}


@pytest.fixture(scope="session")
def pango() -> None:
    """What documents are drawn with; required where CI=true, else the test is skipped without it."""
    if not pdf.is_available():
        say = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        say("Pango is not there: docs/operations.md names the packages")


with_pango = pytest.mark.usefixtures("pango")


def read(answer: Any) -> PdfReader:
    assert answer.status_code == 200, answer
    assert answer["Content-Type"] == "application/pdf", answer
    return PdfReader(io.BytesIO(answer.content))


def words(page: Any) -> str:
    return re.sub(r"\s+", " ", page.extract_text())


def copied(reader: PdfReader) -> str:
    """What is copied, found and read aloud: where a line says so itself (ActualText), that, else its glyphs."""
    said = [
        operands[1]["/ActualText"]
        for page in reader.pages
        for operands, operator in ContentStream(page.get_contents(), reader).operations
        if operator == b"BDC" and "/ActualText" in operands[1]
    ]
    return " ".join([*said, *(page.extract_text() for page in reader.pages)])


def together(said: str) -> str:
    """Without white space and marks of direction: a PDF keeps places, not spaces."""
    return re.sub(r"[\s\u200b-\u200f\u202a-\u202e\u2066-\u2069]", "", said)


@contextlib.contextmanager
def complaints() -> Iterator[list[str]]:
    """What WeasyPrint warned of: styles it does not know, and letters that no font has."""
    said: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("weasyprint").addHandler(handler)
    try:
        yield said
    finally:
        logging.getLogger("weasyprint").removeHandler(handler)


def is_whole(said: list[str], *texts: str) -> None:
    """Every letter of these texts was found in some font, and no style was misunderstood."""
    assert [one for one in said if ".notdef" not in one] == []
    missing = [one for one in said if any(f'"{letter}"' in one for text in texts for letter in text)]
    if missing and os.environ.get("CI") != "true":
        pytest.skip("the machine has no font for a script: docs/operations.md names the packages")
    assert not missing
