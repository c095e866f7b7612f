"""What an import last wrote, so that the next one tells its own words from people's."""

from django.db import models


class Imported(models.Model):
    """A record of an imported file: the row it became and the values written then.

    ``kind`` and ``key`` name the record in the file, ``object_id`` is the primary
    key of its row. A field that differs from ``values`` has been edited since, and
    is left alone. Values are in the form of the file, references as keys.
    """

    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=200)
    object_id = models.CharField(max_length=64, blank=True)
    values = models.JSONField(default=dict)

    class Meta:
        ordering = ["kind", "key"]
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="imported_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
