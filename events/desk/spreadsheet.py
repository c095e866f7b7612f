"""Lists as files that a spreadsheet opens right and that can do it no harm."""

import csv
import datetime as dt
import io
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

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


def csv_response(name: str, headings: Iterable[Any], rows: Iterable[Iterable[Any]]) -> HttpResponse:
    """A CSV file to download, never kept by a cache.

    It is written at once, while the reader's language and zone are active.
    """
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, delimiter=separator(get_language() or "en"))
    writer.writerow([cell(heading) for heading in headings])
    writer.writerows([cell(value) for value in row] for row in rows)
    response = HttpResponse(BYTE_ORDER_MARK + lines.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def separator(language: str) -> str:
    """What Excel takes for the border of two cells, where the comma divides decimals it is the semicolon."""
    return "," if language.startswith("en") else ";"
