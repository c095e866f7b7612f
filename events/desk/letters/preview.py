"""A kind of letter as somebody would get it: shown to the staff in each language, or sent to themselves as a test."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.permissions import policy_registry

from events.models import Attendance, Event, LetterText, Registration, facts, waiting_list
from events.models.registration_books import PAY_WITHIN, VERIFY_WITHIN
from events.models.transfer import ANSWER_WITHIN
from events.registration.letters import words as letter_words
from events.registration.letters.body import TEST
from events.registration.letters.shipped import MONEY_BACK, TO_PAY
from letters.desk import without_links
from letters.models import Letter
from letters.writing import write

MOST = 200
"People that a list to choose from holds; the list of registrations has the rest."
STATES = {
    "address": "unverified",
    "requested": "requested",
    "declined": "declined",
    "waiting": "waiting",
    "offered": "offered",
    "offer_reminder": "offered",
    "offer_expired": "expired",
    "held": "held",
    "unpaid": "expired",
    "payment_failed": "expired",
    "cancelled": "cancelled",
    "handed_over": "cancelled",
}
"In which state the readers of a kind are; of all others, confirmed."
ABOUT_MONEY = frozenset(TO_PAY) | frozenset(MONEY_BACK)
GOES_BACK = (*MONEY_BACK, "cancelled")
EXAMPLE = {"amount": 6000, "currency": "EUR"}


@dataclass(frozen=True)
class Preview:
    """A letter in one language, as HTML and as text, the personal link left out; or why there is none."""

    language: str
    name: str
    subject: str = ""
    html: str = ""
    text: str = ""


def readers(user: Any, event: Event, kind: str) -> list[Registration]:
    """People of an event, those first who would get such a letter; none whom this user may not see."""
    policy = policy_registry.get_by_type(Registration)
    mine = policy.instances_user_has_any_permission_for(user, {"view", "change"}).filter(event=event)
    rows = list(mine.select_related("event", "ticket", "occurrence").order_by("name", "pk")[:MOST])
    return sorted(rows, key=lambda row: row.state != STATES.get(kind, "confirmed"))


def previews(event: Event, kind: str, reader: Registration | None, text: LetterText | None) -> list[Preview]:
    """The letter in each language, in these words, to one of the event's people or to an example of one."""
    found = []
    for code, name in settings.LANGUAGES:
        letter = _letter(event, kind, reader, code)
        with override(code):
            said = letter_words.of_text(text, code, letter_words.shipped(kind, code))
        letter.facts |= letter_words.kept(said)
        message = write(letter)
        if message is None:
            found.append(Preview(code, name))
            continue
        html, words = str(message.alternatives[0][0]), str(message.body)
        found.append(Preview(code, name, str(message.subject), html, without_links(words)))
    return found


def test_letter(event: Event, kind: str, user: Any, language: str) -> Letter:
    """The letter as it is now, to whoever asks for it; not saved. It opens nobody's page and holds nobody's name."""
    letter = _letter(event, kind, None, language)
    letter.recipient, letter.recipient_name = user.email, user.get_full_name()
    letter.facts |= {TEST: True}
    return letter


def _letter(event: Event, kind: str, reader: Registration | None, language: str) -> Letter:
    one = reader or _example(event, language)
    giver = kind == "transfer"  # the letter goes to somebody else, of whom nothing is known yet
    with override(language):
        told = facts.of_registration(one) | {
            "state": STATES.get(kind, "confirmed"),
            "until": _until(event, one, kind).isoformat(),
            "from": one.name if reader and giver else _("Amina Example"),
        }
        told |= _money(event, one, kind)
        return Letter(
            kind=kind,
            recipient=one.email,
            recipient_name=_("Luis Example") if giver else one.name,
            language=language,
            facts=told,
            link_subject=str(one.uid),
            about=event.uid,
        )


def _example(event: Event, language: str) -> Registration:
    with override(language):
        return Registration(
            event=event,
            occurrence=event.occurrences.coming().first() if event.by_date else None,
            name=_("Amina Example"),
            email="amina@example.org",
            attendance=Attendance.ONLINE if event.format == Event.Format.ONLINE else Attendance.ONSITE,
            language=language,
        )


def _money(event: Event, one: Registration, kind: str) -> dict[str, Any]:
    """What such a letter says of money: what this person was asked, else what a ticket costs; nothing where it is free.

    A letter that is about money alone is shown with an example.
    """
    sold = event.tickets.filter(price__gt=0).first()
    alone = kind in ABOUT_MONEY
    if one.fee or (sold is None and not alone):
        fee = {"amount": one.fee, "currency": one.fee_currency}
    else:
        fee = {"amount": sold.price, "currency": sold.currency} if sold else EXAMPLE
    if not fee["amount"] or (one.pk and not one.fee and not alone):
        return {}
    back = {"refund": fee["amount"]} if kind in GOES_BACK else {}
    return {"fee": fee} | back


def _until(event: Event, one: Registration, kind: str) -> dt.datetime:
    now = timezone.now()
    if kind in ("offered", "offer_reminder"):
        return waiting_list.offer_until(event, one.occurrence) or now + dt.timedelta(hours=event.offer_hours)
    within = {"address": VERIFY_WITHIN, "held": PAY_WITHIN}
    return now + within.get(kind, ANSWER_WITHIN)
