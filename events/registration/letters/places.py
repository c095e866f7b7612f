"""The letters of who has a place, or gives it back: the facts as frozen, the link made when they leave."""

from typing import Any

from django.db.models.functions import Coalesce
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from events.calendars import hours
from events.models import Attendance, Registration, facts
from events.models.registration_states import HOLDING
from letters.kinds import kind
from letters.models import Letter
from pages.trilingual import shown

from .. import links
from . import payments, questions
from .body import body, link_of, place_told, still, told_of
from .calendars import CANCEL, Wish, invite

Told = dict[str, Any] | None


def is_confirmed(registration: Registration) -> bool:
    return registration.is_confirmed


@kind("confirmed", _("place confirmed"))
def confirmed(letter: Letter) -> Told:
    """Your place is confirmed; not sent once it no longer is."""
    rows = still(letter, is_confirmed)
    if not rows:
        return None
    return body(letter, rows) | {
        "calendar": _into_calendar(letter, rows),
        "money": [*payments.received(letter, rows), *questions.still_to_answer(letter, rows)],
        "ticket_url": _ticket(letter, rows),
    }


@kind("approved", _("request accepted"))
def approved(letter: Letter) -> Told:
    """The staff said yes: your place is confirmed; not sent once it no longer is."""
    return confirmed(letter)


@kind("changed", _("way to take part changed"))
def changed(letter: Letter) -> Told:
    """You take part in another way; not sent once a later letter tells of another one."""
    rows = still(letter, lambda row: row.is_confirmed and _is_how(letter, row))
    return body(letter, rows) | {"calendar": _into_calendar(letter, rows)} if rows else None


@kind("cancelled", _("place given back"))
def cancelled(letter: Letter) -> Told:
    """You are no longer registered; out of the calendar goes only what was put into it."""
    rows = still(letter, lambda row: not row.is_living)
    if not rows:
        return None
    last = rows[0].changes.filter(verb="cancel").order_by("-pk").first() if rows[0].pk else None
    return body(letter, rows, seated=last is None or last.was in HOLDING) | {
        "money": payments.goes_back(letter, by_policy=last is None or last.by_id is None),
        "calendar": invite(letter, [_out_of_calendar(letter, row) for row in rows if row.confirmed_at]),
    }


@kind("link", _("new link"))
def link(letter: Letter) -> Told:
    """The link to your page; those sent before no longer work."""
    rows = told_of(letter)[:1]
    if not rows:
        return None
    told = place_told(letter, rows)
    headline = {"title": shown(told["title"]).text, "date": told["there"].date_text}
    return told | {
        "subject": gettext("The link to your page: %(title)s, %(date)s") % headline,
        "link": links.address(rows[0], get_language() or "fr"),
        "joins": rows[0].is_confirmed,
    }


@kind("links", _("links sent again"))
def all_links(letter: Letter) -> Told:
    """The links to everything this address is registered for and that is not over."""
    language = get_language() or "fr"
    mine = [
        {
            "title": registration.event.title,
            "there": hours.at_place(registration.event, language, _next_date(registration)),
            "link": links.address(registration, language),
        }
        for registration in Registration.objects.living()
        .filter(email_key=letter.link_subject, event__live=True)
        .select_related("event", "occurrence")
        .order_by(Coalesce("occurrence__starts_at", "event__starts_at"), "pk")
        if not registration.is_over
    ]
    if not mine:
        return None
    return {"subject": gettext("The links to your registrations"), "registrations": mine}


def _next_date(registration: Registration) -> Any:
    event = registration.event
    return registration.occurrence or (event.occurrences.coming().first() if event.recurs else None)


def _into_calendar(letter: Letter, rows: list[Registration]) -> list[dict[str, str]]:
    return invite(letter, [Wish(row, letter.facts["event"]) for row in rows if row.is_confirmed])


def _out_of_calendar(letter: Letter, registration: Registration) -> Wish:
    return Wish(registration, letter.facts["event"], CANCEL, given_back=True)


def _ticket(letter: Letter, rows: list[Registration]) -> str:
    """Where what is shown at the door is; "" online, and where each of several dates has its own."""
    on_site = letter.facts["attendance"] == Attendance.ONSITE
    return link_of(letter, rows[0], links.ticket_address) if on_site and len(rows) == 1 else ""


def _is_how(letter: Letter, registration: Registration) -> bool:
    """Whether this person still takes part as the letter says."""
    later = Letter.objects.filter(kind=letter.kind, link_subject=letter.link_subject, created_at__gt=letter.created_at)
    ticket = facts.told(registration.ticket.name) if registration.ticket else {}
    same = (letter.facts["attendance"], letter.facts["ticket"]) == (registration.attendance, ticket)
    return same or not later.exists()
