"""The door to the room of events, which stands above this one and opens it when it is ready."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from django.forms import Widget


@dataclass
class EventDoor:
    """What news and organisations need to know of events.

    ``widget`` makes a chooser of public events whose value is a UID. ``title``
    names a public event in the active language, or is empty. ``roles`` are the
    values and names of what an organisation can be in an event, and
    ``organisations_as`` gives the primary keys of those that are so in a public one.
    """

    widget: Callable[[], Widget] | None = None
    title: Callable[[uuid.UUID], str] = field(default=lambda uid: "")
    roles: Callable[[], list[tuple[str, str]]] = field(default=list)
    organisations_as: Callable[[str], set[int]] = field(default=lambda role: set())


events = EventDoor()
