"""Grows the programme of the database at hand to a number of events: python -m tests.bench.grown 10000"""

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


@transaction.atomic
def grow(count: int) -> None:
    missing = count - Event.objects.public().count()
    if missing <= 0:
        return
    parent = Event.objects.public().order_by("pk")[0]
    many(missing, Region.objects.order_by("pk")[0], Objective.objects.order_by("pk")[0], parent)
    now = timezone.now().replace(microsecond=0)
    untold = Event.objects.public().filter(calendar_entry=None)
    CalendarEntry.objects.bulk_create(
        [CalendarEntry(event=event, fingerprint="", stamp=now) for event in untold], batch_size=200
    )


if __name__ == "__main__":
    grow(int(sys.argv[1]))
