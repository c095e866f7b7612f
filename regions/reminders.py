"""Reminders of news that wait too long for an answer."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.models import TaskState

from . import news_letters
from .models import Review
from .reviewing import reviewers


def remind() -> str:
    """Write to those who may answer, once for each item and period it has waited; says how many letters.

    A period is ``REVIEW_REMINDER_DAYS`` long; the worker may ask as often as it likes.
    """
    period = dt.timedelta(days=settings.REVIEW_REMINDER_DAYS)
    now, written = timezone.now(), 0
    waiting = Review.objects.waiting().filter(
        submitted_at__lte=now - period, task_state__status=TaskState.STATUS_IN_PROGRESS
    )
    for review in waiting.select_related("page__locale", "proposer"):
        number = (now - review.submitted_at) // period
        with transaction.atomic():
            for person in reviewers(review.page):
                if person != review.proposer:
                    written += news_letters.remind(review, person, number)
    return f"{written} reminders"
