"""One's own dates of a series: those registered for, and the others, for which the same person may register at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from events.models import CalledOff, CodeRefused, DateGone, Full, Occurrence, Place, Registration, SeatPool
from pages import limits

from .. import dates, links
from ..registering import AlreadyRegistered, register

HOUR = dt.timedelta(hours=1)
AN_HOUR = 20
"Forms for more dates an hour from one person's page."


def shown(registration: Registration, ticked: Iterable[str] = ()) -> dict[str, Any]:
    """What the participant's page tells of the other dates; nothing where one registers for the whole."""
    event = registration.event
    if registration.occurrence is None:
        return {"mine": [], "all_confirmed": registration.is_confirmed, "offer": None}
    others = Registration.objects.beside(registration).filter(occurrence__isnull=False)
    rows = list(others.select_related("occurrence", "event").order_by("occurrence__starts_at"))
    has = [row.occurrence_id for row in (registration, *rows) if row.occurrence_id]
    offered = None
    if event.by_date and registration.is_living and event.live and event.window.has_form:
        offered = dates.offer(
            event.window,
            dates.read(ticked),
            zone=registration.home_zone,
            mine=has,
            place=_place(registration),
            waits=event.has_waiting_list,
        )
    return {
        "mine": [
            (
                dates.told(event, row.occurrence, registration.home_zone),
                links.token(row),
                "" if row.is_confirmed else row.get_state_display(),
            )
            for row in rows
            if row.occurrence
        ],
        "all_confirmed": all(row.is_confirmed for row in (registration, *rows)),
        "offer": offered if offered and offered.options else None,
    }


def keys_of_letters(registration: Registration) -> list[str]:
    """Keys of the letter that confirmed a registration: it may tell of others made with the same form."""
    together = Registration.objects.filter(pk=registration.pk)
    if registration.submission:
        together |= Registration.objects.filter(event=registration.event_id, submission=registration.submission)
    return [f"confirmed:{uid}" for uid in together.values_list("uid", flat=True)]


class Refused(Exception):
    """Nothing was recorded; the sentence says why, and the status how it is answered."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.sentence, self.status = sentence, status


def register_more(registration: Registration, values: Iterable[str]) -> None:
    """Register the same person for more dates of the series, in the same way; all of them or none.

    Dates that say they are full are waited for, where the event has a line. Sent twice it is done once.

    Raises:
        Refused: nothing was recorded.
        OperationalError: a lock was not had in time; nothing was recorded.
    """
    event, asked = registration.event, dates.read(values)
    if not asked:
        raise Refused(_("Choose at least one date."), 422)
    if not limits.allowed("more dates", str(registration.uid), AN_HOUR, HOUR):
        raise Refused(_("That was often: wait an hour, then try again."), 429)
    chosen = dates.named(event.window, asked, event.occurrences.not_begun())
    missing = set(asked) - {date.day for date in chosen}
    if missing:
        raise Refused(dates.gone(missing).messages[0], 409)
    try:
        _register(registration, chosen)
    except AlreadyRegistered:
        return
    except Full as error:
        raise Refused(dates.full(_full(registration, chosen)).messages[0], 409) from error
    except CodeRefused as error:
        sentence = _("Somebody else has come by your invitation on one of these dates: untick it, and send this again.")
        raise Refused(sentence, 409) from error
    except (CalledOff, DateGone, ValueError) as error:
        raise Refused(dates.gone(asked).messages[0], 409) from error


def _register(registration: Registration, chosen: list[Occurrence]) -> None:
    """As this person registered before: what they agreed to then holds for these dates too, as does their address."""
    with transaction.atomic():
        SeatPool.objects.hold(registration.event_id)
        same = Registration.objects.living().of(registration.email).filter(occurrence__in=chosen)
        known = list(same.select_related("event", "ticket", "occurrence"))
        register(
            registration.event,
            name=registration.name,
            email=registration.email,
            organisation=registration.organisation,
            country=registration.country,
            home_zone=registration.home_zone,
            language=registration.language,
            attendance=registration.attendance,
            ticket=registration.ticket,
            dates=chosen,
            vouched=True,
            invitation=registration.invitation,
            consent_version=registration.consent_version,
            notice=registration.notice,
            latin_name=registration.latin_name,
            known_organisation=registration.known_organisation,
            answers={one.question: one.given for one in registration.answers.living().whole()},
            shared_with=registration.sharings.living().values_list("organisation_id", flat=True),
            letter=False,
            wait=registration.event.has_waiting_list,
        )
        new = same.exclude(pk__in=[row.pk for row in known]).order_by("occurrence__starts_at")
        made = list(new.select_related("event", "ticket", "occurrence"))
        for row in made:
            if row.address_waits and not registration.address_waits:
                row.verify(letter=False)
        Registration.write_once([*made, *known])


def _place(registration: Registration) -> tuple[str, Any]:
    return registration.attendance, registration.ticket


def _full(registration: Registration, chosen: list[Occurrence]) -> list[Occurrence]:
    found = registration.event.window.places_on(chosen)
    return [date for date in chosen if any(place.is_full for place in _same(registration, found[date.pk]))]


def _same(registration: Registration, places: Iterable[Place]) -> list[Place]:
    return [place for place in places if (place.attendance, place.ticket) == _place(registration)]
