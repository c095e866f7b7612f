"""The accounts of a demonstration: one of each kind of person, named by role."""

from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from wagtail.users.models import UserProfile

from accounts.invitations import HOUSE_ZONE
from regions.models import Mandate

from . import groups

CORRESPONDENTS = ("correspondent.afr-w", "correspondent.med", "correspondent.lac")
PUBLISHER = "correspondent.lac"
"The one of them who may publish; the others propose."


class Account(NamedTuple):
    """Who can enter, and as what."""

    username: str
    role: str


def open_for_all(password: str) -> list[Account]:
    """Make the accounts of staff and translator, and let three correspondents of the programme in.

    An account that has a password keeps it.
    """
    _open("staff", groups.STAFF, "fr", password)
    _open("translator", groups.TRANSLATORS, "en", password)
    opened = [Account("staff", "staff"), Account("translator", "translator")]
    for user in get_user_model().objects.filter(username__in=CORRESPONDENTS).order_by("pk"):
        if not user.has_usable_password():
            user.set_password(password)
            user.save()
            _widen(user)
        opened.append(Account(user.username, user.get_full_name()))
    return opened


def _widen(person: User) -> None:
    """Show what mandates can be: the numbers of people for all three, and one who publishes."""
    for mandate in Mandate.objects.living().filter(person=person):
        mandate.change(registrations=True, may_publish=person.username == PUBLISHER, note="demonstration")


def _open(username: str, group: str, language: str, password: str) -> None:
    model = get_user_model()
    if model.objects.filter(username=username).exists():
        return
    user = model.objects.create_user(
        username, f"{username}@example.org", password, first_name=username.capitalize(), last_name="Example"
    )
    user.groups.add(Group.objects.get(name=group))
    UserProfile.objects.update_or_create(
        user=user, defaults={"preferred_language": language, "current_time_zone": HOUSE_ZONE}
    )
