"""Lists as files that a spreadsheet opens right and that can do it no harm."""

import csv
import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone

BYTE_ORDER_MARK = "\ufeff"
"Without it Excel reads UTF-8 as the machine's old code page and spoils every accent."

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def cell(value: Any) -> str:
    """The text of a cell.

    What a spreadsheet would run as a formula is kept from it by an apostrophe:
    names and organisations are typed by strangers (OWASP, CSV injection).
    Instants are written in UTC, as ISO 8601 without a zone.
    """
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        if timezone.is_aware(value):
            value = value.astimezone(dt.UTC)
        return f"{value:%Y-%m-%d %H:%M:%S}"
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


class _Line:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def rows_of_text(headings: Iterable[Any], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The lines of the file, one by one."""
    writer = csv.writer(_Line())
    yield BYTE_ORDER_MARK + writer.writerow([cell(heading) for heading in headings])
    for row in rows:
        yield writer.writerow([cell(value) for value in row])


def csv_response(name: str, headings: Iterable[Any], rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    """A CSV file to download, never kept by a cache."""
    response = StreamingHttpResponse(rows_of_text(headings, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "no-store"
    return response
