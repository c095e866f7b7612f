"""The place of somebody in the line: counted among those who wait for the same event, or the same date of it."""

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from events.models import Event, Registration
from events.models.registration_states import State

IN_LINE = Q(state=State.WAITING, expires_at=None)
"Who can be offered a seat: not those whose address is still to be confirmed."


def waiting(event: Event) -> QuerySet[Registration]:
    """Everybody who waits for an event, in the order of the line; those too whose address is to be confirmed."""
    return Registration.objects.filter(event=event, state=State.WAITING).order_by("line", "pk")


def place_in_line(registration: Registration) -> tuple[int, int] | None:
    """Which place, of how many; None for who does not stand in the line."""
    if registration.state != State.WAITING or registration.expires_at is not None:
        return None
    line = Registration.objects.in_line().filter(event=registration.event_id, occurrence=registration.occurrence_id)
    before = line.filter(Q(line__lt=registration.line) | Q(line=registration.line, pk__lt=registration.pk))
    return before.count() + 1, line.count()


def with_places(rows: QuerySet[Registration]) -> QuerySet[Registration]:
    """The same for each row of a list, as ``line_place``; NULL for who does not stand in the line."""
    before = (
        Registration.objects.in_line()
        .order_by()
        .filter(event=OuterRef("event"))
        .alias(date=Coalesce("occurrence", Value(0)))
        .filter(Q(line__lt=OuterRef("line")) | Q(line=OuterRef("line"), pk__lte=OuterRef("pk")))
        .filter(date=Coalesce(OuterRef("occurrence"), Value(0)))
        .values("event")
        .annotate(people=Count("pk"))
        .values("people")
    )
    return rows.annotate(line_place=Case(When(IN_LINE, then=Subquery(before)), output_field=IntegerField()))
