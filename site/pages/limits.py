"""Rate limits, kept in the database so that every process counts alike."""

import datetime as dt
import hashlib
import ipaddress
import secrets
from collections.abc import Sequence
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from .models import Attempt

COUNT = """
INSERT INTO pages_attempt (source, "window", count) VALUES {rows}
ON CONFLICT (source, "window") DO UPDATE SET count = pages_attempt.count + 1
RETURNING source, count
"""


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


class Limit(NamedTuple):
    """How many times something may be tried by one source, in the window that counts."""

    what: str
    who: str
    times: int


def allowed(what: str, who: str, times: int, within: dt.timedelta) -> bool:
    """Count one attempt; False once ``times`` have been made in this window."""
    return all_allowed([Limit(what, who, times)], within)


def all_allowed(limits: Sequence[Limit], within: dt.timedelta) -> bool:
    """Count one attempt against each, in one statement; False once one of them is passed in this window.

    Only a digest of ``who`` is kept. Windows are aligned on the clock. No two limits
    are of the same ``what``, and whoever counts several has them in the same order.
    """
    seconds = int(within.total_seconds())
    now = int(timezone.now().timestamp())
    window = connection.ops.adapt_datetimefield_value(dt.datetime.fromtimestamp(now - now % seconds, dt.UTC))
    most = {_source(limit): limit.times for limit in limits}
    rows = ", ".join(["(%s, %s, 1)"] * len(most))
    with connection.cursor() as cursor:
        cursor.execute(COUNT.format(rows=rows), [part for source in most for part in (source, window)])
        return all(count <= most[source] for source, count in cursor.fetchall())


def _source(limit: Limit) -> str:
    told = f"{limit.what}|{limit.who}".encode()
    return hashlib.blake2b(told, key=settings.SECRET_KEY.encode()[:64], digest_size=24).hexdigest()


def pretend() -> None:
    """Write a row that counts nothing: who waits for an answer learns nothing from how long it takes."""
    Attempt.objects.create(source=secrets.token_hex(24), window=timezone.now())


def forget(before: dt.datetime) -> int:
    """Delete the counts of windows that began before an instant."""
    return Attempt.objects.filter(window__lt=before).delete()[0]
