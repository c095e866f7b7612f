"""Links that let somebody choose a password: signed, short-lived, dead once used, and kept nowhere."""

import binascii
import datetime as dt
import json

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from .models import Invitation

SALT = "accounts.password"


def address(user: User, until: dt.datetime, number: int = 0) -> str:
    """The whole address of the page where this person chooses a password, until an instant.

    ``number`` is that of the invitation; 0 for somebody who forgot a password.
    """
    token = signing.dumps([user.pk, int(until.timestamp()), number, _stamp(user)], salt=SALT)
    return settings.SITE_URL + reverse("account_choose_password", args=[token])


def opened(token: str, *, lock: bool = False) -> User | None:
    """Whose password this link lets choose; None if it is forged, mistyped, used, replaced or too old.

    With ``lock`` the person's row is held until the transaction ends, so that
    one link never chooses two passwords.
    """
    try:
        pk, until, number, stamp = signing.loads(token, salt=SALT)
        pk, until, number, stamp = int(pk), int(until), int(number), str(stamp)
    except (signing.BadSignature, binascii.Error, json.JSONDecodeError, TypeError, ValueError):
        return None
    if timezone.now().timestamp() >= until:
        return None
    people = User.objects.filter(pk=pk, is_active=True)
    user = (people.select_for_update() if lock else people).first()
    if user is None or not constant_time_compare(stamp, _stamp(user)):
        return None
    if number and not any(invitation.is_open for invitation in Invitation.objects.filter(user=user, number=number)):
        return None
    return user


def _stamp(user: User) -> str:
    """Changes with the password, the address and each login: what was signed with it is dead then."""
    said = f"{user.password}|{user.email.casefold()}|{user.last_login and user.last_login.timestamp()}"
    return salted_hmac(SALT, said, algorithm="sha256").hexdigest()[:24]
