"""Selections of events: what is public, coming, past, in a region, in a language."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, Max, Min, OuterRef, Q
from django.utils import timezone

from regions.models import Region

if TYPE_CHECKING:
    from .event import Event  # noqa: F401


class EventQuerySet(models.QuerySet["Event"]):
    def public(self) -> "EventQuerySet":
        """Those published; drafts and withdrawn ones are not."""
        return self.filter(live=True)

    def upcoming(self, now: dt.datetime | None = None) -> "EventQuerySet":
        """Public, with a date not yet over, by the next such date (``next_at``, ``next_ends_at``)."""
        now = now or timezone.now()
        ahead = Q(occurrences__ends_at__gt=now)
        return (
            self.public()
            .annotate(
                next_at=Min("occurrences__starts_at", filter=ahead),
                next_ends_at=Min("occurrences__ends_at", filter=ahead),
            )
            .filter(next_at__isnull=False)
            .order_by("next_at", "pk")
        )

    def past(self, now: dt.datetime | None = None) -> "EventQuerySet":
        """Public, with a date that is over, by the last such date (``last_at``), latest first."""
        now = now or timezone.now()
        behind = Q(occurrences__ends_at__lte=now)
        return (
            self.public()
            .annotate(last_at=Max("occurrences__starts_at", filter=behind))
            .filter(last_at__isnull=False)
            .order_by("-last_at", "pk")
        )

    def in_region(self, code: str) -> "EventQuerySet":
        """In a region or one of its sub-regions; none if there is no such region."""
        through = self.model.regions.through
        inside = through.objects.filter(event_id=OuterRef("pk"), region_id__in=Region.subtree(code))
        return self.filter(Exists(inside))

    def of_kind(self, kind: str) -> "EventQuerySet":
        return self.filter(kind=kind)

    def spoken_in(self, language: str) -> "EventQuerySet":
        return self.filter(languages__contains=f",{language},")

    def in_format(self, chosen: str) -> "EventQuerySet":
        """A hybrid event is found both on site and online."""
        return self.filter(format__in=[chosen, "hybrid"])

    def towards(self, objective: str) -> "EventQuerySet":
        """Working towards a strategic objective ("D2") or any of a goal's ("D")."""
        through = self.model.objectives.through
        chosen = through.objects.filter(event_id=OuterRef("pk"), objective__code__startswith=objective)
        return self.filter(Exists(chosen))

    def with_facts(self) -> "EventQuerySet":
        """With everything a list or a page shows, in a number of queries that does not grow."""
        return self.select_related("series", "parent", "replacement", "replaces", "calendar_entry").prefetch_related(
            "regions", "objectives", "organisers__organisation"
        )
