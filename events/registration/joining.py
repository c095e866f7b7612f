"""Joining: the link of who takes part online, and from when on it is theirs to see.

The rule stands with the models, where calendars read it too; pages, letters and
reminders ask here.
"""

from events.calendars.description import joining_link
from events.models import Occurrence, Registration
from events.models.joining import is_shown, shown_from

__all__ = ["is_shown", "joining_link", "link_for", "shown_from"]


def link_for(registration: Registration, date: Occurrence | None = None) -> str:
    """The link to join, if this person may see it now: confirmed, of a meeting that takes place, and in its hours.

    ``date`` is the next one, for who takes part in a whole series.
    """
    event, date = registration.event, registration.occurrence or date
    takes_part = registration.is_confirmed and event.live and registration.takes_place and not registration.is_over
    if not takes_part or not is_shown(event, date):
        return ""
    return joining_link(event, date)
