"""Selections of events: what is public, coming, past, in a region, in a language."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Subquery
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


def _next(now: dt.datetime | None) -> Subquery:
    return Subquery(_dates().coming(now).values("starts_at")[:1])


class EventQuerySet(models.QuerySet["Event"]):
    def public(self) -> "EventQuerySet":
        """Those published; drafts and withdrawn ones are not."""
        return self.filter(live=True)

    def taking_place(self) -> "EventQuerySet":
        """Those neither cancelled nor postponed."""
        return self.exclude(status__in=(self.model.Status.CANCELLED, self.model.Status.POSTPONED))

    def with_next(self, now: dt.datetime | None = None) -> "EventQuerySet":
        """With ``next_at``, the instant at which the next date that is held begins, or began if it is not yet over."""
        return self.annotate(next_at=_next(now))

    def upcoming(self, now: dt.datetime | None = None) -> "EventQuerySet":
        """Public, with a date ahead that is held, by the next such date (``next_at``, an instant).

        Of a series whose dates ahead are all cancelled there is nothing to announce.
        """
        return self.public().annotate(next_at=_next(now)).filter(next_at__isnull=False).order_by("next_at", "pk")

    def past(self, now: dt.datetime | None = None, year: int | None = None) -> "EventQuerySet":
        """Public, with a date that was held and is over, by the last such one (``last_at``, an instant), latest first.

        Only the dates that begin in ``year`` count, if given: by the clock at the place.
        """
        dates = _dates().taking_place().over(now, year)
        return (
            self.public()
            .annotate(last_at=Subquery(dates.values("starts_at")[:1]))
            .filter(last_at__isnull=False)
            .order_by("-last_at", "pk")
        )

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
        from .window import whole_pools

        return self.select_related(
            "series", "parent", "replacement", "replaces", "continues", "continued_by", "calendar_entry", "photo"
        ).prefetch_related("regions", "objectives", "organisers__organisation", whole_pools(), "tickets")
