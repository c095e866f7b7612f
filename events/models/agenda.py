"""Selections of events: what is public, coming, past, in a region, in a language."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import CharField, Exists, OuterRef, Subquery
from django.db.models.functions import Cast, Substr
from django.utils import timezone
from wagtail.search.backends import get_search_backend

from pages.search import words_of
from regions.models import Region

if TYPE_CHECKING:
    from .event import Event  # noqa: F401
    from .occurrence import OccurrenceQuerySet


FOUND_AT_MOST = 1000
"Events that one search looks at: who gets that many will say more."


def _dates() -> "OccurrenceQuerySet":
    from .occurrence import Occurrence

    return Occurrence.objects.filter(event=OuterRef("pk"))


class EventQuerySet(models.QuerySet["Event"]):
    def public(self) -> "EventQuerySet":
        """Those published; drafts and withdrawn ones are not."""
        return self.filter(live=True)

    def taking_place(self) -> "EventQuerySet":
        """Those neither cancelled nor postponed."""
        return self.exclude(status__in=(self.model.Status.CANCELLED, self.model.Status.POSTPONED))

    def upcoming(self, now: dt.datetime | None = None) -> "EventQuerySet":
        """Public, with a date not yet over, by the next such date (``next_at``, an instant)."""
        dates = _dates().filter(ends_at__gt=now or timezone.now()).order_by("starts_at")
        return (
            self.public()
            .annotate(next_at=Subquery(dates.values("starts_at")[:1]))
            .filter(next_at__isnull=False)
            .order_by("next_at", "pk")
        )

    def past(self, now: dt.datetime | None = None, year: int | None = None) -> "EventQuerySet":
        """Public, with a date that is over, by the last such date (``last_at``, an instant), latest first.

        Only the dates that begin in ``year`` count, if given: by the clock at the place.
        """
        dates = _dates().filter(ends_at__lte=now or timezone.now()).order_by("-starts_at")
        if year is not None:
            dates = dates.filter(start_local__gte=dt.datetime(year, 1, 1), start_local__lt=dt.datetime(year + 1, 1, 1))
        return (
            self.public()
            .annotate(last_at=Subquery(dates.values("starts_at")[:1]))
            .filter(last_at__isnull=False)
            .order_by("-last_at", "pk")
        )

    def past_years(self, now: dt.datetime | None = None) -> list[int]:
        """The years, latest first, in which a public event of these had a date that is over."""
        from .occurrence import Occurrence

        years = (
            Occurrence.objects.filter(ends_at__lte=now or timezone.now(), event__in=self.public().order_by())
            .annotate(year=Substr(Cast("start_local", CharField()), 1, 4))
            .order_by()
            .values_list("year", flat=True)
            .distinct()
        )
        return sorted((int(year) for year in years), reverse=True)

    def saying(self, words: str) -> "EventQuerySet":
        """Those in which every word is found, in any language, accents and case aside."""
        words, backend = words_of(words), get_search_backend()
        if not words:
            return self.none()
        published = self.model.objects.filter(live=True).order_by("-starts_at").only("pk")
        for look in (backend.search, backend.autocomplete):
            found = [event.pk for event in look(words, published, order_by_relevance=False)[:FOUND_AT_MOST]]
            if found:
                return self.filter(pk__in=found)
        return self.none()

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

    def in_lists(self) -> "EventQuerySet":
        """With the events that a list names beside each; what has many rows is for the list to gather."""
        return self.select_related("parent", "replacement", "replaces")

    def with_facts(self) -> "EventQuerySet":
        """With everything a page shows, in a number of queries that does not grow."""
        return self.select_related(
            "series", "parent", "replacement", "replaces", "calendar_entry", "photo"
        ).prefetch_related("regions", "objectives", "organisers__organisation", "pools", "tickets")
