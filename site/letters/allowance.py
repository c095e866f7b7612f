"""The allowance: how many letters may leave within an hour, so that nobody takes us for a sender of spam.

Counted in the database, for all workers together. What is over the limit waits
and leaves by itself. Of the limit a fifth is kept for letters that one person
waits for: an announcement to hundreds does not keep anybody from registering.
"""

import datetime as dt
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from .models import Allowance, Letter

HOUR = 60
KEPT = 5
"One part in so many is kept for letters to one person."


class Standing(NamedTuple):
    """How many letters wait because of the limit, and when the next may leave; the limit is 0 if there is none."""

    limit: int
    waiting: int = 0
    next_at: dt.datetime | None = None


def left(to_many: bool, now: dt.datetime | None = None) -> int:
    """How many such letters may leave now; 1 where there is no limit."""
    if not settings.LETTERS_PER_HOUR:
        return 1
    row = Allowance.objects.first()
    return _limit(to_many) - sum(_within(row.minutes, now or timezone.now()).values()) if row else _limit(to_many)


def take(to_many: bool) -> bool:
    """Count one letter; False if as many have left within the hour as may. In the caller's transaction."""
    if not settings.LETTERS_PER_HOUR:
        return True
    now = timezone.now()
    with transaction.atomic():
        row = _hold()
        row.minutes = _within(row.minutes, now)
        if sum(row.minutes.values()) >= _limit(to_many):
            return False
        minute = str(_minute(now))
        row.minutes[minute] = row.minutes.get(minute, 0) + 1
        row.save()
    return True


def give_back() -> None:
    """One that was counted was not handed over: the last one."""
    if not settings.LETTERS_PER_HOUR:
        return
    with transaction.atomic():
        row = _hold()
        counted = [minute for minute, letters in row.minutes.items() if letters]
        if counted:
            row.minutes[max(counted, key=int)] -= 1
            row.save()


def standing() -> Standing:
    """What the limit keeps back now."""
    limit = settings.LETTERS_PER_HOUR
    if not limit:
        return Standing(0)
    now = timezone.now()
    held = [to_many for to_many in (False, True) if left(to_many, now) <= 0]
    waiting = Letter.objects.due().filter(to_many__in=held).count() if held else 0
    if not waiting:
        return Standing(limit)
    row = Allowance.objects.first()
    counted = [int(minute) for minute, letters in _within(row.minutes if row else {}, now).items() if letters]
    next_at = dt.datetime.fromtimestamp((min(counted) + HOUR + 1) * 60, dt.UTC) if counted else None
    return Standing(limit, waiting, next_at)


def _limit(to_many: bool) -> int:
    limit: int = settings.LETTERS_PER_HOUR
    return max(1, limit - limit // KEPT) if to_many else limit


def _hold() -> Allowance:
    """The one row, which nobody else changes until the end of the transaction."""
    row = Allowance.objects.select_for_update().filter(pk=1).first()
    if row is None:
        Allowance.objects.get_or_create(pk=1)
        row = Allowance.objects.select_for_update().get(pk=1)
    return row


def _minute(moment: dt.datetime) -> int:
    return int(moment.timestamp()) // 60


def _within(minutes: dict[str, int], now: dt.datetime) -> dict[str, int]:
    """What was counted in this minute and the sixty before it: never less than an hour."""
    first = _minute(now) - HOUR
    return {minute: letters for minute, letters in minutes.items() if int(minute) >= first}
