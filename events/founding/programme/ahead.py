"""Ahead: example events are moved by whole weeks, so that coming ones lie ahead of the day they are loaded."""

import datetime as dt

from events.models import Imported

STEP = dt.timedelta(days=364)
"52 weeks: an example keeps its weekday and, nearly, its season."


def needed(earliest: dt.datetime, today: dt.date) -> dt.timedelta:
    """By how much, in whole steps, the earliest example must move to lie ahead of a day."""
    moved = dt.timedelta()
    while (earliest + moved).date() <= today:
        moved += STEP
    return moved


def remembered() -> dt.timedelta | None:
    """By how much the examples were moved when they were first loaded; None before that."""
    kept = Imported.objects.filter(kind="programme", key="examples").first()
    return dt.timedelta(days=kept.values["moved_by_days"]) if kept else None


def remember(moved: dt.timedelta) -> None:
    """Keep the distance, so that loading again moves nothing."""
    Imported.objects.get_or_create(kind="programme", key="examples", defaults={"values": {"moved_by_days": moved.days}})
