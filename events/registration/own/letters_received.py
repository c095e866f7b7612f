"""The letters received: what a person was written about their registration, read again on their own page."""

from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from events.models import Registration
from letters.desk import without_links
from letters.kinds import kinds, label
from letters.models import Letter, LetterQuerySet
from letters.writing import write

from ..event_shown import event_shown
from . import standing
from .opened import own_page

MOST = 50
"Letters that one page shows, the latest first."
OWN = ("participant", "transfer")
"What the letters of a participant lead to: those to the staff lead elsewhere, and are none of them."


def received(registration: Registration) -> LetterQuerySet:
    """Those about this event to this person's address, the latest first; not what never left because it was not true.

    Who works for the event with the same address has other letters about it: their links open other doors.
    """
    theirs = Q(link_subject=str(registration.uid)) | Q(link_view__in=OWN)
    mine = Letter.objects.filter(theirs, about=registration.event.uid, recipient__iexact=registration.email)
    return mine.exclude(ending=Letter.Ending.WITHDRAWN).order_by("-created_at", "-pk")


@dataclass(frozen=True)
class Read:
    """One letter as its reader has it; without a text where it is no longer true, or still on its way."""

    letter: Letter
    kind: str
    at: standing.Moment
    subject: str = ""
    text: str = ""


def read(letter: Letter, registration: Registration) -> Read:
    """The letter in its own language, as it left; without its links, which may open another place of this person."""
    at = standing.moment(letter.sent_at or letter.created_at, registration)
    told = Read(letter, label(letter.kind), at)
    if letter.kind not in kinds or letter.sent_at is None:
        return told
    with translation.override(letter.language):
        message = write(letter)
    if message is None:
        return told
    return Read(letter, told.kind, at, without_links(str(message.subject)), without_links(str(message.body)))


@own_page
@require_safe
def letters(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """All of them, to be read again."""
    context = event_shown(request, registration.event, registration.occurrence) | {
        "token": token,
        "registration": registration,
        "letters": [read(letter, registration) for letter in received(registration)[:MOST]],
        "now": timezone.now(),
    }
    return render(request, "events/registration/letters_received.html", context)
