"""Looking for people in a list: accents and case do not count, on either database."""

from typing import Any

from django.db.models import Q, QuerySet

from pages.folding import fold

MOST = 5000
"Rows found by folding that a query names one by one; more than that nobody reads."


class FoldedLookup:
    """For a list whose ``search_fields`` are names: "nunez" finds Núñez.

    The database looks for what was typed; the rows that differ by accents
    alone are found here, as neither database folds without an extension.
    """

    is_searching: bool
    search_query: str
    search_fields: list[str]

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.is_searching:
            return queryset
        asked = fold(self.search_query)
        as_typed = Q()
        for name in self.search_fields:
            as_typed |= Q(**{f"{name}__icontains": self.search_query})
        found = []
        rows = queryset.exclude(as_typed).order_by("-pk").prefetch_related(None).values_list("pk", *self.search_fields)
        for pk, *texts in rows.iterator():
            if any(asked in fold(str(text or "")) for text in texts):
                found.append(pk)
                if len(found) == MOST:
                    break
        return queryset.filter(as_typed | Q(pk__in=found))
