"""Upkeep: files that no answer has, because the form they came with was never whole or the answer was taken back."""

import logging

from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from events.models.questions.upload import STAGED, Upload

JOB = "uploads"
FOLDER = "answers"
AT_ONCE = 500

log = logging.getLogger(__name__)


def forget_orphans() -> str:
    """Delete uploads that no answer has after a day, and files on the disk that no row names."""
    rows, done = list(Upload.objects.orphaned()[:AT_ONCE]), 0
    for row in rows:
        try:
            with transaction.atomic():
                row.delete()
        except (ProtectedError, IntegrityError):  # answered with at this very moment
            continue
        done += 1
    return f"{done} uploads deleted, {_sweep()} files without a row"


def _sweep() -> int:
    """A process that was killed between a file and its row leaves the file."""
    storage = storages["private"]
    try:
        names = [f"{FOLDER}/{name}" for name in storage.listdir(FOLDER)[1]]
    except FileNotFoundError:
        return 0
    late, swept = timezone.now() - STAGED, 0
    for begin in range(0, len(names), AT_ONCE):
        some = names[begin : begin + AT_ONCE]
        known = set(Upload.objects.filter(file__in=some).values_list("file", flat=True))
        for name in some:
            if name not in known and storage.get_modified_time(name) < late:
                storage.delete(name)
                swept += 1
    return swept
