"""Events inside events: a parent holds its children, and nothing holds itself."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from .event import Event


def refuse_loop(event: "Event") -> None:
    """Walk up from an event's parent.

    Raises:
        ValidationError: the event is its own ancestor.
    """
    from .event import Event

    above, seen = event.parent_id, set()
    while above is not None:
        if above == event.pk or above in seen:
            raise ValidationError({"parent": ValidationError(_("An event can't lie within itself."), code="loop")})
        seen.add(above)
        above = Event.objects.filter(pk=above).values_list("parent_id", flat=True).first()


def errors(event: "Event") -> dict[str, Any]:
    """What the event's parent and children object to, per field.

    Judged in UTC, between events that do not recur. Children that are to be moved
    along are judged where they will be.
    """
    found: dict[str, Any] = {}
    try:
        refuse_loop(event)
    except ValidationError as error:
        return dict(error.error_dict)
    if event.starts_at is None or event.ends_at is None or event.recurs:
        return found
    parent = event.parent
    if parent is not None and not parent.recurs and not holds(parent, event):
        found["parent"] = ValidationError(
            _("“%(parent)s” lasts from %(start)s to %(end)s (%(zone)s): this event does not fit inside it."),
            code="outside",
            params={
                "parent": parent.title,
                "start": f"{parent.start_local:%Y-%m-%d %H:%M}",
                "end": f"{parent.end_local:%Y-%m-%d %H:%M}",
                "zone": parent.timezone,
            },
        )
    outside = [child for child in children_after(event) if not holds(event, child)]
    if outside:
        names = ", ".join(str(child.title) for child in outside)
        if event.moves_children:
            found["end_local"] = ValidationError(
                _("Even moved along, these events would no longer fit inside: %(names)s."),
                code="children",
                params={"names": names},
            )
        else:
            found["moves_children"] = ValidationError(
                _(
                    "These events would no longer lie inside: %(names)s. "
                    "Tick this box to move them along, or move them first."
                ),
                code="children",
                params={"names": names},
            )
    return found


def holds(parent: "Event", child: "Event") -> bool:
    """Whether a child lies within its parent, both ends included, in UTC."""
    if child.recurs or not (child.starts_at and child.ends_at and parent.starts_at and parent.ends_at):
        return True
    return parent.starts_at <= child.starts_at and child.ends_at <= parent.ends_at


def children_after(event: "Event") -> list["Event"]:
    """The live children, where they will be once the event is published; nothing is saved."""
    from .event import Event

    if not event.pk:
        return []
    children = list(Event.objects.filter(parent_id=event.pk, live=True))
    by = distance(event)
    if event.moves_children and by:
        for child in children:
            child.shift(by)
            child.derive_instants()
    return children


def distance(event: "Event") -> dt.timedelta:
    """How far the wall clock of the beginning has moved since the last publication."""
    from .event import Event

    was = Event.objects.filter(pk=event.pk, live=True).values_list("start_local", flat=True).first()
    return event.start_local - was if was else dt.timedelta()


def below(pk: int) -> list[int]:
    """The live events inside an event at any depth: those that move along with it."""
    from .event import Event

    found: list[int] = []
    level = [pk]
    while level:
        inside = Event.objects.filter(parent_id__in=level, live=True).exclude(pk__in=[pk, *found])
        level = sorted(inside.values_list("pk", flat=True))
        found += level
    return found


def move_along(event: "Event", by: dt.timedelta) -> None:
    """Move the live children by the same wall-clock distance and publish them; drafts of theirs move too."""
    from .event import Event

    for child in Event.objects.filter(parent_id=event.pk, live=True).order_by("pk"):
        draft = child.get_latest_revision_as_object() if child.has_unpublished_changes else None
        child.shift(by)
        child.moves_children = True
        child.save_revision().publish()
        if draft is not None:
            draft.shift(by)
            draft.save_revision()
