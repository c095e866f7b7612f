"""Jobs of the worker: each at its own pace, none stopping the others, every run written down."""

import datetime as dt
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import Error, connection, transaction
from django.utils import timezone

from .models import Heartbeat

log = logging.getLogger(__name__)


class JobFailed(Exception):
    """Part of a job could not be done; the rest was. Says what."""


@dataclass(frozen=True)
class Job:
    """Something done again and again.

    ``run`` does it and says how it went, in a line for the staff; it raises
    ``JobFailed`` for what a person should look at. ``waiting`` says, at little
    cost, whether there is something that should not wait for its turn.
    """

    name: str
    every: dt.timedelta
    run: Callable[[], object]
    waiting: Callable[[], bool] = lambda: False

    def claim(self) -> bool:
        """Whether it is due and this worker is the one to do it."""
        now = timezone.now()
        if Heartbeat.objects.filter(job=self.name, ran_at__gt=now - self.every).exists():
            return False  # without taking a lock
        with transaction.atomic():
            _row, made = Heartbeat.objects.get_or_create(job=self.name, defaults={"ran_at": now})
            return made or bool(
                Heartbeat.objects.filter(job=self.name, ran_at__lte=now - self.every).update(ran_at=now)
            )

    def do(self) -> bool:
        """Run once and write down how it went; False if it failed. A failure never leaves here.

        Raises:
            Error: the database is away, so that nothing could be written down.
        """
        began, failed = time.monotonic(), False
        try:
            outcome = str(self.run())
        except JobFailed as error:
            outcome, failed = str(error), True
        except Exception as error:
            log.exception("The job %s failed.", self.name)
            outcome, failed = f"{type(error).__name__}: {error}", True
            if isinstance(error, Error) and not connection.in_atomic_block:
                connection.close()
        beat(self.name, outcome, failed, dt.timedelta(seconds=time.monotonic() - began))
        return not failed


def beat(job: str, outcome: str, failed: bool = False, took: dt.timedelta = dt.timedelta()) -> None:
    """Write down that a job ran now."""
    Heartbeat.objects.update_or_create(
        job=job, defaults={"ran_at": timezone.now(), "outcome": outcome[:5000], "failed": failed, "took": took}
    )


def alive(job: str) -> None:
    """Say that a job is at work, without touching what it said last."""
    if not Heartbeat.objects.filter(job=job).update(ran_at=timezone.now()):
        beat(job, "")
