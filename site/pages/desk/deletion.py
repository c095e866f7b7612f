"""Deletion that says why it can't be, instead of failing."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.db import models, router
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.views import generic

explanations: dict[type[models.Model], Callable[[Any, list[models.Model]], str | None]] = {}
"Words of a model's own, given the row and what holds it; None for the common ones."

companions: dict[type[models.Model], Callable[[Any], list[type[models.Model]]]] = {}
"What a row takes away with it, given the row: its own ``delete()`` sees to that."


def held_by(row: models.Model) -> list[models.Model]:
    """The rows that refer to this one and keep it from being deleted."""
    collector = Collector(using=router.db_for_write(type(row), instance=row), origin=row)
    try:
        collector.collect([row])
    except ProtectedError as error:
        return list(error.protected_objects)
    except RestrictedError as error:
        return list(error.restricted_objects)
    return []


def refusal(row: models.Model) -> str | None:
    """The sentence that tells staff why a row can't be deleted; None if it can."""
    along = companions[type(row)](row) if type(row) in companions else []
    holders = [holder for holder in held_by(row) if type(holder) not in along]
    if not holders:
        return None
    explain = explanations.get(type(row))
    if explain and (sentence := explain(row, holders)):
        return sentence
    counted = Counter(type(holder) for holder in holders)
    users = [
        f"{count} {model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural}"
        for model, count in counted.items()
    ]
    return _("“%(object)s” can't be deleted, because it is in use: %(users)s.") % {
        "object": row,
        "users": get_text_list(users, _("and")),
    }


def refuse(request: HttpRequest, rows: Iterable[models.Model], back: str) -> HttpResponse | None:
    """Tell of the first row that can't be deleted and lead back; None if all can."""
    for row in rows:
        sentence = refusal(row)
        if sentence:
            messages.error(request, capfirst(sentence))
            return redirect(AdminURLFinder(request.user).get_edit_url(row) or back)
    return None


class KindDeleteView(generic.DeleteView):
    """Leads back with a sentence when something else needs the row."""

    def run_before_hook(self) -> HttpResponse | None:
        return refuse(self.request, [self.object], self.get_success_url()) or super().run_before_hook()
