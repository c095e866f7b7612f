"""Calendar keys: what opens a person's own calendar, and nothing else."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SALT = b"events.calendar_key"


class CalendarKeyQuerySet(models.QuerySet["CalendarKey"]):
    def of(self, email_key: str) -> "CalendarKey | None":
        """The key of a person, if they have one."""
        return self.filter(email_key=email_key).first()

    def give(self, email_key: str) -> "CalendarKey":
        """A new key for a person; the one they had opens nothing any more."""
        seed = secrets.token_hex(32)
        facts = {"seed": seed, "digest": _digest(_token(seed, settings.SECRET_KEY)), "created_at": timezone.now()}
        return self.update_or_create(email_key=email_key, defaults=facts)[0]

    def revoke(self, email_key: str) -> None:
        """The person has none any more."""
        self.filter(email_key=email_key).delete()

    def opened(self, token: str) -> "CalendarKey | None":
        """The key that a token is; None if it is unknown, replaced or revoked."""
        return self.filter(digest=_digest(token)).first()


class CalendarKey(models.Model):
    """What a person's calendar app shows instead of a password: it reads that calendar and can do nothing else.

    The token is made of ``seed``, 256 random bits, and the site's secret: whoever
    reads the database alone can't tell it. ``digest`` finds the row, so that a
    subscription outlives a change of the secret.
    """

    email_key = models.CharField(max_length=254, unique=True)
    seed = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("made"), default=timezone.now)

    objects = CalendarKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar key")
        verbose_name_plural = _("calendar keys")

    def __str__(self) -> str:
        return f"{self.email_key} {self.created_at:%Y-%m-%d}"

    @property
    def token(self) -> str:
        """What stands in the address; empty if the site's secret was changed and the old one is forgotten."""
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            token = _token(self.seed, str(secret))
            if hmac.compare_digest(_digest(token), self.digest):
                return token
        return ""


def _token(seed: str, secret: str) -> str:
    made = hmac.digest(secret.encode(), SALT + seed.encode(), "sha256")
    return urlsafe_b64encode(made).decode().rstrip("=")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
