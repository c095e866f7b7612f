"""What letters are about, told to the letters' own list."""

import uuid

from django.utils.translation import gettext_lazy as _

from events.models import Event
from letters import desk
from pages.trilingual import shown


def titles(uids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The titles of events by their UID, in the reader's language."""
    return {uid: shown(title).text for uid, title in Event.objects.filter(uid__in=uids).values_list("uid", "title")}


desk.names.append(titles)
desk.jobs |= {
    "seats": _("offers and kept seats that run out"),
    "mandates": _("mandates"),
    "representatives": _("accounts of co-organisers"),
    "reminders": _("reminders to review"),
    "announcements": _("letters of announcements"),
    "dates": _("reminders, how to join and thanks"),
    "shifts": _("letters before clocks change"),
    "translations": _("translations"),
    "publication": _("scheduled publication"),
    "horizon": _("dates of recurring events"),
    "attempts": _("limits against abuse"),
    "accesses": _("old accesses to personal data"),
    "purge": _("deletion of personal data"),
}
