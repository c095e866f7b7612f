"""What letters are about, told to the letters' own list."""

import uuid

from events.models import Event
from letters import desk
from pages.trilingual import shown


def titles(uids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The titles of events by their UID, in the reader's language."""
    return {uid: shown(title).text for uid, title in Event.objects.filter(uid__in=uids).values_list("uid", "title")}


desk.names.append(titles)
