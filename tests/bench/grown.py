"""Grows the programme of the database at hand to a number of events: python -m tests.bench.grown 10000

With ``past``, events to that number are in the archive, so that one feed holds them all.
"""

import datetime as dt
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
django.setup()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from events.models import CalendarEntry, Event  # noqa: E402
from regions.models import Objective, Region  # noqa: E402
from tests.growth import many  # noqa: E402

AGO = dt.timedelta(days=91)


@transaction.atomic
def grow(count: int, past: bool = False) -> None:
    public = Event.objects.public()
    missing = count - (public.filter(ends_at__lt=timezone.now() - AGO).count() if past else public.count())
    if missing <= 0:
        return
    before = timezone.now() - AGO if past else None
    parent = public.order_by("pk")[0]
    many(missing, Region.objects.order_by("pk")[0], Objective.objects.order_by("pk")[0], parent, before)
    now = timezone.now().replace(microsecond=0)
    untold = Event.objects.public().filter(calendar_entry=None)
    CalendarEntry.objects.bulk_create(
        [CalendarEntry(event=event, fingerprint="", stamp=now) for event in untold], batch_size=200
    )


if __name__ == "__main__":
    grow(int(sys.argv[1]), past="past" in sys.argv)
