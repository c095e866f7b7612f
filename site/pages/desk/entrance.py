"""The staff's door: nobody tries passwords without end, nor fills a mailbox with ways to make a new one."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.auth import LoginForm, PasswordResetForm

from pages import limits

QUARTER, HOUR = dt.timedelta(minutes=15), dt.timedelta(hours=1)
TRIED_ON_ONE_ACCOUNT = 10
"Passwords tried for one name from one machine in a quarter of an hour: elsewhere its owner still comes in."
TRIED_FROM_ONE_MACHINE = 100
"Passwords tried from one machine in a quarter of an hour, whatever the name."
RESETS_OF_ONE_ADDRESS = 3
RESETS_FROM_ONE_MACHINE = 30


class LimitedLoginForm(LoginForm):
    """Wagtail's own, which counts what is tried before it looks at the password."""

    def clean(self) -> dict[str, Any]:
        machine = limits.client_address(self.request)
        name = str(self.cleaned_data.get("username", "")).casefold()
        if not (
            limits.allowed("log in from", machine, TRIED_FROM_ONE_MACHINE, QUARTER)
            and limits.allowed("log in as", f"{machine}|{name}", TRIED_ON_ONE_ACCOUNT, QUARTER)
        ):
            raise ValidationError(_("Too many tries. Wait a quarter of an hour, then try again."), code="too_often")
        cleaned: dict[str, Any] = super().clean()
        return cleaned


class LimitedPasswordResetForm(PasswordResetForm):
    """Wagtail's own; beyond the limit nothing is sent, and the answer is the same."""

    def save(self, *args: Any, **kwargs: Any) -> None:
        machine = limits.client_address(kwargs["request"])
        if limits.allowed("reset from", machine, RESETS_FROM_ONE_MACHINE, HOUR) and limits.allowed(
            "reset of", self.cleaned_data["email"].casefold(), RESETS_OF_ONE_ADDRESS, HOUR
        ):
            super().save(*args, **kwargs)
