"""The privacy notice of an event, in all languages: what people read before they agree, made of facts alone.

It is made once for each edition and process. Whatever stands in it opens a new
edition when it changes, so that nobody reads yesterday's notice.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import override

from events.models import Event
from events.models.personal.notice import digest_of
from pages.models import Edition

from .facts import Facts
from .sections import CONSENT, sections, title

ROOM = 500
"Notices that one process keeps; those of more events are made anew."

_kept: "OrderedDict[UUID, tuple[int, Notice]]" = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True)
class Notice:
    """One state of an event's notice: its texts by language, as ``PrivacyNotice`` keeps them, and their digest."""

    texts: dict[str, Any]
    digest: str
    mark: str
    "The same for the same terms: a meeting that moves takes the day of deletion along, and changes nothing agreed to."
    edition: int = 0
    "The number of the edition in which it was made."


def of(event: Event) -> Notice:
    """The notice of an event as things are now, in one query if it was asked for before in this edition."""
    edition = Edition.now()  # before anything else is read: what comes later is at least as new
    with _lock:
        known = _kept.get(event.uid)
        if known is not None and known[0] == edition:
            _kept.move_to_end(event.uid)
            return known[1]
    made = replace(written(Facts.of(Event.objects.get(pk=event.pk))), edition=edition)
    with _lock:
        _kept[event.uid] = edition, made
        while len(_kept) > ROOM:
            _kept.popitem(last=False)
    return made


def written(facts: Facts) -> Notice:
    """The notice that tells these facts."""
    texts = _texts(facts)
    of_any_day = _texts(replace(facts, last_day=None, recurs=False))
    return Notice(texts, digest_of(texts), digest_of(of_any_day))


def _texts(facts: Facts) -> dict[str, Any]:
    texts = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            texts[language] = {"title": str(title), "consent": str(CONSENT), "sections": sections(facts, language)}
    return texts


def shown_in(texts: dict[str, Any], language: str) -> tuple[dict[str, Any], str]:
    """The text to show in a language, and the language it is in: one may have been added since."""
    found = language if language in texts else next(iter(texts))
    return texts[found], found
