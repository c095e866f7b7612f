"""The dates of a demonstration's series that are not as their rule says: one moved, one that is not held."""

import datetime as dt

from i18nfield.strings import LazyI18nString

from events.models import Event, EventException

MOVED = LazyI18nString(
    {
        "fr": "Avancé d’un jour, à cause d’un jour férié.",
        "en": "A day earlier, because of a public holiday.",
        "es": "Un día antes, por ser festivo.",
    }
)
CANCELLED = LazyI18nString(
    {
        "fr": "Nous nous retrouvons à la date suivante.",
        "en": "We meet again on the next date.",
        "es": "Nos vemos en la fecha siguiente.",
    }
)
DAY = dt.timedelta(days=1)


def except_some() -> int:
    """Move the third date still to come of each example series by a day, cancel the fourth; returns how many."""
    excepted = 0
    for event in Event.objects.public().filter(is_demo=True).order_by("pk"):
        coming = list(event.occurrences.coming()[:4]) if event.recurs else []
        if len(coming) < 4 or event.exceptions.exists():
            continue
        moved, cancelled = coming[2:]
        event.exceptions.add(
            EventException(
                day=moved.original.date(),
                start_local=moved.start_local - DAY,
                end_local=moved.end_local - DAY,
                note=MOVED,
            ),
            EventException(day=cancelled.original.date(), is_cancelled=True, note=CANCELLED),
        )
        event.save_revision().publish()
        excepted += 1
    return excepted
