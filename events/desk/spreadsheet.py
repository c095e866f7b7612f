"""Lists as files that a spreadsheet opens right and that can do it no harm, however long they are.

Nothing is kept in memory but the rows in hand: a CSV leaves as it is written, a
workbook is finished first, its rows on the disk, as its directory stands at its end.
"""

import csv
import datetime as dt
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import get_language
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

Values = Callable[[Any], Iterable[Any]]
"The cells of a row."

BYTE_ORDER_MARK = "\ufeff"
"Without it Excel reads UTF-8 as the machine's old code page and spoils every accent."

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"What a program takes for the beginning of a formula, in the wide form of East Asian keyboards too (OWASP)."

WITHIN = re.compile(r"((?:[^\s\"'][\s\"']*[,;\t\r\n]|[,;])[\s\"']*)(?=[=+\-@＝＋－＠])")
"Where a program that divides cells by another sign than ours finds such a beginning (OWASP)."

CHUNK = 500
"Rows asked for, and written, at a time."
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {"en": "d mmm yyyy hh:mm"}
"How a workbook shows an instant; elsewhere the day comes first, in figures."
WIDTH = 22
IN_MEMORY = 2_000_000
"Bytes of a finished workbook that are not worth a file."


class AsFile:
    """For lists: a file is made without the page on which they would be shown, which keeps every row in memory."""

    request: HttpRequest
    is_export: bool

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.is_export:
            return self.as_spreadsheet(self.get_queryset(), request.GET["export"])  # type: ignore[attr-defined]
        return super().get(request, *args, **kwargs)  # type: ignore[misc]


def cell(value: Any, point: str = ".") -> str:
    """The text of a cell, in which numbers have this decimal sign.

    What a spreadsheet would run as a formula is kept from it by an apostrophe:
    names and organisations are typed by strangers (OWASP, CSV injection). So it is
    behind a comma or a semicolon, as Excel goes by its own language, not by ours.
    Instants are written in UTC, as ISO 8601 without a zone: Excel takes that for a
    date in every language.
    """
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return f"{_naive(value):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", point)
    text = _clean(str(value))
    text = WITHIN.sub(r"\1'", text)
    begins = text.lstrip(" \N{NO-BREAK SPACE}\ufeff\u200b")
    return f"'{text}" if begins.startswith(FORMULA) else text


def in_chunks(rows: QuerySet[Any]) -> Iterator[Any]:
    """The rows of a list, a few hundred at a time."""
    return rows.iterator(chunk_size=CHUNK)


def csv_response(name: str, headings: Iterable[Any], rows: QuerySet[Any], values: Values) -> StreamingHttpResponse:
    """A CSV file to download, never kept by a cache, that leaves while it is written.

    In the language and zone active now, whatever is active when it leaves.
    """
    said = [str(heading) for heading in headings]
    response = StreamingHttpResponse(_lines(said, rows, values), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _lines(headings: list[str], rows: QuerySet[Any], values: Values) -> Iterator[bytes]:
    language, zone = get_language() or "en", timezone.get_current_timezone()

    def lines() -> Iterator[bytes]:
        yield (BYTE_ORDER_MARK + _written([headings], language)).encode()
        found = in_chunks(rows)
        while some := list(islice(found, CHUNK)):
            with translation.override(language), timezone.override(zone):
                text = _written([values(row) for row in some], language)
            yield text.encode()

    return lines()


def _written(rows: Iterable[Iterable[Any]], language: str) -> str:
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, delimiter=separator(language))
    point = "." if separator(language) == "," else ","
    writer.writerows([cell(value, point) for value in row] for row in rows)
    return lines.getvalue()


def xlsx_response(name: str, title: str, headings: Iterable[Any], rows: QuerySet[Any], values: Values) -> FileResponse:
    """A workbook to download, never kept by a cache; a text is a text, whatever it begins with."""
    book = Workbook(write_only=True, iso_dates=False)
    sheet = book.create_sheet(_clean(title)[:31])
    said = [str(heading) for heading in headings]
    for number in range(1, len(said) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTH
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, heading, bold=True) for heading in said])
    for row in in_chunks(rows):
        sheet.append([_cell(sheet, value) for value in values(row)])
    file: Any = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    book.save(file)
    size = file.tell()
    file.seek(0)
    if size <= IN_MEMORY:
        with file:
            file = io.BytesIO(file.read())
    response = FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
    response["Cache-Control"] = "no-store"
    return response


def _cell(sheet: Any, value: Any, bold: bool = False) -> Any:
    if isinstance(value, dt.datetime):
        written = WriteOnlyCell(sheet, _naive(value))
        written.number_format = FORMATS.get(get_language() or "", "dd/mm/yyyy hh:mm")
        return written
    if isinstance(value, int):
        return WriteOnlyCell(sheet, value)
    if isinstance(value, Decimal):
        written = WriteOnlyCell(sheet, value)
        decimals = -int(value.as_tuple().exponent)
        written.number_format = f"0.{'0' * decimals}" if decimals > 0 else "0"
        return written
    written = WriteOnlyCell(sheet, "" if value is None else _clean(str(value)))
    written.data_type = "s"  # never a formula
    if bold:
        written.font = Font(bold=True)
    return written


def _naive(value: dt.datetime) -> dt.datetime:
    """An instant in UTC, without saying so; the clock at the place stays as it is."""
    return value.astimezone(dt.UTC).replace(tzinfo=None) if timezone.is_aware(value) else value


def _clean(text: str) -> str:
    """Without the characters that no XML may hold, and that nobody means to type."""
    cleaned: str = ILLEGAL_CHARACTERS_RE.sub("", text)
    return cleaned


def separator(language: str) -> str:
    """What Excel takes for the border of two cells, where the comma divides decimals it is the semicolon."""
    return "," if language.startswith("en") else ";"
