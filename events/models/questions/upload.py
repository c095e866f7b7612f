"""Uploads: files that people sent with their answers, kept where no web server looks."""

import datetime as dt
import uuid
from typing import Any

from django.core.files.storage import storages
from django.db import models
from django.db.models import Exists, OuterRef, Sum
from django.utils import timezone

STAGED = dt.timedelta(days=1)
"How long a file waits for the form that it was sent with to be whole."


def _storage() -> Any:
    return storages["private"]


def _place(upload: "Upload", name: str) -> str:
    return f"answers/{upload.uid.hex}"


class UploadQuerySet(models.QuerySet["Upload"]):
    def orphaned(self) -> "UploadQuerySet":
        """Those that no answer has, and for which no form is waited any more."""
        from .answer import Answer

        kept = Exists(Answer.objects.filter(upload=OuterRef("pk")))
        return self.filter(~kept, created_at__lt=timezone.now() - STAGED)

    def waiting_bytes(self) -> int:
        """How much all those take together that no answer has yet."""
        from .answer import Answer

        kept = Exists(Answer.objects.filter(upload=OuterRef("pk")))
        return self.filter(~kept).aggregate(all=Sum("size"))["all"] or 0

    def discard(self) -> int:
        """Delete these rows, and then their files; how many."""
        rows = list(self)
        for row in rows:
            row.delete()
        return len(rows)


class Upload(models.Model):
    """One file, checked by its content. Its name on the disk says nothing; it leaves through a permission check."""

    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    question = models.ForeignKey("events.Question", on_delete=models.PROTECT, related_name="uploads")
    file = models.FileField(storage=_storage, upload_to=_place, max_length=100)
    name = models.CharField(max_length=150, help_text="As the person called it, without a path.")
    type = models.CharField(max_length=40, help_text="Of its content: application/pdf, image/jpeg, image/png.")
    size = models.PositiveIntegerField(help_text="Bytes.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of its bytes.")
    created_at = models.DateTimeField(default=timezone.now)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.uid)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """The row, and the file once that is committed: a file is never missing where a row names it."""
        from django.db import transaction

        name, storage = str(self.file.name), self.file.storage
        gone = super().delete(*args, **kwargs)
        transaction.on_commit(lambda: storage.delete(name))
        return gone
