"""The languages of an event: what is told in which, what is missing and what is stale.

For a list: ``annotate(events)`` once, then ``languages_of(event)`` asks nothing more.
"""

import datetime as dt
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from events.models import Event, EventPage
from pages.trilingual import told_in

TEXTS = ("title", "theme", "venue")
"The trilingual texts of an event; one that is empty in every language lacks nothing."

NONE, SOURCE, CURRENT, STALE, MISSING = "none", "source", "current", "stale", "missing"


class InLanguage(NamedTuple):
    """What an event says in one language.

    ``lacking`` names its short texts that exist in another language only.
    ``prose`` is none (nothing was written in any language), source, current,
    stale since ``since``, or missing.
    """

    code: str
    name: str
    lacking: list[str]
    prose: str
    since: dt.datetime | None
    page: EventPage | None

    @property
    def is_present(self) -> bool:
        """Whether a reader of this language finds everything in it."""
        return not self.lacking and self.prose in (NONE, SOURCE, CURRENT)

    @property
    def is_absent(self) -> bool:
        """Whether not even the title is in it."""
        return "title" in self.lacking


def annotate(events: QuerySet[Any]) -> QuerySet[Any]:
    """Bring the pages along, and how they stand: two queries for the whole list."""
    pages = EventPage.objects.select_related("locale", "rendition__source__rendition").defer("body")
    return events.prefetch_related(Prefetch("pages", queryset=pages, to_attr="pages_told"))


def languages_of(event: Event) -> list[InLanguage]:
    """In the site's order."""
    pages: list[EventPage] | None = getattr(event, "pages_told", None)
    if pages is None:
        pages = list(event.pages.select_related("locale", "rendition__source__rendition")) if event.pk else []
    by_code = {page.locale.language_code: page for page in pages}
    return [_in(event, code, name, by_code.get(code)) for code, name in settings.LANGUAGES]


def _in(event: Event, code: str, name: str, page: EventPage | None) -> InLanguage:
    lacking = [text for text in TEXTS if (languages := told_in(getattr(event, text))) and code not in languages]
    prose, since = _prose(page)
    return InLanguage(code, name, lacking, prose, since, page)


def _prose(page: EventPage | None) -> tuple[str, dt.datetime | None]:
    row = getattr(page, "rendition", None)
    if row is None or (row.source_id is None and not row.is_source):
        return NONE, None
    if row.is_source:
        return SOURCE, None
    if row.follows is None:
        return MISSING, None
    since = row.stale_since
    return (STALE, since) if since else (CURRENT, None)
