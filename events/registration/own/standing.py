"""Standing: what the participant's page tells of where a registration stands, and until when."""

import datetime as dt
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.calendars import hours
from events.calendars.zone_names import zone_name
from events.models import Registration
from events.models.registration_states import State
from events.models.seats import FIRST
from events.models.wallclock import instant

from .. import links, paid
from ..going_back import NOTHING, paid_for

PROVING = (State.UNVERIFIED, State.REQUESTED, State.WAITING)
"The states that end where an address is not confirmed in time."


class Moment(NamedTuple):
    """One instant on the clock of the event's zone and, where it shows something else, on the reader's own."""

    there: str
    yours: str = ""


def moment(at: dt.datetime, registration: Registration) -> Moment:
    zone, home = registration.event.timezone, registration.home_zone
    same = not home or at.astimezone(ZoneInfo(home)).utcoffset() == at.astimezone(ZoneInfo(zone)).utcoffset()
    return Moment(_clock(at, zone), "" if same else _clock(at, home))


def _clock(at: dt.datetime, zone: str) -> str:
    language = get_language() or settings.LANGUAGE_CODE
    local = at.astimezone(ZoneInfo(zone))
    return (
        f"{hours.day_of(local.date(), language)}, {hours.time_of(local, language)}, {zone_name(zone, at, at, language)}"
    )


def changes_until(registration: Registration) -> dt.datetime | None:
    """The instant after which this person no longer changes their answers; None for a series without such an end."""
    closes = registration.event.changes_close_local
    return instant(closes, registration.event.timezone) if closes else registration.begins_at


def stands(registration: Registration) -> bool:
    """Whether there is anything left to do with it: it counts, and what it is for is held and not over."""
    return registration.is_living and registration.takes_place and not registration.is_over


def may_change(registration: Registration) -> bool:
    """Whether this person can still change their answers; giving the seat back is possible until the end."""
    until = changes_until(registration)
    return stands(registration) and (until is None or until > timezone.now())


def came_late(registration: Registration) -> bool:
    """Whether it ended because the address was not confirmed in time: confirming it may revive it."""
    return registration.verified_at is None and _ended_from(registration) in PROVING


def _ended_from(registration: Registration) -> str:
    """The state from which a registration expired; empty if it did not."""
    if registration.state != State.EXPIRED:
        return ""
    last = registration.changes.filter(became=State.EXPIRED).order_by("-at", "-pk").first()
    return last.was if last else ""


def can_come_late(registration: Registration) -> bool:
    """Whether there may be a seat, or a line, for who confirms the address too late."""
    event = registration.event
    is_open = event.live and event.window.takes_registrations
    return is_open and registration.takes_place and not registration.has_begun and came_late(registration)


def ahead(registration: Registration) -> int:
    """How many wait before this person for a seat that would do for this person too."""
    line = Registration.objects.in_line().filter(event=registration.event_id, occurrence=registration.occurrence_id)
    mine = registration.line or 0
    before = line.filter(Q(line__lt=mine) | Q(line=mine, pk__lt=registration.pk))
    groups = list(before.order_by().values_list("attendance", "ticket").annotate(many=Count("pk")))
    limited = {key for key, wanted in registration.event.window.wanted.items() if wanted is not None}
    scarce = limited & _pools(registration.attendance, registration.ticket_id)
    return sum(many for way, ticket, many in groups if scarce & _pools(way, ticket))


def _pools(way: str, ticket: int | None) -> set[str]:
    return {FIRST, f"mode:{way}"} | ({f"ticket:{ticket}"} if ticket else set())


def shown(registration: Registration) -> dict[str, Any]:
    """What the page tells of it: a title, until when, how far in the line, and what became of its transfer."""
    now, kept = timezone.now(), registration.expires_at
    until, late = changes_until(registration), can_come_late(registration)
    transfers = list(registration.transfers.all()[:5])
    passed_on = next((one for one in transfers if one.accepted_at), None)
    passing = next((one for one in transfers if one.is_open), None)
    waits = registration.state == State.WAITING and not registration.address_waits
    money = paid_for(registration) if registration.ticket_id else NOTHING
    paid_at = money.paid.paid_at if money.paid else None
    to_pay = registration.is_to_be_paid and stands(registration) and not (money.looked_at or money.on_its_way)
    return {
        "headline": headline(registration, passed_on is not None, late),
        "is_on": stands(registration),
        "may_change": may_change(registration),
        "changes_until": moment(until, registration) if until else None,
        "kept_until": moment(kept, registration) if kept and kept > now else None,
        "come_late": late,
        "offer_ended": _ended_from(registration) == State.OFFERED,
        "ahead": ahead(registration) if waits else 0,
        "in_line": waits,
        "passed_on": passed_on,
        "passing": passing,
        "passing_until": moment(passing.expires_at, registration) if passing else None,
        "may_pass_on": registration.may_be_passed_on,
        "pay_token": links.pay_token(registration) if to_pay else "",
        "money": money,
        "has_receipt": bool(registration.ticket_id and paid.payments(registration)),
        "paid_at": moment(paid_at, registration) if paid_at else None,
        "unpaid": _ended_from(registration) == State.HELD,
    }


def headline(registration: Registration, passed_on: bool, late: bool) -> str:
    """The title of the page."""
    state = registration.state
    if state == State.CANCELLED:
        return _("You have passed your place on") if passed_on else _("You are no longer registered")
    if state == State.CONFIRMED:
        return _("Your place is confirmed")
    if state == State.DECLINED:
        return _("Your request could not be accepted")
    if late:
        return _("Confirm your address, even if it is late")
    if _ended_from(registration) == State.OFFERED:
        return _("The seat has been offered on")
    if state == State.EXPIRED:
        return _("Your registration has ended")
    if not stands(registration):
        return _("Your registration")
    if registration.address_waits:
        return _("Please confirm your address")
    return {
        State.REQUESTED: _("Your request awaits an answer"),
        State.WAITING: _("You are on the waiting list"),
        State.OFFERED: _("A seat is free for you"),
        State.HELD: _("A seat is kept for you"),
    }.get(State(state), _("Your registration"))
