"""Keeping: whose time is over, by the days that an event or a question says."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from letters.models import Letter

from ..event import Event
from ..invitation import Invitation
from ..payment import Payment
from ..questions.answer import Answer
from ..questions.question import Question
from ..registration import Registration
from .nobody import DOMAIN
from .terms import DataDefaults, DataTerms
from .traces import unsettled

if TYPE_CHECKING:
    from django.db.models import QuerySet

SOONEST = dt.timedelta(days=1)
"No event keeps its people's data for less."


def last_end(event: Event) -> dt.datetime | None:
    """When the last date known of an event ends; that of a series that goes on for ever moves on with its horizon."""
    last = event.occurrences.aggregate(last=Max("ends_at"))["last"]
    return max((one for one in (event.ends_at, last) if one is not None), default=None)


def ends_of_keeping(event: Event, days: int | None = None) -> dt.datetime | None:
    """Until when its people's data are kept: so many days after its last date, as the event says by default."""
    last = last_end(event)
    kept = DataTerms.of(event).keep_days if days is None else days
    return last + dt.timedelta(days=kept) if last and kept is not None else None


def due(now: dt.datetime | None = None) -> Iterator[Event]:
    """The events whose time is over and of whose people something is known, drafts and cancelled ones too."""
    now = now or timezone.now()
    for event in _with_somebody(now):
        if is_over(event, now):
            yield event


def is_over(event: Event, now: dt.datetime | None = None) -> bool:
    """Whether the time is over for which the data of an event's people are kept."""
    until = ends_of_keeping(event)
    return until is not None and until <= (now or timezone.now())


def _with_somebody(now: dt.datetime) -> "QuerySet[Event]":
    people = Registration.objects.known().filter(event=OuterRef("pk"))
    asked = Invitation.objects.filter(event=OuterRef("pk")).exclude(
        Q(email="") | Q(email__endswith=f"@{DOMAIN}"), name="", note=""
    )
    written = Letter.objects.filter(about=OuterRef("uid")).exclude(recipient="")
    paid = Payment.objects.filter(event=OuterRef("pk")).exclude(payer_email="")
    somebody = Exists(people) | Exists(asked) | Exists(written) | Exists(paid)
    return Event.objects.filter(somebody, ends_at__lte=now - SOONEST).order_by("pk")


def is_unsettled(event: Event) -> bool:
    """Whether money of one of its people is on its way, goes back, is looked at or disputed."""
    return unsettled(Payment.objects.filter(event=event)).exists()


def answers_over(now: dt.datetime | None = None) -> Iterator[tuple[Question, "QuerySet[Answer]"]]:
    """The answers to questions with a shorter time of their own that is over, question by question."""
    now = now or timezone.now()
    questions = Question.objects.filter(Exists(Answer.objects.filter(question=OuterRef("pk"))), keep_days__isnull=False)
    for question in questions.filter(event__ends_at__lte=now).select_related("event").order_by("pk"):
        until = ends_of_keeping(question.event, question.keep_days)
        if until is not None and until <= now:
            yield question, Answer.objects.filter(question=question)


def payments_over(now: dt.datetime | None = None) -> "QuerySet[Payment]":
    """Those that accounts need no more, and that still name somebody."""
    now = now or timezone.now()
    years = DataDefaults.current().payment_years
    before = now.replace(year=now.year - years, day=min(now.day, 28))
    settled = Payment.objects.exclude(pk__in=unsettled(Payment.objects.all()).order_by().values("pk"))
    old = Q(paid_at__lt=before) | Q(paid_at=None, created_at__lt=before)
    return settled.filter(old).exclude(payer_name="")
