"""Words: what of a page is to be translated, and how two pages told apart can be laid side by side."""

import re
from typing import Any, NamedTuple

from wagtail.models import Page
from wagtail_localize.models import Translation, TranslationSource
from wagtail_localize.segments import OverridableSegmentValue, StringSegmentValue, TemplateSegmentValue
from wagtail_localize.segments.extract import extract_segments
from wagtail_localize.strings import StringValue, validate_translation_links

BLOCK = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Piece = tuple[str, str, str]


class Pair(NamedTuple):
    """One text of the source and what another page says in its place."""

    source: str
    translation: str


def of(page: Any) -> list[Piece]:
    """Every text of a page, the form it is set in, and what else a translation carries over, in order."""
    facts = [("fact", name, str(page._meta.get_field(name).value_from_object(page))) for name in page.set_again]
    return [_piece(segment) for segment in extract_segments(page)] + facts


def has_any(page: Page) -> bool:
    """Whether there is anything to translate."""
    return any(isinstance(segment, StringSegmentValue) for segment in extract_segments(page))


def laid_beside(source: Page, other: Page) -> list[Pair] | None:
    """The texts of two pages in pairs, or None where they are not built alike."""
    ours, theirs = _texts(source), _texts(other)
    if [_shape(segment) for segment in ours] != [_shape(segment) for segment in theirs]:
        return None
    pairs = [
        Pair(one.string.data, two.string.data)
        for one, two in zip(ours, theirs, strict=True)
        if isinstance(one, StringSegmentValue)
    ]
    return pairs if all(_fits(pair) for pair in pairs) else None


def progress(translation: Translation) -> tuple[int, int]:
    """How many texts are translated, and how many there are."""
    total, done = translation.get_progress()
    return done, total


def changed(source: TranslationSource, page: Page) -> bool:
    """Whether a page says anything else than what was taken from it last."""
    return of(source.as_instance()) != of(page)


def _piece(segment: Any) -> Piece:
    if isinstance(segment, StringSegmentValue):
        return "text", segment.path, segment.string.data
    if isinstance(segment, TemplateSegmentValue):
        return "form", segment.path, segment.template
    if isinstance(segment, OverridableSegmentValue):
        return "carried", segment.path, str(segment.data)
    return "related", segment.path, str(segment.translation_key)


def _texts(page: Page) -> list[Any]:
    return [s for s in extract_segments(page) if isinstance(s, StringSegmentValue | TemplateSegmentValue)]


def _shape(segment: Any) -> tuple[str, str, str]:
    kind, path, text = _piece(segment)
    held = repr(sorted(segment.attrs.items())) if kind == "text" and segment.attrs else text if kind == "form" else ""
    return kind, BLOCK.sub("#", path), held


def _fits(pair: Pair) -> bool:
    try:
        StringValue.from_translated_html(pair.translation)
        validate_translation_links(pair.source, pair.translation)
    except ValueError:
        return False
    return True
