"""Loading: what is planned is done in one transaction, all or nothing."""

import datetime as dt
from collections.abc import Callable, Iterable

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from events.models import PublicationLock
from pages.models import Edition

from .. import foundation
from . import ahead
from .events import Events
from .facts import AllSeries, Colleges, Facilities, Goals, Objectives, Organisations, Regions
from .news import Correspondents, News
from .plan import Plan, Step, draw
from .reading import Problem, Programme, ProgrammeRefused
from .shelf import Shelf, messages
from .tickets import Tickets

Progress = Callable[[list[Step]], Iterable[Step]]


def shelves(today: dt.date) -> list[Shelf]:
    """The shelves, each after those it refers to."""
    return [
        Colleges(),
        Goals(),
        Facilities(),
        Objectives(),
        AllSeries(),
        Regions(),
        Organisations(),
        Events(today),
        Tickets(),
        News(),
        Correspondents(),
    ]


def plan(programme: Programme, today: dt.date | None = None) -> Plan:
    """What loading would do; nothing is saved.

    Raises:
        ProgrammeRefused: records are bad; all of them are named.
    """
    with translation.override("en"):
        drawn = draw(programme, shelves(today or timezone.now().date()))
    if drawn.problems:
        raise ProgrammeRefused(drawn.problems)
    return drawn


def load(
    parse: Callable[[], Programme], progress: Progress = lambda steps: steps, today: dt.date | None = None
) -> Plan:
    """Do what is planned, in one transaction; returns what was done.

    The plan is drawn once without holding anybody up. Only where there is
    something to do it is drawn again behind the lock, so that no edit is lost.

    Raises:
        ProgrammeRefused: the file is bad; nothing has been changed.
    """
    drawn = plan(parse(), today)
    if drawn.is_empty:
        return drawn
    with transaction.atomic(), translation.override("en"):
        PublicationLock.hold()
        if not foundation.is_laid():
            foundation.lay()
        drawn = plan(parse(), today)
        for step in progress([step for step in drawn.steps if step.does_something]):
            _take(step, drawn)
        _remember(drawn)
        Edition.bump()
    return drawn


def _take(step: Step, drawn: Plan) -> None:
    shelf, row, library = step.shelf, step.row, drawn.library
    assert row is not None
    if step.added or step.changed:
        shelf.settle(row, step.wanted.values if step.added else step.changed, library)
        try:
            with transaction.atomic():
                shelf.save(row, step.changed, library, added=step.added)
        except ValidationError as error:
            path = step.wanted.record.path
            raise ProgrammeRefused(
                [Problem(f"{path}.{at}" if at else path, why) for at, why in messages(error, shelf.names)]
            ) from error
        except IntegrityError as error:
            raise ProgrammeRefused([Problem(step.wanted.record.path, f"the database refuses it ({error}).")]) from error
        library.add(shelf.kind, step.wanted.key, row)
    step.kept.object_id = str(row.pk)
    step.kept.values = step.values
    step.kept.save()


def _remember(drawn: Plan) -> None:
    moved = next((step.shelf.moved for step in drawn.steps if isinstance(step.shelf, Events)), None)
    if moved is not None:
        ahead.remember(moved)
