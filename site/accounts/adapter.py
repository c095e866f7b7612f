"""How allauth behaves in this house: nobody signs up, no letter but the outbox's, secrets are stored encrypted."""

import base64
import hashlib
import time
from typing import Any

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from qrcode.image.svg import SvgPathImage

from pages import limits

from . import devices, entrance, letters
from .factor import WRONG
from .middleware import SEEN

FRESH = 300
"Seconds for which a password or a code just given need not be given once more."


class AccountAdapter(DefaultAccountAdapter):
    """Logging in and out."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def reauthenticate(self, user: User, password: str) -> bool:
        return entrance.is_confirmed(context.request, user, password)

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Whoever has just come in is not asked again at once."""
        records = get_authentication_records(context.request, context.request.user)
        return not any(time.time() - record["at"] < FRESH for record in records)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        request.session[SEEN] = int(time.time())
        devices.remember(request, response, user)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_login"))

    def get_client_ip(self, request: HttpRequest) -> str:
        return limits.client_address(request) or "0.0.0.0"  # noqa: S104  (unknown, behind a socket)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say themselves what happened."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        raise NotImplementedError(f"{template_prefix}: letters are written to the outbox.")

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell somebody that their factor changed, by the outbox."""
        what = template_prefix.rpartition("/")[2]
        if what in letters.CHANGES:
            letters.tell_change(user, what)


class FactorAdapter(DefaultMFAAdapter):
    """Secrets are readable only with SECRET_KEY (or one of SECRET_KEY_FALLBACKS): not from a copy of the database."""

    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": WRONG}

    def encrypt(self, text: str) -> str:
        return _safe().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again.

        Raises:
            InvalidToken: it was written with another SECRET_KEY.
        """
        return _safe().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        return qrcode.make(url, image_factory=SvgPathImage, border=2).to_string(encoding="unicode")


def _safe() -> MultiFernet:
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_key(str(secret))) for secret in secrets])


def _key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.blake2b(secret.encode(), digest_size=32, person=b"humus.factor").digest())
