"""Documents on paper: a finished page of HTML becomes a PDF, tagged for who does not see it.

WeasyPrint draws it with Pango, a library of the system. Where that is missing nothing
breaks: ``is_available`` says so, and pages offer to print themselves instead. Nothing is
fetched while drawing: a document has our own static files (``static:css/document.css``)
and the fonts of the system, and no address leads anywhere else.
"""

import contextlib
import io
import logging
import re
import threading
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders

log = logging.getLogger(__name__)

SCHEME = "static:"
TYPES = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml", ".png": "image/png"}
"What a document may be made of."
PATIENCE = 20
"Seconds that one waits for the drawing of others: Pango draws for one thread of a process at a time."
OURS = re.compile(r"[\u0020-\u007e\u00a0-\u00ff\u0131\u0152\u0153\u2009\u2013\u2014\u2018-\u201e\u202f\u20ac\u2212]*")
"What the site's own fonts can write."
MOVING = re.compile(r"[\u0900-\u0dff\u0f00-\u109f\u1780-\u17ff\u1a00-\u1aaf\ua8e0-\ua8ff\ua980-\ua9df\uaa60-\uaa7f]")
"Signs of India, Sri Lanka, Tibet, Myanmar, Cambodia and Java, drawn in another order than they are typed."
_drawing = threading.Lock()


class Unavailable(Exception):
    """There is no PDF now: a library is missing, it could not be drawn, or too many are being drawn."""


def is_available() -> bool:
    """Whether this machine can draw documents; asked once by each process."""
    return _weasyprint() is not None


def drawn(html: str) -> bytes:
    """The PDF of a whole page of HTML with its language and title; never call it inside a transaction.

    Raises:
        Unavailable: it says why in the log.
    """
    weasyprint = _weasyprint()
    if weasyprint is None or not _drawing.acquire(timeout=PATIENCE):
        raise Unavailable
    try:
        page = weasyprint.HTML(string=html, base_url=SCHEME, url_fetcher=_fetcher()(allowed_protocols=("static",)))
        document: bytes = page.write_pdf(pdf_variant="pdf/ua-1", optimize_images=True)
    except Exception as error:  # whatever a font or a name does to it, the page beside it stands
        log.exception("A document could not be drawn.")
        raise Unavailable from error
    finally:
        _drawing.release()
    return document


def is_ours(text: str) -> bool:
    """Whether the site's own fonts have all of its letters; if not, let one font of the system write all of them."""
    return OURS.fullmatch(text) is not None


def static_file(url: str) -> tuple[bytes, str]:
    """One of our static files by its address in a document, with its type.

    Raises:
        ValueError: it is none that a document may have.
    """
    name = url.removeprefix(SCHEME)
    kind = TYPES.get(Path(name).suffix)
    found = finders.find(name) if url.startswith(SCHEME) and kind else None
    if not isinstance(found, str) or kind is None:
        raise ValueError(url)
    return Path(found).read_bytes(), kind


@lru_cache(maxsize=1)
def _weasyprint() -> Any:
    """The library, or None; where it misses another one it says so at length, which is kept for the log."""
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            import weasyprint
    except (ImportError, OSError) as error:
        log.warning("No documents can be drawn: %s. docs/operations.md names the packages of the system.", error)
        return None
    _say_what_is_drawn(weasyprint)
    return weasyprint


def _say_what_is_drawn(weasyprint: Any) -> None:
    """Write beside each line of a script whose signs change places what it says (ActualText, ISO 32000-1, 14.9.4).

    WeasyPrint 70 gives each glyph the letters that it first stood for, which may be those of a whole syllable: drawn
    right, the line is copied, found and read aloud wrong.
    """
    import pydyf

    drawing = weasyprint.draw.text
    draw = drawing.draw_first_line

    @wraps(draw)
    def said(stream: Any, textbox: Any, *args: Any, **kwargs: Any) -> Any:
        text = textbox.text
        if MOVING.search(text) is None:
            return draw(stream, textbox, *args, **kwargs)
        stream.begin_marked_content("Span", pydyf.Dictionary({"ActualText": pydyf.String(text)}))
        try:
            return draw(stream, textbox, *args, **kwargs)
        finally:
            stream.end_marked_content()

    if not hasattr(draw, "__wrapped__"):
        drawing.draw_first_line = said


@lru_cache(maxsize=1)
def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OurFiles(URLFetcher):  # type: ignore[misc]
        """Reads our static files and nothing else, whatever a document asks for."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            content, kind = static_file(url)
            return URLFetcherResponse(url, content, {"Content-Type": kind})

    return OurFiles
