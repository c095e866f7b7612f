"""The second factor: a code from a telephone that opens once, or one of ten codes kept on paper."""

import logging
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from cryptography.fernet import InvalidToken
from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from . import entrance, sessions

log = logging.getLogger(__name__)

WRONG = _(
    "The code is not right, was used already, or there were too many tries. Wait for the next one; "
    "after five tries, wait a quarter of an hour."
)


def has(user: Any) -> bool:
    """Whether this person has a second factor; codes on paper alone are none."""
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()


def was_shown(request: HttpRequest) -> bool:
    """Whether this session was begun with the second factor."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def take_away(user: User) -> bool:
    """Forget somebody's second factor and codes; says whether there were any."""
    return bool(Authenticator.objects.filter(user=user).delete()[0])


def end_other_sessions(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Sessions begun before the factor was set up end: a password alone does not undo it."""
    sessions.end_all(user, keep=request.session.session_key)


def accepted(request: HttpRequest, user: User, code: str) -> Authenticator | None:
    """What this code belongs to, if it opens now; it never opens again.

    Behind a lock, so that of two who send the same code at once one is late.
    """
    if not entrance.may_try_code(request, user):
        return None
    with transaction.atomic():
        for authenticator in Authenticator.objects.select_for_update().filter(user=user).order_by("-type"):
            try:
                if _opens(authenticator, code):
                    authenticator.user = user
                    return authenticator
            except InvalidToken:
                log.warning("A second factor of account %s was written with another SECRET_KEY.", user.pk)
    return None


def _opens(authenticator: Authenticator, code: str) -> bool:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return bool(authenticator.wrap().validate_code(code))
    secret, last = decrypt(authenticator.data["secret"]), authenticator.data.get("counter", 0)
    for counter in totp.yield_hotp_counters_from_time():  # RFC 6238 section 5.2: one opening a code
        expected = totp.format_hotp_value(totp.hotp_value(secret, counter))
        if counter > last and compare_user_code(actual=code, expected=expected):
            authenticator.data["counter"] = counter
            authenticator.save(update_fields=["data"])
            return True
    return False


def _field() -> forms.CharField:
    attributes = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
    return forms.CharField(label=_("Code"), max_length=40, widget=forms.TextInput(attrs=attributes))


class CodeForm(AuthenticateForm):
    """The code that a login asks for after the password."""

    code = _field()

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        self.authenticator = accepted(context.request, self.user, code)
        if self.authenticator is None:
            raise ValidationError(WRONG, code="wrong")
        return code


class CodeAgainForm(CodeForm, ReauthenticateForm):
    """The code once more, from somebody who is in."""

    def save(self) -> None:
        ReauthenticateForm.save(self)


class ActivateForm(ActivateTOTPForm):
    """The first code of a telephone shows that it holds the secret."""

    code = _field()
