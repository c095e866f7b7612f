"""Carrying: letters leave one by one, at least once, whatever dies on the way."""

import datetime as dt
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from smtplib import SMTPDataError, SMTPNotSupportedError, SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.db import Error, connection, transaction
from django.utils import timezone

from . import allowance, bounces
from .models import Letter
from .writing import write

log = logging.getLogger(__name__)

DELAYS = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240, 480, 720, 1200)]
"How long a letter waits after each failure: two days in all, then it is given up and shown to the staff."
PATIENCE = (1, 2, 4, 8, 16, 32)
"Seconds between tries to write down what became of a letter, all within its lease."
NO_LONGER_TRUE = "No longer true: not sent."
THIS_LETTER = (SMTPRecipientsRefused, SMTPDataError, SMTPNotSupportedError)
"What a server that can be reached has against one letter."
UNREACHABLE = 3
"After so many failures in a row to reach the mail server a round ends, so that other jobs get their turn."


@dataclass
class Round:
    """What one round of carrying did."""

    sent: int = 0
    failed: int = 0
    abandoned: int = 0
    undeliverable: int = 0
    withdrawn: int = 0

    def __str__(self) -> str:
        return (
            f"{self.sent} sent, {self.undeliverable} undeliverable, {self.abandoned} given up, "
            f"{self.withdrawn} no longer true"
        )


def carry(stop: Callable[[], bool] = lambda: False, beat: Callable[[], None] = lambda: None) -> Round:
    """Send the letters that are due, one after the other, until none is left or ``stop()``.

    Two workers never take the same letter. One that dies with a letter in hand
    loses nothing: the letter is due again when its lease has run out.
    """
    done, unreachable = Round(), 0
    post = get_connection(settings.LETTERS_BACKEND)
    try:
        while not stop() and unreachable < UNREACHABLE:
            letter = claim()
            if letter is None:
                break
            try:
                _deliver(letter, post, done)
                unreachable = 0
            except THIS_LETTER as refused:
                _refused(letter, refused, done)
                _hang_up(post)
            except OSError as error:
                unreachable += 1
                _failed(letter, error, done)
                _hang_up(post)
            except Exception as error:  # noqa: BLE001 - one bad letter must not stop the others
                _failed(letter, error, done)
            beat()
    finally:
        _hang_up(post)
    return done


def due() -> bool:
    """Whether a letter may leave now."""
    letter = Letter.objects.due().only("to_many").first()
    return letter is not None and allowance.left(letter.to_many) > 0


def claim() -> Letter | None:
    """One letter that is due, held for a lease longer than any exchange with the mail server.

    None, too, while as many have left within the hour as may.
    """
    with transaction.atomic():
        due = Letter.objects.due()
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        letter = due.first()
        if letter is None or not allowance.take(letter.to_many):
            return None
        letter.due_at = timezone.now() + dt.timedelta(seconds=settings.LETTER_LEASE)
        letter.attempts += 1
        letter.save(update_fields=["due_at", "attempts"])
        return letter


def _deliver(letter: Letter, post: Any, done: Round) -> None:
    known = letter.facts
    try:
        message = write(letter)
        if letter.facts != known:  # the next attempt says the very same
            Letter.objects.waiting().filter(pk=letter.pk).update(facts=letter.facts)
        if message is not None:
            post.open()
    except Exception:
        allowance.give_back()
        raise
    if message is None:
        allowance.give_back()
        _mark(letter, abandoned_at=timezone.now(), ending=Letter.Ending.WITHDRAWN, last_error=NO_LONGER_TRUE)
        done.withdrawn += 1
        return
    message.connection = post
    message.send()
    _mark(letter, sent_at=timezone.now(), last_error="")
    done.sent += 1


def _mark(letter: Letter, **fields: Any) -> None:
    """Write it down at once; if the database is away for a moment, insist."""
    row = Letter.objects.waiting().filter(pk=letter.pk)  # not if it was emptied or withdrawn meanwhile
    for seconds in PATIENCE:
        try:
            row.update(**fields)
        except Error:
            if connection.in_atomic_block:
                raise
            log.warning("The database is away; what became of letter %s is not written down yet.", letter.uid)
            connection.close()
            time.sleep(seconds)
        else:
            return
    row.update(**fields)


def _refused(letter: Letter, error: Exception, done: Round) -> None:
    """The server took none of it: for good, or for this time."""
    reason = bounces.refusal(error)
    if not reason:
        _failed(letter, error, done)
        return
    log.warning("Letter %s (%s) is refused for good: %s", letter.uid, letter.kind, type(error).__name__)
    _mark(letter, abandoned_at=timezone.now(), ending=Letter.Ending.UNDELIVERABLE, last_error=reason)
    done.undeliverable += 1


def _failed(letter: Letter, error: Exception, done: Round) -> None:
    """Put the letter off, longer each time, and in the end give it up."""
    name = type(error).__name__
    said = f"{name}: {error}"[:2000]  # for the staff; a log shows no address
    log.warning("Letter %s (%s) did not leave at attempt %s: %s", letter.uid, letter.kind, letter.attempts, name)
    if letter.attempts > len(DELAYS):
        done.abandoned += 1
        _mark(letter, abandoned_at=timezone.now(), last_error=said)
        return
    done.failed += 1
    _mark(letter, due_at=timezone.now() + DELAYS[letter.attempts - 1], last_error=said)


def _hang_up(post: Any) -> None:
    try:
        post.close()
    except OSError:
        log.debug("The mail server had hung up already.")
