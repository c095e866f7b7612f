"""The words of a news item, field by field, and what differs between two versions of them."""

from difflib import SequenceMatcher
from typing import Any, NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.admin.compare import diff_text

from .event_door import events

Words = list[list[str]]
"Pairs of a field's name and its text, in the order in which they are read."

LABELS = {
    "title": _("title"),
    "summary": _("summary"),
    "body": _("text"),
    "image": _("picture"),
    "image_alt": _("what the picture shows"),
    "image_credit": _("picture credit"),
    "kind": _("kind"),
    "date": _("date"),
    "event": _("event it tells about"),
    "more_regions": _("other regions it concerns"),
    "objectives": _("strategic objectives"),
    "source": _("source"),
    "byline": _("signed"),
    "go_live_at": _("published on"),
}


class Piece(NamedTuple):
    """A part of a text: "equal", "deletion" or "addition"."""

    what: str
    text: str


class Difference(NamedTuple):
    """What changed in one field, paragraph by paragraph."""

    label: Any
    paragraphs: list[list[Piece]]


def words_of(page: Any) -> Words:
    """Every word of a news item as a reader would see it, in the page's own language."""
    with override(page.locale.language_code):
        told = {
            "title": page.title,
            "summary": page.summary,
            "body": "\n".join(paragraphs(page.body)),
            "image": page.image.title if page.image_id and page.image else "",
            "image_alt": page.image_alt,
            "image_credit": page.image_credit,
            "kind": str(page.get_kind_display()),
            "date": date_format(page.date, "DATE_FORMAT"),
            "event": events.title(page.event) if page.event else "",
            "more_regions": ", ".join(str(region.name) for region in page.more_regions.all()),
            "objectives": ", ".join(one.code for one in page.objectives.all()),
            "source": " ".join(part for part in (page.source_name, page.source_url) if part),
            "byline": page.byline,
        }
    return [[name, str(text).strip()] for name, text in told.items()]


def paragraphs(body: Any) -> list[str]:
    lines: list[str] = []
    for block in body:
        found = block.block.get_searchable_content(block.value)
        alt = getattr(block.value, "contextual_alt_text", "") if block.block_type == "image" else ""
        lines += [line.strip() for text in (*found, alt or "") for line in str(text).splitlines() if line.strip()]
    return lines


def differences(before: Words, after: Words) -> list[Difference]:
    """The fields whose text changed; within them, the paragraphs that did."""
    was, told = ({pair[0]: pair[1] for pair in words} for words in (before, after))
    return [
        Difference(LABELS[name], _changed(was.get(name, ""), told.get(name, "")))
        for name in LABELS
        if was.get(name, "") != told.get(name, "")
    ]


def _changed(before: str, after: str) -> list[list[Piece]]:
    old, new = before.splitlines(), after.splitlines()
    paragraphs = []
    for what, at, until, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            continue
        gone, come = old[at:until], new[start:end]
        both = min(len(gone), len(come))
        paragraphs += [
            [Piece(kind, text) for kind, text in diff_text(a, b).changes]
            for a, b in zip(gone[:both], come[:both], strict=True)
        ]
        paragraphs += [[Piece("deletion", line)] for line in gone[both:]]
        paragraphs += [[Piece("addition", line)] for line in come[both:]]
    return paragraphs
