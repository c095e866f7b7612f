"""What the letters of who has a place say of questions that are still to be answered."""

from django.utils.translation import gettext, ngettext

from events.models import Registration
from letters.models import Letter

from .. import links
from ..questions import waiting
from .body import Line, is_rehearsal, link_of


def still_to_answer(letter: Letter, rows: list[Registration]) -> list[Line]:
    """That some answers are missing, and where to give them; nothing if none is as the letter leaves."""
    if is_rehearsal(letter):
        return []
    for mine in waiting.of_several(rows[0].event, [row for row in rows if row.pk]):
        if count := len(mine.missing):
            sentence = ngettext(
                "%(count)d question still has to be answered, now that you have a place.",
                "%(count)d questions still have to be answered, now that you have a place.",
                count,
            )
            link = link_of(letter, mine.registration, links.questions_address)
            return [
                Line(gettext("Some answers are still needed"), sentence % {"count": count}, "", link, gettext("Answer"))
            ]
    return []
