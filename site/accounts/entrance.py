"""The door: nobody tries passwords without end, and no answer tells which accounts exist."""

import datetime as dt
from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.models import Login
from allauth.core import context
from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from pages import limits

from . import devices

QUARTER, HOUR, DAY = dt.timedelta(minutes=15), dt.timedelta(hours=1), dt.timedelta(days=1)
TRIED_ON_ONE_ACCOUNT = 10
"Passwords tried for one account from one machine in a quarter of an hour."
TRIED_FROM_ONE_MACHINE = 100
"Passwords tried from one machine in a quarter of an hour, whatever the account."
TRIED_FROM_EVERYWHERE = 60
"Passwords tried for one account in an hour from machines its owner never used; those the owner used are not counted."
CODES_FROM_ONE_MACHINE = 5
"Codes tried for one account from one machine in a quarter of an hour."
CODES_OF_A_DAY = 50
"Codes tried for one account in a day from machines its owner never used, and as many from the others."
WRONG = _("The name or the password is not right, or there were too many tries. After ten, wait a quarter of an hour.")
WRONG_AGAIN = _("The password is not right, or there were too many tries. After ten, wait a quarter of an hour.")


def named(name: str) -> User | None:
    """Whose name to log in with, or else whose address, this is; None where an address leaves it open."""
    found = list(User.objects.filter(Q(username__iexact=name) | Q(email__iexact=name))[:5])
    by_name = [user for user in found if user.username == name] or [
        user for user in found if user.username.casefold() == name.casefold()
    ]
    found = by_name or [user for user in found if user.is_active]
    return found[0] if len(found) == 1 else None


def admitted(request: HttpRequest, name: str, password: str) -> User | None:
    """Who comes in with this name and password, counting the try.

    Unknown, wrong, closed and locked are one answer, after one hash of the
    password each. A machine that tried too much is not even looked up.
    """
    machine = limits.client_address(request)
    if not limits.allowed("log in from", machine, TRIED_FROM_ONE_MACHINE, QUARTER):
        return None
    user = named(name)
    return user if _is_right(request, user, name, password) and user and user.is_active else None


def is_confirmed(request: HttpRequest, user: User, password: str) -> bool:
    """Whether somebody who is in already types their own password, counting the try like any other."""
    return _is_right(request, user, user.get_username(), password)


def _is_right(request: HttpRequest, user: User | None, name: str, password: str) -> bool:
    account = f"account {user.pk}" if user else f"name {name.casefold()}"
    machine = devices.known(request, user)
    where = machine or limits.client_address(request)
    may = limits.allowed("log in as", f"{where}|{account}", TRIED_ON_ONE_ACCOUNT, QUARTER)
    may &= limits.allowed("log in everywhere", f"{machine}|{account}", TRIED_FROM_EVERYWHERE, HOUR)
    if user is None:
        User().set_password(password)  # as long as it takes to look at a password that exists
        return False
    return user.check_password(password) and may


def may_try_code(request: HttpRequest, user: User) -> bool:
    """Count one code of a second factor; False once there were too many."""
    machine = devices.known(request, user)
    where = machine or limits.client_address(request)
    may = limits.allowed("code", f"{where}|{user.pk}", CODES_FROM_ONE_MACHINE, QUARTER)
    return limits.allowed("code of", f"{bool(machine)}|{user.pk}", CODES_OF_A_DAY, DAY) and may


class EntranceForm(LoginForm):
    """Name or address, and password; what follows (the second factor, the session) is allauth's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("User name or e-mail address"),
            max_length=254,
            widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        )
        self.fields["password"] = forms.CharField(
            label=_("Password"),
            strip=False,
            max_length=4096,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        )
        self.fields["remember"].label = _("Stay logged in on this machine")
        self.order_fields(["login", "password", "remember"])

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            user = admitted(self.request, self.cleaned_data["login"], self.cleaned_data["password"])
            if user is None:
                raise ValidationError(WRONG, code="wrong")
            self._login, self.user = Login(user=user), user
        return self.cleaned_data


class PasswordAgainForm(forms.Form):
    """One's password once more, before something that a session left open must not do."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not is_confirmed(context.request, self.user, password):
            raise ValidationError(WRONG_AGAIN, code="wrong")
        return password
