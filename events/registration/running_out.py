"""What runs out: offers, kept seats and addresses that nobody answered for, and seats kept for invitations.

The verbs free the seats and offer them on; here they are called when the time has
come. Everything is asked of the tables anew each time, so that a worker that died
leaves nothing behind, and one that finds nothing due asks a handful of questions.
"""

import datetime as dt
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from events.models import Event, Invitation, Registration, SeatPool, Ticket, facts, waiting_list
from events.models.window import Place
from letters.jobs import JobFailed
from letters.models import Heartbeat, Letter
from pages.models import Edition

log = logging.getLogger(__name__)

JOB = "seats"
ENOUGH = 30.0
"Seconds after which a run rests: letters wait meanwhile. The next one goes on at once."
SHORT = dt.timedelta(hours=3)
"An offer that holds for less is not recalled: its letter has only just arrived."
LONGEST = dt.timedelta(days=30)
"As long as an event's offers may hold."
CHUNK = 500


def waiting() -> bool:
    """Whether somebody's time is over now; after a failure the job waits for its turn."""
    return Registration.objects.run_out().exists() and not Heartbeat.objects.filter(job=JOB, failed=True).exists()


def settle_what_has_run_out(stop: Callable[[], bool] = lambda: False) -> str:
    """End what has run out, give back what is kept in vain, recall offers, and offer what is free.

    Raises:
        JobFailed: names what could not be done, the rest being done.
        OperationalError: the database is away.
    """
    run = _Run(stop)
    ended = run.each(Registration.objects.run_out().order_by("expires_at", "pk"), Registration.expire)
    given_back = run.each(Invitation.objects.keeping_seats_too_long().order_by("pk"), _give_back)
    passed_on = run.each(_perhaps_free(), waiting_list_of)
    recalled = run.each(_soon_over(timezone.now()), recall)
    if run.refused:
        raise JobFailed("; ".join(run.refused))
    return f"{ended} ended, {given_back} reservations given back, {passed_on} offers found, {recalled} offers recalled"


class _Run:
    """One run of the job: each row in a transaction of its own, until it is told to stop or has done enough."""

    def __init__(self, stop: Callable[[], bool]) -> None:
        self.stop = stop
        self.until = time.monotonic() + ENOUGH
        self.refused: list[str] = []

    def each(self, rows: Iterable[Any], do: Callable[[Any], Any]) -> int:
        """Do something to each; what it says that it did, summed up."""
        done = 0
        for row in rows:
            if self.stop() or time.monotonic() > self.until:
                break
            try:
                with Edition.together():
                    done += int(do(row))
            except OperationalError:
                raise
            except Exception as error:
                log.exception("The seats of %s %s could not be settled.", type(row).__name__, row.pk)
                self.refused.append(f"{type(row).__name__} {row.pk}: {type(error).__name__}: {error}")
        return done


def _give_back(invitation: Invitation) -> int:
    invitation.settle()
    return 1


# -- the line


def waiting_list_of(event: Event) -> int:
    """Offer what is free to who waits for this event; how many offers."""
    with transaction.atomic():
        SeatPool.objects.hold(event.pk)
        return waiting_list.pass_on(event.pk)


def _perhaps_free() -> list[Event]:
    """The events where somebody waits and each pool of what they wait for seems to have a seat.

    Every verb that frees a seat passes it on itself; here is found what became free
    otherwise: the event was given a waiting list, or is public again. Three
    questions, however many wait.
    """
    now = timezone.now()
    begins_later = Q(occurrence=None, event__recurrence__isnull=False) | Q(event__starts_at__gt=now)
    asked = (
        Registration.objects.in_line()
        .filter(event__live=True, event__has_waiting_list=True)
        .exclude(event__status__in=Event.CALLED_OFF)
        .filter(Q(occurrence__starts_at__gt=now) | Q(occurrence=None) & begins_later)
        .order_by("event_id")
        .values_list("event_id", "attendance", "ticket_id", "occurrence_id")
        .distinct()
    )
    places: dict[int, list[Place]] = defaultdict(list)
    wanted = list(asked)
    tickets = Ticket.objects.in_bulk({ticket for _event, _way, ticket, _date in wanted if ticket})
    for event_id, attendance, ticket, occurrence in wanted:
        places[event_id].append(Place(attendance, tickets.get(ticket), None, occurrence))
    full: dict[int, set[str]] = defaultdict(set)
    filled = SeatPool.objects.filter(event_id__in=places, capacity__isnull=False, taken__gte=F("capacity"))
    for event_id, key in filled.values_list("event_id", "key"):
        full[event_id].add(key)
    hopeful = [pk for pk, some in places.items() if any(full[pk].isdisjoint(place.pools) for place in some)]
    return list(Event.objects.filter(pk__in=hopeful).order_by("pk")) if hopeful else []


# -- offers that will soon be over


def _soon_over(now: dt.datetime) -> Iterable[Registration]:
    """Those of which less than a third of the time is left, and that have not been recalled."""
    offered = (
        Registration.objects.known()
        .filter(state=Registration.State.OFFERED, expires_at__gt=now, expires_at__lte=now + LONGEST / 3)
        .annotate(offered_at=Max("changes__at", filter=Q(changes__verb="offer")))
        .select_related("event", "ticket", "occurrence")
        .order_by("expires_at", "pk")
    )
    rows = [row for row in offered if _is_due(row, now)]
    for start in range(0, len(rows), CHUNK):
        some = rows[start : start + CHUNK]
        written = set(Letter.objects.filter(key__in=map(_key, some)).values_list("key", flat=True))
        yield from (row for row in some if _key(row) not in written)


def _is_due(row: Any, now: dt.datetime) -> bool:
    began = row.offered_at or row.expires_at - dt.timedelta(hours=row.event.offer_hours)
    holds = row.expires_at - began
    return bool(holds >= SHORT and (row.expires_at - now) * 3 < holds)


def _key(row: Registration) -> str:
    return f"offer_reminder:{row.uid}"


def recall(offered: Registration) -> int:
    """Write once to somebody whose offer will soon be over; nothing if it was answered meanwhile."""
    with transaction.atomic():
        SeatPool.objects.hold(offered.event_id)
        row = Registration.objects.filter(
            pk=offered.pk, state=Registration.State.OFFERED, expires_at__gt=timezone.now()
        ).first()
        if row is None or row.expires_at is None or Letter.objects.filter(key=_key(row)).exists():
            return 0
        Letter.objects.create(
            key=_key(row),
            kind="offer_reminder",
            recipient=row.email,
            recipient_name=row.name,
            language=row.language,
            facts=facts.of_registration(row) | {"state": row.state, "until": row.expires_at.isoformat()},
            link_view="participant",
            link_subject=str(row.uid),
            about=row.event.uid,
        )
        return 1
