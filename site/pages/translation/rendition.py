"""Renditions: how each page of prose stands towards the text it was first written in."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class RenditionQuerySet(models.QuerySet["Rendition"]):
    def of_others(self) -> "RenditionQuerySet":
        """Those that translate another page."""
        return self.filter(source__isnull=False)

    def missing(self) -> "RenditionQuerySet":
        """Nothing public renders the source in this language."""
        return self.of_others().filter(Q(follows=None) | Q(page__live=False))

    def stale(self) -> "RenditionQuerySet":
        """Public, and the source has changed since."""
        return self.of_others().filter(page__live=True, follows__lt=F("source__rendition__changed_at"))

    def wanted(self) -> "RenditionQuerySet":
        """What somebody should translate: missing or stale, of a source that is public."""
        late = Q(follows=None) | Q(page__live=False) | Q(follows__lt=F("source__rendition__changed_at"))
        return self.of_others().filter(late, source__live=True)

    def with_source(self) -> "RenditionQuerySet":
        return self.select_related("source__locale", "source__rendition")


class Rendition(models.Model):
    """One page, and the page it is a translation of.

    The language in which a text was first published is its source: that page has
    no ``source`` and ``changed_at`` tells when its words last changed. Of any
    other page ``follows`` tells up to which of those changes its public text
    goes: nothing while it was never translated.
    """

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="rendition")
    source = models.ForeignKey(Page, null=True, on_delete=models.SET_NULL, related_name="renditions")
    changed_at = models.DateTimeField(null=True)
    follows = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    judged = models.PositiveBigIntegerField(null=True)
    "The published revision that this row takes into account."
    whole = models.PositiveBigIntegerField(null=True)
    "The last revision made here, with nothing left untranslated,"
    whole_of = models.DateTimeField(null=True)
    "and the change of the source that it takes in."

    objects = RenditionQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        constraints = [
            models.CheckConstraint(
                condition=Q(source=None) | Q(changed_at=None), name="rendition_is_source_or_follows"
            ),
            models.CheckConstraint(condition=~Q(source=F("page")), name="rendition_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.page_id} of {self.source_id or 'none'}"

    @property
    def is_source(self) -> bool:
        return self.changed_at is not None

    @property
    def is_told(self) -> bool:
        """Whether the public text of the page is in the page's own language."""
        return self.is_source or self.source_id is None or self.follows is not None

    @property
    def stale_since(self) -> Any:
        """When the source changed, where the public text does not follow; else None."""
        if self.source_id is None or self.follows is None:
            return None
        changed = _changed_at(self.source)
        return changed if changed and changed > self.follows else None


def _changed_at(source: Page | None) -> Any:
    rendition = getattr(source, "rendition", None) if source is not None else None
    return rendition.changed_at if rendition else None
