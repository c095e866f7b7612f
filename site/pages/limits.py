"""Rate limits, kept in the database so that every process counts alike."""

import datetime as dt
import hashlib
import ipaddress
import secrets

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from .models import Attempt


def client_address(request: HttpRequest) -> str:
    """The address of the visitor's machine, or of its network where that has more than anybody could count.

    ``X-Forwarded-For`` is believed only as far as our own proxies wrote it:
    with TRUSTED_PROXIES = n, the n-th entry from the right.
    """
    n = settings.TRUSTED_PROXIES
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if n and len(forwarded) >= n:
        return _counted(forwarded[-n])
    return _counted(str(request.META.get("REMOTE_ADDR", "")))


def _counted(address: str) -> str:
    """One line of the Internet is a /64 in IPv6: its owner takes another address of it for each attempt."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return address
    return str(found.ipv4_mapped or ipaddress.ip_network((found.packed, 64), strict=False).network_address)


def allowed(what: str, who: str, times: int, within: dt.timedelta) -> bool:
    """Count one attempt; False once ``times`` have been made in this window.

    Only a digest of ``who`` is kept. Windows are aligned on the clock.
    """
    seconds = int(within.total_seconds())
    now = int(timezone.now().timestamp())
    window = dt.datetime.fromtimestamp(now - now % seconds, dt.UTC)
    source = hashlib.blake2b(
        f"{what}|{who}".encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=24
    ).hexdigest()
    rows = Attempt.objects.filter(source=source, window=window)
    if not rows.update(count=F("count") + 1):
        try:
            with transaction.atomic():
                Attempt.objects.create(source=source, window=window, count=1)
        except IntegrityError:
            rows.update(count=F("count") + 1)
    return rows.values_list("count", flat=True)[0] <= times


def pretend() -> None:
    """Write a row that counts nothing: who waits for an answer learns nothing from how long it takes."""
    Attempt.objects.create(source=secrets.token_hex(24), window=timezone.now())


def forget(before: dt.datetime) -> int:
    """Delete the counts of windows that began before an instant."""
    return Attempt.objects.filter(window__lt=before).delete()[0]
