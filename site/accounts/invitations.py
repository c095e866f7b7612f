"""Inviting somebody: an account of their own, and a letter with the link that opens it."""

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.users.models import UserProfile

from letters.models import Letter

from . import languages
from .models import Invitation

HOUSE_ZONE = "Europe/Paris"
"The clock of the Secretariat: a new account goes by it until its owner chooses another."


class AccountClosed(ValidationError):
    """The account of this address was deactivated; staff open it again first."""


def invite(email: str, name: str, language: str, by: User | None, zone: str = HOUSE_ZONE) -> User:
    """The account of this address, made if there is none; whoever has no password yet is written to.

    One account an address, whatever its capitals. The letter is queued in the
    transaction of the caller. Asking again while a link is open writes no second
    letter (``resend`` does); somebody who can log in already is simply returned.

    Raises:
        ValidationError: the address is none, or too long to be a name to log in with.
        AccountClosed: the account exists and was deactivated.
    """
    email = email.strip()
    validate_email(email)
    language = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with transaction.atomic():
        user = _found(email) or _made(email, name, language, zone)
        user = User.objects.select_for_update().get(pk=user.pk)
        if not user.is_active:
            raise AccountClosed(_("The account of this address is closed. Open it again first."), code="closed")
        if not user.has_usable_password():
            invitation = Invitation.objects.filter(user=user).first()
            if invitation is None or not invitation.is_open:
                _write(user, language, by, invitation)
    return user


def resend(user: User, by: User | None) -> bool:
    """Write the invitation anew; the links of the former letters are dead. False if the person has a password."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.has_usable_password() or not user.is_active:
            return False
        invitation = Invitation.objects.filter(user=user).first()
        _write(user, invitation.language if invitation else languages.of(user), by, invitation)
    return True


def _found(email: str) -> User | None:
    """Whoever has this address; the one who may log in where several have it."""
    key = email.casefold()
    same = [user for user in User.objects.filter(email__iexact=email) if user.email.casefold() == key]
    same += User.objects.filter(username=key)
    return min(same, key=lambda user: (not user.is_active, user.pk), default=None)


def _made(email: str, name: str, language: str, zone: str) -> User:
    key = email.casefold()
    if len(key) > 150:
        raise ValidationError(_("This address is too long."), code="too_long")
    first, _space, last = " ".join(name.split()).partition(" ")
    try:
        with transaction.atomic():  # the name to log in with is unique: of two who ask at once, one finds
            user = User(username=key, email=email, first_name=first[:150], last_name=last[:150])
            user.set_unusable_password()
            user.save(force_insert=True)
    except IntegrityError:
        return User.objects.get(username=key)
    UserProfile.objects.update_or_create(
        user=user, defaults={"preferred_language": language, "current_time_zone": zone}
    )
    return user


def _write(user: User, language: str, by: User | None, invitation: Invitation | None) -> None:
    now = timezone.now()
    invitation = invitation or Invitation(user=user, number=0)
    invitation.number += 1
    invitation.language, invitation.by = language, by
    invitation.sent_at, invitation.expires_at, invitation.answered_at = now, now + Invitation.LASTS, None
    invitation.save()
    Letter.objects.create(
        key=f"invitation:{user.pk}:{invitation.number}",
        kind="invitation",
        recipient=user.email,
        recipient_name=user.get_full_name(),
        language=language,
        facts={"number": invitation.number, "by": by.get_full_name() if by else ""},
        link_view="account_choose_password",
        link_subject=str(user.pk),
    )
